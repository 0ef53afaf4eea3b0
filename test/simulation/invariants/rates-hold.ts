import { matches, parseAddress, parsePattern } from '../../../src-main/contract/address.ts';
import type { Departure, Watch } from '../observation.ts';
import type { ActorPlan } from '../scenario.ts';
import { Pace } from './pace.ts';
import type { Complain, Invariant } from './invariant.ts';

/** Where everything that covers an address has a maxRate, its values come no faster than the highest of them. Params that are
 *  ever locked tell of it at once. */
export function ratesHold(complain: Complain, plans: readonly ActorPlan[]): Invariant {
  const pace = new Pace();
  const everLocked = new Set<string>();
  return {
    see: (seen) => {
      if (seen.what === 'accepted' && seen.accepted.locks) everLocked.add(seen.accepted.address);
      if (seen.what !== 'left the router' || !seen.isPlain) return;
      const { who, session, address, kind, at } = seen;
      if (everLocked.has(address)) return;
      const rate = rateOf(seen, plans.find((plan) => plan.who === who)?.watches ?? []);
      if (rate !== undefined && !pace.isKept(`${session} ${kind} ${address}`, at, rate))
        complain(`actor ${who} was given ${kind} ${address} faster than ${rate} Hz`);
    },
  };
}

type Wish = Pick<Watch, 'pattern'> & { readonly maxRate?: number; readonly epsilon?: number };

function rateOf({ kind, address }: Departure, watches: readonly Wish[]): number | undefined {
  if (kind !== 'param' && kind !== 'stream') return undefined;
  const covering = watches.filter(({ pattern }) => matches(parsePattern(pattern), parseAddress(address)));
  const rates = covering.map(({ maxRate }) => maxRate ?? Infinity);
  const highest = Math.max(...rates);
  return Number.isFinite(highest) && highest > 0 ? highest : undefined;
}
