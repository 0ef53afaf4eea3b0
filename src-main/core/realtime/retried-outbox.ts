import type { Cancel } from '../../contract/message-link.ts';
import { micros, millis, millisToMicros, type Micros, type Millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import { createBackoff, type Backoff } from '../retry/backoff.ts';
import type { CallSlots } from './call-slots.ts';
import { OrderedQueue, type Queued } from './ordered-queue.ts';

/** Waits between tries while nobody answers: a server that comes back is found within 2 s. */
export const awayWaits = { first: millis(100), cap: millis(1000) };
/** Waits between tries while the server answers that it cannot now. */
export const busyWaits = { first: millis(1000), cap: millis(30_000) };
/** A server that asks for more is asked again all the same. */
export const retryAfterMax = millis(3_600_000);
/** Addresses of which the newest waits; past that the oldest go. */
export const keysMax = 10_000;

/** event: each is delivered, in their order. param: the newest of its key is delivered. stream: the newest of its key, once. */
export interface Delivery<M> {
  readonly key: string;
  readonly flow: 'event' | 'param' | 'stream';
  readonly message: M;
}

/** again: it did not arrive, or nobody knows. isAway: nobody answered at all. */
export type DeliveryOutcome =
  | 'sent'
  | { readonly refused: string }
  | { readonly again: string; readonly isAway: boolean; readonly after?: Millis | undefined };

export interface RetriedOutboxOptions<M> {
  readonly clock: Clock;
  readonly random: Random;
  /** shared by all who send to the same host */
  readonly slots: CallSlots;
  /** events that wait; past that the oldest go */
  readonly eventsMax: number;
  /** an event that could not be delivered for so long is not delivered any more */
  readonly eventsWait: Millis;
  /** Never rejects. */
  readonly send: (message: M) => Promise<DeliveryOutcome>;
  readonly onSent: (message: M) => void;
  readonly onRefused: (message: M, why: string) => void;
}

interface Item<M> extends Delivery<M> {
  /** counts up with each that is put; a newer value takes the turn of the one it replaces */
  readonly turn: number;
  /** the turn of the newest event at this key that leaves before it; -1 for none */
  readonly behind: number;
  readonly until: Micros;
}

/** What waits for one target. Of one key nothing overtakes, and one is on its way at a time; events keep their order among all. */
export class RetriedOutbox<M> {
  readonly #options: RetriedOutboxOptions<M>;
  readonly #away: Backoff;
  readonly #busy: Backoff;
  readonly #events = new OrderedQueue<Item<M>>();
  readonly #params = new Map<string, Item<M>>();
  readonly #streams = new Map<string, Item<M>>();
  /** turn of the newest event that waits or is on its way, by key */
  readonly #lastEvents = new Map<string, number>();
  readonly #onTheWay = new Set<string>();
  #eventOnTheWay: Item<M> | undefined;
  #turn = 0;
  #fault = '';
  #pause: Cancel | undefined;
  #isProbing = false;
  #ask: Cancel | undefined;
  #isClosed = false;

  constructor(options: RetriedOutboxOptions<M>) {
    const { random } = options;
    this.#options = options;
    this.#away = createBackoff({ random, ...awayWaits });
    this.#busy = createBackoff({ random, ...busyWaits });
  }

  /** without what is on its way */
  get waiting(): { readonly events: number; readonly values: number } {
    this.#dropLate();
    return { events: this.#events.size, values: this.#params.size + this.#streams.size };
  }

  /** Why the last try failed, as a sentence; undefined once one went well. */
  get fault(): string | undefined {
    return this.#isProbing ? this.#fault : undefined;
  }

  put({ key, flow, message }: Delivery<M>): void {
    if (this.#isClosed) return;
    const until = micros(this.#options.clock.nowMicros() + millisToMicros(this.#options.eventsWait));
    const behind = this.#lastEvents.get(key) ?? -1;
    const item: Item<M> = { key, flow, message, turn: this.#turn++, behind, until };
    // What flows gives way to whatever comes after it.
    if (flow !== 'stream') this.#streams.delete(key);
    if (flow === 'event') this.#putEvent(item);
    else this.#putNewest(flow === 'param' ? this.#params : this.#streams, item);
    this.#pump();
  }

  /** Forgets what waits; what is on its way counts no more. @returns how many */
  close(): number {
    const { events, values } = this.waiting;
    this.#isClosed = true;
    this.#pause?.();
    this.#ask?.();
    this.#params.clear();
    this.#streams.clear();
    while (this.#events.shift());
    return events + values;
  }

  #putEvent(item: Item<M>): void {
    this.#events.put(item);
    this.#lastEvents.set(item.key, item.turn);
    while (this.#events.size > this.#options.eventsMax) this.#dropEvent('too many events wait for the server');
  }

  #putNewest(lane: Map<string, Item<M>>, item: Item<M>): void {
    const old = lane.get(item.key);
    // With an event between the two it takes a turn of its own, or it would overtake.
    if (old && old.behind === item.behind) lane.set(item.key, { ...item, turn: old.turn });
    else {
      lane.delete(item.key);
      lane.set(item.key, item);
    }
    for (const [key, oldest] of lane) {
      if (lane.size <= keysMax) return;
      lane.delete(key);
      this.#options.onRefused(
        oldest.message,
        `${keysMax} addresses wait for the server already, and it waited longest`,
      );
    }
  }

  #pump(): void {
    if (this.#isClosed || this.#pause || this.#ask) return;
    if (this.#isProbing && this.#onTheWay.size > 0) return;
    this.#dropLate();
    if (!this.#next()) return;
    const slot = { isGiven: false };
    const cancel = this.#options.slots.ask((giveBack) => {
      slot.isGiven = true;
      this.#ask = undefined;
      this.#leave(giveBack);
    });
    if (!slot.isGiven) this.#ask = cancel;
  }

  #leave(giveBack: () => void): void {
    const item = this.#isClosed || this.#pause ? undefined : this.#next();
    if (!item) return giveBack();
    const event = item.flow === 'event' ? this.#events.shift() : undefined;
    if (!event) (item.flow === 'param' ? this.#params : this.#streams).delete(item.key);
    this.#onTheWay.add(item.key);
    if (event) this.#eventOnTheWay = item;
    void this.#options.send(item.message).then((outcome) => {
      this.#onTheWay.delete(item.key);
      if (event) this.#eventOnTheWay = undefined;
      // First of all, since whoever gets the slot looks at what waits, and at the pause.
      if (!this.#isClosed) this.#settle(item, event, outcome);
      giveBack();
      this.#pump();
    });
    this.#pump();
  }

  /** What may leave now and has waited longest. */
  #next(): Item<M> | undefined {
    const [head] = this.#events;
    const event = head && this.#mayEventLeave(head.item) ? head.item : undefined;
    const found = [event, this.#first(this.#params), this.#first(this.#streams)];
    return found.reduce((best, item) => (item && (!best || item.turn < best.turn) ? item : best), undefined);
  }

  #mayEventLeave({ key, turn }: Item<M>): boolean {
    if (this.#eventOnTheWay || this.#onTheWay.has(key)) return false;
    return (this.#params.get(key)?.turn ?? turn) >= turn;
  }

  #first(lane: Map<string, Item<M>>): Item<M> | undefined {
    const [head] = this.#events;
    // One that is on its way was before all that wait.
    const { turn: event } = this.#eventOnTheWay ?? head?.item ?? { turn: Infinity };
    for (const item of lane.values()) {
      if (this.#onTheWay.has(item.key) || item.behind >= event) continue;
      if (lane === this.#streams && this.#params.has(item.key)) continue;
      return item;
    }
    return undefined;
  }

  #settle(item: Item<M>, event: Queued<Item<M>> | undefined, outcome: DeliveryOutcome): void {
    if (outcome === 'sent' || 'refused' in outcome) {
      this.#isProbing = false;
      this.#away.reset();
      this.#busy.reset();
      if (event) this.#finish(item);
      if (outcome === 'sent') this.#options.onSent(item.message);
      else this.#options.onRefused(item.message, outcome.refused);
      return;
    }
    this.#fault = outcome.again;
    if (event) this.#events.putBack(event);
    else if (item.flow === 'stream') this.#options.onRefused(item.message, outcome.again);
    // The last of its lane, so that one the server chokes on does not keep all others.
    else if (!this.#params.has(item.key)) this.#params.set(item.key, item);
    this.#rest(outcome);
  }

  /** Others that were on their way at the same time count as one failure. */
  #rest({ isAway, after = millis(0) }: Exclude<DeliveryOutcome, 'sent' | { readonly refused: string }>): void {
    if (this.#pause) return;
    const usual = (isAway ? this.#away : this.#busy).next();
    const wait = Math.max(usual, Math.min(after, retryAfterMax));
    this.#isProbing = true;
    this.#pause = this.#options.clock.after(millis(wait), () => {
      this.#pause = undefined;
      this.#pump();
    });
  }

  #dropLate(): void {
    const now = this.#options.clock.nowMicros();
    for (let [head] = this.#events; head && head.item.until <= now; [head] = this.#events)
      this.#dropEvent(`it waited too long: ${this.#fault === '' ? 'others were before it' : this.#fault}`);
  }

  #dropEvent(why: string): void {
    const oldest = this.#events.shift();
    if (!oldest) return;
    this.#finish(oldest.item);
    this.#options.onRefused(oldest.item.message, why);
  }

  #finish({ key, turn }: Item<M>): void {
    if (this.#lastEvents.get(key) === turn) this.#lastEvents.delete(key);
  }
}
