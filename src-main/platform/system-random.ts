import { randomBytes, randomUUID } from 'node:crypto';
import type { Random } from '../ports/random.ts';

/** Chance from the system's generator. */
export function createSystemRandom(): Random {
  return {
    // 53 bits: as many as a number between 0 and 1 can tell apart.
    fraction: () => Number(randomBytes(8).readBigUInt64BE() >> 11n) / 2 ** 53,
    uuid: () => randomUUID(),
  };
}
