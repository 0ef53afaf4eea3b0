import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';

/** A message, or any part of one, as plain data: a WireValue hides its bytes from `toEqual`, so here they are. */
export function plain(part: unknown): unknown {
  if (part instanceof WireValue) return { code: part.code, data: toHex(part.data) };
  if (Array.isArray(part)) return part.map(plain);
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, plain(item)]));
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}
