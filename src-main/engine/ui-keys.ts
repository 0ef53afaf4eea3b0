import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Micros } from '../contract/units.ts';
import type { Clock } from '../ports/clock.ts';

/** Wrong secrets in a minute before all are refused for the rest of it, the right one too. */
export const wrongSecretsMax = 20;
const minute = 60_000_000;

/** The way into the interface on this machine: the one-time secret in the printed URL, or the key that programs of this
 *  user find in the data folder. Both are 256 random bits, compared by hash in constant time. */
export interface UiKeys {
  /** The secret of the next browser. It stays the same until it is used. */
  secret(): string;
  /** For programs that may read the data folder; it is not used up. */
  readonly localKey: string;
  /** Uses the secret up. @returns whether it lets in, or why it was refused */
  redeem(secret: string): 'in' | 'wrong' | 'too-many';
}

export function createUiKeys(clock: Clock, onUsed: () => void = () => undefined): UiKeys {
  let current = randomKey();
  const localKey = randomKey();
  let wrong = 0;
  let windowEnds: Micros | number = 0;
  return {
    secret: () => current,
    localKey,
    redeem: (secret) => {
      const now = clock.nowMicros();
      if (now >= windowEnds) {
        wrong = 0;
        windowEnds = now + minute;
      }
      if (wrong >= wrongSecretsMax) return 'too-many';
      if (same(secret, localKey)) return 'in';
      if (!same(secret, current)) {
        wrong++;
        return 'wrong';
      }
      current = randomKey();
      onUsed();
      return 'in';
    },
  };
}

function randomKey(): string {
  return randomBytes(32).toString('base64url');
}

function same(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
