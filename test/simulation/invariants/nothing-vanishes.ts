import { matches, parseAddress, parsePattern } from '../../../src-main/contract/address.ts';
import type { Accepted, Heard, Observation, Ready, Token, Watch } from '../observation.ts';
import type { Complain, Invariant } from './invariant.ts';

interface Listener {
  readonly who: number;
  readonly session: string;
  readonly watch: Watch;
  readonly covers: (accepted: Accepted) => boolean;
  /** all that was accepted before has been heard, or is known to be missing */
  next: number;
  /** what was accepted before need not be heard: the subscription may not have stood yet */
  sureFrom: number;
  missing: number;
  /** the last position heard of each finger */
  readonly positions: Map<number | undefined, Token | undefined>;
}

/** A session hears what its subscription covers in the order in which the router accepted it: so each sender's messages in
 *  their order, each once, and bundles back to back. Events, gestures' beginnings and ends never miss; how many samples,
 *  older values and last positions of a finger miss is what ERROR 503 says. Subscriptions that want less than all get
 *  their events in order and complete. */
export class NothingVanishes implements Invariant {
  readonly #complain: Complain;
  readonly #listeners = new Map<string, Listener>();
  /** said to be missing, by session */
  readonly #told = new Map<string, number>();
  #life = 0;
  #accepted: Accepted[] = [];
  #tokens = new Set<Token>();
  /** fired frames that a link gave twice */
  readonly #repeats = new Set<Accepted>();

  constructor(complain: Complain) {
    this.#complain = complain;
  }

  see(seen: Observation): void {
    if (seen.what === 'began') this.#begin(seen.life);
    else if (seen.what === 'accepted') this.#take(seen.accepted);
    else if (seen.what === 'lost') this.#forget(seen.who);
    else if (seen.what === 'noticed') this.#told.set(seen.session, (this.#told.get(seen.session) ?? 0) + seen.missing);
    else if (seen.what === 'ready') this.#ready(seen);
    else if (seen.what === 'heard') this.#heard(seen);
  }

  rest(): void {
    for (const listener of this.#listeners.values()) {
      this.#pass(listener, this.#accepted.length);
      const { who, session, watch, missing } = listener;
      const said = this.#told.get(session) ?? 0;
      if (missing > said) this.#complain(`actor ${who} misses ${missing} of ${watch.pattern} and was told of ${said}`);
    }
  }

  #begin(life: number): void {
    this.#life = life;
    this.#accepted = [];
    this.#tokens = new Set();
    this.#listeners.clear();
  }

  #take(one: Accepted): void {
    this.#accepted.push(one);
    if (one.token === undefined) return;
    if (this.#tokens.has(one.token)) this.#repeats.add(one);
    this.#tokens.add(one.token);
  }

  #forget(who: number): void {
    for (const [key, listener] of this.#listeners) if (listener.who === who) this.#listeners.delete(key);
  }

  #ready(seen: Ready): void {
    const listener = this.#listenerOf(seen);
    listener.sureFrom = Math.min(listener.sureFrom, seen.accepted);
  }

  #heard(seen: Heard): void {
    // What a slow reader still gets from a router that has gone is no matter of the one that is there now.
    if (seen.isSnapshot || seen.token === undefined || seen.life !== this.#life) return;
    const listener = this.#listenerOf(seen);
    if (seen.phase === 'move') listener.positions.set(seen.finger, seen.token);
    if (isThinned(seen, listener)) return;
    const found = this.#placeOf(seen, listener.next);
    if (found < 0) return this.#complainOfStray(seen, listener);
    this.#pass(listener, found);
    listener.next = found + 1;
    if (seen.phase === 'end' || seen.phase === 'cancel') this.#checkPosition(listener, seen, found);
  }

  #complainOfStray(seen: Heard, { next }: Listener): void {
    const what = `actor ${seen.who} heard ${seen.kind} ${seen.address} ${String(seen.token)}`;
    const earlier = this.#placeOf(seen, 0);
    if (earlier < 0) this.#complain(`${what}, which nobody accepted`);
    else this.#complain(`${what} (${earlier}) out of order or twice, behind ${next - 1}`);
  }

  /** What lies between the last and the place of the next was not heard. */
  #pass(listener: Listener, to: number): void {
    for (const one of this.#accepted.slice(Math.max(listener.next, listener.sureFrom), to)) {
      if (!listener.covers(one) || isThinned(one, listener) || this.#repeats.has(one)) continue;
      const mayMiss = one.kind === 'param' || one.kind === 'stream';
      if (mayMiss) listener.missing++;
      else
        this.#complain(
          `actor ${listener.who} never heard ${one.kind} ${one.address} ${String(one.token)} (${one.order})`,
        );
    }
  }

  /** A finger's last position before its end. */
  #checkPosition(listener: Listener, { address, finger }: Heard, end: number): void {
    const last = this.#accepted.findLast(
      (one) => one.order < end && one.phase === 'move' && one.finger === finger && one.address === address,
    );
    if (last && last.order >= listener.sureFrom && last.token !== listener.positions.get(finger)) listener.missing++;
  }

  /** @returns where it was accepted, at `from` or later; -1 when it was not */
  #placeOf(seen: Heard, from: number): number {
    for (let place = from; place < this.#accepted.length; place++) {
      const one = this.#accepted[place];
      if (one && isSame(one, seen)) return place;
    }
    return -1;
  }

  #listenerOf({ who, session, watch }: Pick<Heard, 'who' | 'session' | 'watch'>): Listener {
    const key = `${session} ${watch.number}`;
    const known = this.#listeners.get(key);
    if (known) return known;
    const pattern = parsePattern(watch.pattern);
    const covers = (one: Accepted): boolean =>
      one.session !== session && one.token !== undefined && matches(pattern, parseAddress(one.address));
    const heardOf = { next: 0, sureFrom: Infinity, missing: 0, positions: new Map<number | undefined, Token>() };
    const listener: Listener = { who, session, watch, covers, ...heardOf };
    this.#listeners.set(key, listener);
    return listener;
  }
}

/** What a subscription may get less of than there is, and later than other things. */
function isThinned({ kind, phase }: Pick<Accepted, 'kind' | 'phase'>, { watch }: Listener): boolean {
  if (kind === 'gesture') return phase === 'move' || isPicky(watch);
  return isPicky(watch) && kind !== 'event';
}

function isPicky({ maxRate, epsilon }: Watch): boolean {
  return (maxRate !== undefined && maxRate > 0) || epsilon !== undefined;
}

function isSame(one: Accepted, seen: Heard): boolean {
  return (
    one.token === seen.token && one.address === seen.address && one.kind === seen.kind && one.revision === seen.revision
  );
}
