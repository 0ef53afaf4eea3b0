import { matches, parseAddress, parsePattern } from '../../../src-main/contract/address.ts';
import {
  senderOf,
  type Accepted,
  type Heard,
  type Observation,
  type Ready,
  type Token,
  type Watch,
} from '../observation.ts';
import type { Complain, Invariant } from './invariant.ts';

interface Listener {
  readonly who: number;
  readonly watch: Watch;
  readonly heard: Set<Token>;
  /** where the last that it heard was accepted */
  last: number;
  /** what was accepted from here on must be heard, in whichever session */
  sureFrom: number;
}

/** However often its connection is lost, a client hears each event, and each start, end and cancel of a gesture, that was
 *  accepted while it had subscribed or was away, once and in order; what is missing it is told. A router that began anew
 *  knows nothing of it. */
export class ArrivesOnce implements Invariant {
  readonly #complain: Complain;
  readonly #mayMiss: boolean;
  readonly #listeners = new Map<string, Listener>();
  readonly #here = new Set<number>();
  #accepted: Accepted[] = [];
  readonly #places = new Map<Token, number>();
  /** what a link gave twice may be heard twice */
  readonly #repeated = new Set<Token>();
  #life = 0;

  /** @param mayMiss whether the first life of the router may tell anyone that something never arrived */
  constructor(complain: Complain, { mayMiss }: { readonly mayMiss: boolean }) {
    this.#complain = complain;
    this.#mayMiss = mayMiss;
  }

  see(seen: Observation): void {
    if (seen.what === 'began') this.#begin(seen.life);
    else if (seen.what === 'accepted') this.#take(seen.accepted);
    else if (seen.what === 'joined') this.#here.add(seen.who);
    else if (seen.what === 'lost') this.#here.delete(seen.who);
    else if (seen.what === 'missed') this.#miss(seen.who);
    else if (seen.what === 'ready') this.#ready(seen);
    else if (seen.what === 'heard') this.#hear(seen);
  }

  rest(): void {
    for (const listener of this.#listeners.values()) if (this.#here.has(listener.who)) this.#check(listener);
  }

  #begin(life: number): void {
    this.#life = life;
    this.#accepted = [];
    for (const memory of [this.#listeners, this.#places, this.#repeated]) memory.clear();
  }

  #take(one: Accepted): void {
    if (one.token === undefined || !isLasting(one)) return;
    if (this.#places.has(one.token)) this.#repeated.add(one.token);
    else this.#places.set(one.token, this.#accepted.push(one) - 1);
  }

  #miss(who: number): void {
    if (!this.#mayMiss && this.#life === 1) this.#complain(`actor ${who} was told that something never arrived`);
    for (const listener of this.#listeners.values()) if (listener.who === who) listener.sureFrom = Infinity;
  }

  #ready({ who, watch, life, accepted: before }: Ready): void {
    // The past and what is live are told apart by another invariant.
    if (life !== this.#life || watch.history !== undefined) return;
    const from = this.#accepted.findIndex(({ order }) => order >= before);
    const sureFrom = from < 0 ? this.#accepted.length : from;
    const key = `${who} ${watch.number}`;
    const known = this.#listeners.get(key);
    if (known) known.sureFrom = Math.min(known.sureFrom, sureFrom);
    else this.#listeners.set(key, { who, watch, heard: new Set(), last: -1, sureFrom });
  }

  #hear({ who, watch, life, token, kind, phase, isSnapshot }: Heard): void {
    const listener = this.#listeners.get(`${who} ${watch.number}`);
    if (!listener || life !== this.#life || token === undefined || isSnapshot || !isLasting({ kind, phase })) return;
    if (this.#repeated.has(token)) return;
    const place = this.#places.get(token) ?? -1;
    if (listener.heard.has(token)) this.#complain(`actor ${who} heard ${kind} ${token} twice`);
    else if (place < listener.last) this.#complain(`actor ${who} heard ${kind} ${token} behind what came after it`);
    listener.heard.add(token);
    listener.last = place;
  }

  #check({ who, watch, heard, sureFrom }: Listener): void {
    const pattern = parsePattern(watch.pattern);
    for (const { token, address, kind } of this.#accepted.slice(sureFrom)) {
      if (token === undefined || heard.has(token) || this.#repeated.has(token) || senderOf(token) === who) continue;
      if (matches(pattern, parseAddress(address)))
        this.#complain(`actor ${who} never heard ${kind} ${address} ${token}`);
    }
  }
}

function isLasting({ kind, phase }: Pick<Accepted, 'kind' | 'phase'>): boolean {
  return kind === 'event' || (kind === 'gesture' && phase !== 'move');
}
