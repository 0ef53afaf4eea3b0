import type { AccessState } from '../contract/engine-api.ts';
import { InputError } from '../contract/errors.ts';
import { microsToMillis } from '../contract/units.ts';
import type { Clock } from '../ports/clock.ts';

/** Refused origins remembered for the operator; the one refused longest ago makes room. */
export const refusedOriginsMax = 32;
export const allowedOriginsMax = 64;

interface AccessListOptions {
  readonly clock: Clock;
  /** as kept from before; what does not read as an origin is left out */
  readonly allowed: readonly string[];
  /** keeps the list for the next start; the answer waits for it */
  readonly keep: (allowed: readonly string[]) => Promise<void>;
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
}

export function createAccessList({ clock, allowed: before, keep, onChange }: AccessListOptions): AccessList {
  const allowed = new Set(before.filter(isOrigin));
  const refused = new Map<string, AccessState['refusedOrigins'][number]>();
  const state = (): AccessState => ({
    allowedOrigins: [...allowed],
    refusedOrigins: [...refused.values()].toReversed(),
  });
  return {
    allows: (origin) => allowed.has(origin),
    refused: (origin) => {
      const count = (refused.get(origin)?.count ?? 0) + 1;
      refused.delete(origin);
      const oldest = refused.size >= refusedOriginsMax ? refused.keys().next() : undefined;
      if (oldest && !oldest.done) refused.delete(oldest.value);
      refused.set(origin, { origin, count, lastAt: microsToMillis(clock.nowMicros()) });
      onChange(state());
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
  };
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
