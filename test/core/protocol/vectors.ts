import { readFileSync } from 'node:fs';
import type { Qos } from '../../../src-main/core/protocol/messages.ts';
import type { NpmMessage } from './npm-message.ts';

interface Vector {
  readonly id: string;
  readonly desc: string;
  readonly hex: string;
  readonly input?: NpmMessage;
  readonly opts?: { readonly qos?: number; readonly timestamp?: string };
  readonly npm?: { readonly ok?: NpmMessage; readonly error?: string };
}

/** The golden frames. @see test/fixtures/clasp-vectors.md */
export const vectors: readonly Vector[] = JSON.parse(
  readFileSync(new URL('../../fixtures/clasp-vectors.json', import.meta.url), 'utf8'),
  revive,
) as Vector[];

export const qosNames: readonly Qos[] = ['fire', 'confirm', 'commit'];

export function vector(id: string): Vector {
  const found = vectors.find((one) => one.id === id);
  if (!found) throw new Error(`There is no vector ${id}.`);
  return found;
}

function revive(key: string, value: unknown): unknown {
  if (key === 'value' && value === '+Infinity') return Number.POSITIVE_INFINITY;
  if (typeof value !== 'object' || value === null || !('$bytes' in value)) return value;
  return new Uint8Array(Buffer.from(String(value.$bytes), 'hex'));
}
