import { matches, parseAddress, parsePattern } from '../../../src-main/contract/address.ts';
import type { Accepted, Heard, Observation, Ready, Token } from '../observation.ts';
import type { Complain, Invariant } from './invariant.ts';

interface Past {
  /** of the last that was heard, among all accepted */
  last: number;
  count: number;
  isOver: boolean;
  readonly events: Set<Token>;
}

export interface PastConditions {
  /** the router's clock was set, so times say nothing */
  readonly isJumpy: () => boolean;
  /** what happened in a life of the router is given whatever the disk does */
  readonly isInMemory: boolean;
}

/** The past that a subscription asked for comes in the order in which it was accepted, each once, no more and nothing older
 *  than was asked for, before all that is live, and no event is missing within it, nor between its last and the first live
 *  one. */
export class PastsWhole implements Invariant {
  readonly #complain: Complain;
  readonly #conditions: PastConditions;
  readonly #all: Accepted[] = [];
  readonly #pasts = new Map<string, Past>();
  readonly #joinedAt = new Map<string, number>();
  /** the session in which each actor asked for the first time */
  readonly #firstSession = new Map<number, string>();

  constructor(complain: Complain, conditions: PastConditions) {
    this.#complain = complain;
    this.#conditions = conditions;
  }

  see(seen: Observation): void {
    if (seen.what === 'accepted') this.#all.push(seen.accepted);
    else if (seen.what === 'joined') {
      this.#joinedAt.set(seen.session, seen.at);
      if (!this.#firstSession.has(seen.who)) this.#firstSession.set(seen.who, seen.session);
    } else if (seen.what === 'ready') this.#ready(seen);
    else if (seen.what === 'heard of the past') this.#heardOfThePast(seen);
    else if (seen.what === 'heard' && !seen.isSnapshot && seen.token !== undefined) this.#heard(seen);
  }

  #heardOfThePast(seen: Heard): void {
    const past = this.#pasts.get(keyOf(seen)) ?? { last: -1, count: 0, isOver: false, events: new Set() };
    this.#pasts.set(keyOf(seen), past);
    past.count++;
    const { history = Infinity } = seen.watch;
    if (past.isOver) this.#complain(`${nameOf(seen)} is past and came behind what is live`);
    if (past.count > history) this.#complain(`${nameOf(seen)} is more of the past than was asked for`);
    if (seen.token === undefined) return;
    const place = this.#placeOf(seen, past.last + 1);
    if (place < 0) return this.#complain(`${nameOf(seen)} came twice, out of order, or was never accepted`);
    if (past.last >= 0 && this.#isUnique(past.last)) this.#complainOfMissing(seen, past.last, place);
    if (this.#isUnique(place) && this.#isTooOld(seen, this.#all[place]))
      this.#complain(`${nameOf(seen)} is older than was asked for`);
    past.last = place;
    if (seen.kind === 'event') past.events.add(seen.token);
  }

  #heard(seen: Heard): void {
    const past = this.#pasts.get(keyOf(seen));
    if (!past || past.isOver || past.last < 0) return;
    past.isOver = true;
    if (seen.kind !== 'event') return;
    const place = this.#placeOf(seen, past.last + 1);
    if (place < 0) return this.#complain(`${nameOf(seen)} was past already, or never accepted`);
    this.#complainOfMissing(seen, past.last, place);
  }

  /** By now the past has come, whatever of its time had passed when it was asked for. */
  #ready(seen: Ready): void {
    const { session, at, watch } = seen;
    const { window, history = Infinity, pattern } = watch;
    const { isJumpy, isInMemory } = this.#conditions;
    const joined = this.#joinedAt.get(session);
    if (window === undefined || joined === undefined || isJumpy() || !isInMemory) return;
    // What was given once is not asked for again.
    if (this.#firstSession.get(seen.who) !== session) return;
    const past = this.#pasts.get(keyOf(seen));
    if ((past?.count ?? 0) >= history) return;
    const missing = this.#all.find((one) => {
      const isMeant = isEventFor(one, seen, pattern) && one.at >= at - window * 1000 && one.at < joined;
      return isMeant && !past?.events.has(one.token ?? 0);
    });
    if (missing) this.#complain(`actor ${seen.who}: the past lacks event ${missing.address} ${String(missing.token)}`);
  }

  /** It was asked for behind the WELCOME. */
  #isTooOld({ session, watch: { window } }: Heard, accepted: Accepted | undefined): boolean {
    const joined = this.#joinedAt.get(session);
    if (window === undefined || joined === undefined || !accepted || this.#conditions.isJumpy()) return false;
    return accepted.at < joined - window * 1000;
  }

  #complainOfMissing(seen: Heard, last: number, place: number): void {
    const missing = this.#all.slice(last + 1, place).find((one) => isEventFor(one, seen, seen.watch.pattern));
    if (missing)
      this.#complain(`${nameOf(seen)} came without event ${missing.address} ${String(missing.token)} before it`);
  }

  /** Of what a bad link repeated, or was done in two lives, nobody knows which was heard. */
  #isUnique(place: number): boolean {
    const token = this.#all[place]?.token;
    return this.#all.filter((one) => one.token === token).length === 1;
  }

  #placeOf({ token, address, kind, revision }: Heard, from: number): number {
    return this.#all.findIndex(
      (one, place) =>
        place >= from &&
        one.token === token &&
        one.address === address &&
        one.kind === kind &&
        one.revision === revision,
    );
  }
}

/** One that an actor sent, not the session itself, in the life of the router in which it is there. */
function isEventFor(
  { kind, address, ...one }: Accepted,
  { session, life }: Pick<Heard, 'session' | 'life'>,
  pattern: string,
): boolean {
  const isOthers = kind === 'event' && one.token !== undefined && one.session !== session && one.life === life;
  return isOthers && matches(parsePattern(pattern), parseAddress(address));
}

function keyOf({ session, watch }: Pick<Heard, 'session' | 'watch'>): string {
  return `${session} ${watch.number}`;
}

function nameOf({ who, kind, address, token }: Heard): string {
  return `actor ${who}: ${kind} ${address} ${String(token)}`;
}
