import { randomBytes } from 'node:crypto';
import { InputError, LimitError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';

/** Logins that may be between their two turns at once, of all and of one source. */
export const exchangesMax = 64;
export const exchangesOfOneMax = 8;
/** Who does not come back within this has failed. */
export const exchangeLasts = millis(60_000);

interface Exchange<T> {
  readonly peer: string;
  readonly what: T;
  readonly fail: () => void;
  readonly cancel: Cancel;
}

/** What the engine keeps of a login between its two turns. Each is taken once, by the source that began it. */
export interface LoginExchanges<T> {
  /** Refuses before anything is computed. @throws LimitError 'too-many-items' */
  require(peer: string): void;
  /** @param fail called once, unless it is taken before it ends @returns its id, 128 random bits */
  keep(peer: string, what: T, fail: () => void): string;
  /** @throws InputError 'access-refused' for one that is not there, was taken, has ended, or is of another source */
  take(id: string, peer: string): T;
  /** All have failed. */
  close(): void;
}

export function createLoginExchanges<T>(clock: Clock): LoginExchanges<T> {
  const exchanges = new Map<string, Exchange<T>>();
  return {
    require: (peer) => {
      const ofPeer = [...exchanges.values()].filter((each) => each.peer === peer).length;
      if (exchanges.size < exchangesMax && ofPeer < exchangesOfOneMax) return;
      throw new LimitError('too-many-items', 'Too many are logging in at this moment. Try again in a minute.');
    },
    keep: (peer, what, fail) => {
      const id = randomBytes(16).toString('base64url');
      const end = (): void => {
        exchanges.delete(id);
        fail();
      };
      exchanges.set(id, { peer, what, fail, cancel: clock.after(exchangeLasts, end) });
      return id;
    },
    take: (id, peer) => {
      const found = exchanges.get(id);
      if (found?.peer !== peer) throw new InputError('access-refused', 'This login has ended. Begin again.');
      exchanges.delete(id);
      found.cancel();
      return found.what;
    },
    close: () => {
      for (const { cancel, fail } of exchanges.values()) {
        cancel();
        fail();
      }
      exchanges.clear();
    },
  };
}
