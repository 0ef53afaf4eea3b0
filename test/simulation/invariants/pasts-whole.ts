import { matches, parseAddress, parsePattern } from '../../../src-main/contract/address.ts';
import type { Accepted, Heard } from '../observation.ts';
import type { Complain, Invariant } from './invariant.ts';

interface Past {
  /** of the last that was heard, among all accepted */
  last: number;
  count: number;
  isOver: boolean;
}

/** The past that a subscription asked for comes in the order in which it was accepted, each once, no more than was asked for,
 *  before all that is live, and no event is missing between its last and the first live one. */
export function pastsWhole(complain: Complain): Invariant {
  const all: Accepted[] = [];
  const pasts = new Map<string, Past>();
  return {
    see: (seen) => {
      if (seen.what === 'accepted') all.push(seen.accepted);
      else if (seen.what === 'heard of the past') heardOfThePast(seen);
      else if (seen.what === 'heard' && !seen.isSnapshot && seen.token !== undefined) heard(seen);
    },
  };

  function heardOfThePast(seen: Heard): void {
    const past = pasts.get(keyOf(seen)) ?? { last: -1, count: 0, isOver: false };
    pasts.set(keyOf(seen), past);
    past.count++;
    if (past.isOver) complain(`${nameOf(seen)} is past and came behind what is live`);
    if (past.count > (seen.watch.history ?? 0)) complain(`${nameOf(seen)} is more of the past than was asked for`);
    if (seen.token === undefined) return;
    const place = placeOf(seen, past.last + 1);
    if (place < 0) complain(`${nameOf(seen)} came twice, out of order, or was never accepted`);
    else past.last = place;
  }

  function heard(seen: Heard): void {
    const past = pasts.get(keyOf(seen));
    if (!past || past.isOver || past.last < 0) return;
    past.isOver = true;
    if (seen.kind !== 'event') return;
    const place = placeOf(seen, past.last + 1);
    if (place < 0) return complain(`${nameOf(seen)} was past already, or never accepted`);
    const pattern = parsePattern(seen.watch.pattern);
    const missing = all.slice(past.last + 1, place).find((one) => {
      const isTheirs = one.session === seen.session;
      return one.kind === 'event' && !isTheirs && one.life === seen.life && matches(pattern, parseAddress(one.address));
    });
    if (missing) complain(`${nameOf(seen)} came without event ${missing.address} ${String(missing.token)} before it`);
  }

  function placeOf({ token, address, kind, revision }: Heard, from: number): number {
    return all.findIndex(
      (one, place) =>
        place >= from &&
        one.token === token &&
        one.address === address &&
        one.kind === kind &&
        one.revision === revision,
    );
  }
}

function keyOf({ session, watch }: Heard): string {
  return `${session} ${watch.number}`;
}

function nameOf({ who, kind, address, token }: Heard): string {
  return `actor ${who}: ${kind} ${address} ${String(token)}`;
}
