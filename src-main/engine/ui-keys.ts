import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Micros } from '../contract/units.ts';
import type { Clock } from '../ports/clock.ts';

/** Browsers that may be let in at once; the one that came in longest ago is let go. */
export const uiSessionsMax = 32;
/** Wrong secrets in a minute before all are refused for the rest of it, the right one too. */
export const wrongSecretsMax = 20;
const minute = 60_000_000;

/** The way into the interface: a one-time secret in the printed URL buys a session that lives as long as the engine.
 *  Secrets and sessions are 256 random bits; they are compared by hash, in constant time. */
export interface UiKeys {
  /** The secret of the next browser. It stays the same until it is used. */
  secret(): string;
  /** Uses the secret up. @returns the session's token, or why it was refused */
  redeem(secret: string): { readonly token: string } | { readonly refused: 'wrong' | 'too-many' };
  isSession(token: string | undefined): boolean;
}

export function createUiKeys(clock: Clock, onUsed: () => void = () => undefined): UiKeys {
  let current = randomKey();
  const sessions: string[] = [];
  let wrong = 0;
  let windowEnds: Micros | number = 0;
  return {
    secret: () => current,
    redeem: (secret) => {
      const now = clock.nowMicros();
      if (now >= windowEnds) {
        wrong = 0;
        windowEnds = now + minute;
      }
      if (wrong >= wrongSecretsMax) return { refused: 'too-many' };
      if (!same(secret, current)) {
        wrong++;
        return { refused: 'wrong' };
      }
      current = randomKey();
      const token = randomKey();
      sessions.push(token);
      if (sessions.length > uiSessionsMax) sessions.shift();
      onUsed();
      return { token };
    },
    isSession: (token) => token !== undefined && sessions.some((session) => same(token, session)),
  };
}

function randomKey(): string {
  return randomBytes(32).toString('base64url');
}

function same(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
