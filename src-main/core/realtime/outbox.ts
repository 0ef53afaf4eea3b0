import { OrderedQueue, type Queued } from './ordered-queue.ts';

/** Messages that matter and that the other side has not confirmed yet; the others wait here. */
export const inFlightMax = 32;
/** Messages that matter that wait their turn while the other side is there. */
export const burstMax = 200_000;
/** Keys of which the newest waits while the other side is away or slow; past that the oldest go. */
export const newestMax = 200_000;

export interface OutboxOptions<Message> {
  /** Whether each one matters, and is confirmed, such as MQTT's QoS 1 and 2; of the others only the newest of a key does. */
  readonly isKept: (message: Message) => boolean;
  /** what a newer one takes the place of: a topic, an address */
  readonly keyOf: (message: Message) => string;
  /** most kept messages that wait */
  readonly queueMax: number;
  /** Hands it to the connection. @param done runs once: with whether the other side has it, as far as that is confirmed */
  readonly send: (message: Message, done: (outcome: Outcome) => void) => void;
  /** the connection takes no more at the moment; `pump` is called when it does again */
  readonly isFull: () => boolean;
  readonly onSent: (message: Message) => void;
  readonly onRefused: (message: Message, why: string) => void;
  /** what is said where too many wait, of kept messages and of keys, as a clause */
  readonly words: { readonly kept: string; readonly keys: string };
}

/** again: the connection went before the other side got it. */
export type Outcome = 'sent' | 'again' | { readonly refused: string };

/** What waits for a service that is dialled for ever. Kept messages in their order, bounded; of the others the newest of each
 *  key. */
export class Outbox<Message> {
  readonly #options: OutboxOptions<Message>;
  readonly #queue = new OrderedQueue<Message>();
  readonly #newest = new Map<string, Message>();
  #inFlight = 0;
  #isOpen = false;

  constructor(options: OutboxOptions<Message>) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#queue.size + this.#newest.size;
  }

  put(message: Message): void {
    if (this.#options.isKept(message)) {
      this.#queue.put(message);
      this.#bound();
    } else {
      const key = this.#options.keyOf(message);
      this.#newest.delete(key);
      this.#newest.set(key, message);
      if (this.#newest.size > newestMax) this.#dropOldest();
    }
    if (this.#isOpen) this.pump();
  }

  /** The connection is there. */
  open(): void {
    this.#isOpen = true;
    this.pump();
  }

  /** The connection is gone. What is in flight comes back by `done`, or is sent again by the session itself. */
  close(): void {
    this.#isOpen = false;
    this.#bound();
  }

  /** Sends what may leave now. */
  pump(): void {
    if (!this.#mayLeave()) return;
    while (this.#mayLeave() && this.#inFlight < inFlightMax && this.#queue.size > 0) {
      const next = this.#queue.shift();
      if (next) this.#send(next.item, next);
    }
    for (const [key, message] of this.#newest) {
      if (!this.#mayLeave()) return;
      this.#newest.delete(key);
      this.#send(message);
    }
  }

  #mayLeave(): boolean {
    return this.#isOpen && !this.#options.isFull();
  }

  #send(message: Message, kept?: Queued<Message>): void {
    const isKept = kept !== undefined;
    if (isKept) this.#inFlight++;
    this.#options.send(message, (outcome) => {
      if (isKept) this.#inFlight--;
      if (outcome === 'sent') this.#options.onSent(message);
      else if (outcome === 'again') this.#putBack(message, kept);
      else this.#options.onRefused(message, outcome.refused);
      if (isKept && this.#isOpen) this.pump();
    });
  }

  #putBack(message: Message, kept: Queued<Message> | undefined): void {
    if (kept) {
      this.#queue.putBack(kept);
      this.#bound();
      return;
    }
    const key = this.#options.keyOf(message);
    if (!this.#newest.has(key)) this.#newest.set(key, message);
  }

  #bound(): void {
    while (this.#queue.size > Math.max(this.#options.queueMax, this.#isOpen ? burstMax : 0)) {
      const oldest = this.#queue.shift();
      if (oldest) this.#options.onRefused(oldest.item, this.#options.words.kept);
    }
  }

  #dropOldest(): void {
    for (const [key, message] of this.#newest) {
      this.#newest.delete(key);
      this.#options.onRefused(message, this.#options.words.keys);
      return;
    }
  }
}
