import { encode } from '@msgpack/msgpack';
import { decodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { plain } from './plain-message.ts';

/** A legacy frame of this map, packed by the library @msgpack/msgpack. */
export function legacyFrame(map: Readonly<Record<string, unknown>>): Uint8Array {
  const payload = encode(map, { useBigInt64: true });
  return Uint8Array.from([0x53, 0x40, payload.length >> 8, payload.length & 0xff, ...payload]);
}

/** What our decoder makes of it, as plain data. */
export function legacy(map: Readonly<Record<string, unknown>>): unknown {
  return plain(decodeFrame(legacyFrame(map)).message);
}
