import { OrderedQueue, type Queued } from '../../core/realtime/ordered-queue.ts';
import type { GivenMessage } from './given-signals.ts';

/** Messages of QoS 1 and 2 that the broker has not confirmed yet; the others wait here. */
export const inFlightMax = 32;
/** Messages of QoS 1 and 2 that wait their turn while the broker is there. */
export const burstMax = 20_000;
/** Topics of QoS 0 that wait while the broker is away or slow; past that the oldest go. */
export const newestMax = 10_000;

export interface OutboxOptions {
  /** most messages of QoS 1 and 2 that wait */
  readonly queueMax: number;
  /** Hands it to the connection. @param done runs once: with whether the broker has it, as far as its QoS says */
  readonly send: (message: GivenMessage, done: (outcome: Outcome) => void) => void;
  /** the connection takes no more at the moment; `pump` is called when it does again */
  readonly isFull: () => boolean;
  readonly onSent: (message: GivenMessage) => void;
  readonly onRefused: (message: GivenMessage, why: string) => void;
}

/** again: the connection went before the broker got it. */
export type Outcome = 'sent' | 'again' | { readonly refused: string };

/** What waits for the broker. QoS 1 and 2 in their order, bounded; QoS 0 the newest of each topic. */
export class MqttOutbox {
  readonly #options: OutboxOptions;
  readonly #queue = new OrderedQueue<GivenMessage>();
  readonly #newest = new Map<string, GivenMessage>();
  #inFlight = 0;
  #isOpen = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#queue.size + this.#newest.size;
  }

  put(message: GivenMessage): void {
    if (message.qos > 0) {
      this.#queue.put(message);
      this.#bound();
    } else {
      this.#newest.delete(message.topic);
      this.#newest.set(message.topic, message);
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
    while (this.#mayLeave() && this.#inFlight < inFlightMax && this.#queue.size > 0) {
      const next = this.#queue.shift();
      if (next) this.#send(next.item, next);
    }
    for (const [topic, message] of this.#newest) {
      if (!this.#mayLeave()) return;
      this.#newest.delete(topic);
      this.#send(message);
    }
  }

  #mayLeave(): boolean {
    return this.#isOpen && !this.#options.isFull();
  }

  #send(message: GivenMessage, kept?: Queued<GivenMessage>): void {
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

  #putBack(message: GivenMessage, kept: Queued<GivenMessage> | undefined): void {
    if (kept) {
      this.#queue.putBack(kept);
      this.#bound();
    } else if (!this.#newest.has(message.topic)) this.#newest.set(message.topic, message);
  }

  #bound(): void {
    while (this.#queue.size > Math.max(this.#options.queueMax, this.#isOpen ? burstMax : 0)) {
      const oldest = this.#queue.shift();
      if (oldest) this.#options.onRefused(oldest.item, 'too many messages wait for the broker');
    }
  }

  #dropOldest(): void {
    for (const [topic, message] of this.#newest) {
      this.#newest.delete(topic);
      this.#options.onRefused(message, 'too many topics wait for the broker');
      return;
    }
  }
}
