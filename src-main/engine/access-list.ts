import type { AccessState } from '../contract/engine-api.ts';
import { InputError } from '../contract/errors.ts';
import type { Cancel } from '../contract/message-link.ts';
import { microsToMillis, millis } from '../contract/units.ts';
import { NewestMap } from '../core/bounds/newest-map.ts';
import type { Clock } from '../ports/clock.ts';
import { cutText } from '../contract/cut-text.ts';

/** Refused origins remembered for the operator; the one refused longest ago makes room. */
export const refusedOriginsMax = 32;
export const allowedOriginsMax = 64;
/** A refused origin is kept up to this many characters; a longer one ends in `…` and can so never be allowed. */
export const refusedOriginLengthMax = 255;
/** While refusals keep coming, the list is told this often. */
export const refusalsToldEveryMs = millis(500);

interface AccessListOptions {
  readonly clock: Clock;
  /** as kept from before; what does not read as an origin is left out */
  readonly allowed: readonly string[];
  /** keeps the list for the next start; the answer waits for it */
  readonly keep: (allowed: readonly string[]) => Promise<void>;
  /** at once for what the operator changed; for refusals at most every `refusalsToldEveryMs` */
  readonly onChange: (state: AccessState) => void;
}

/** Which web pages, beside this machine's own, may open a CLASP connection. It belongs to the machine, not to a show:
 *  opening somebody's show must not open a door. */
export interface AccessList {
  allows(origin: string): boolean;
  refused(origin: string): void;
  /** @throws InputError 'bad-arguments' unless `scheme://host[:port]` */
  allow(origin: string): Promise<AccessState>;
  forbid(origin: string): Promise<AccessState>;
  state(): AccessState;
  /** Tells no more refusals. */
  close(): void;
}

export function createAccessList({ clock, allowed: before, keep, onChange }: AccessListOptions): AccessList {
  const allowed = new Set(before.filter(isOrigin));
  const refused = new NewestMap<string, AccessState['refusedOrigins'][number]>(refusedOriginsMax);
  const state = (): AccessState => ({
    allowedOrigins: [...allowed],
    refusedOrigins: [...refused.values()].toReversed(),
  });
  const refusals = createPacedTelling(clock, () => {
    onChange(state());
  });
  return {
    allows: (origin) => allowed.has(origin),
    refused: (asked) => {
      const origin = cutText(asked, refusedOriginLengthMax);
      const count = (refused.get(origin)?.count ?? 0) + 1;
      refused.set(origin, { origin, count, lastAt: microsToMillis(clock.nowMicros()) });
      refusals.tell();
    },
    allow: async (origin) => {
      if (!isOrigin(origin)) {
        throw new InputError('bad-arguments', 'An origin is written https://example.org or http://10.0.0.5:8080.', {
          origin,
        });
      }
      if (allowed.size >= allowedOriginsMax)
        throw new InputError('bad-arguments', `At most ${allowedOriginsMax} origins.`);
      await keep([...allowed, origin]);
      allowed.add(origin);
      refused.delete(origin);
      onChange(state());
      return state();
    },
    forbid: async (origin) => {
      await keep([...allowed].filter((each) => each !== origin));
      allowed.delete(origin);
      onChange(state());
      return state();
    },
    state,
    close: () => {
      refusals.close();
    },
  };
}

/** The first is told at once; what comes within `refusalsToldEveryMs` is told together at its end. */
function createPacedTelling(clock: Clock, run: () => void): { tell(): void; close(): void } {
  let quiet: Cancel | undefined;
  let isDue = false;
  const tell = (): void => {
    isDue = quiet !== undefined;
    if (isDue) return;
    quiet = clock.after(refusalsToldEveryMs, () => {
      quiet = undefined;
      if (isDue) tell();
    });
    run();
  };
  return { tell, close: () => quiet?.() };
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
