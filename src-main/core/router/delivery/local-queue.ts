import { messageOf } from '../../../contract/errors.ts';
import type { Log } from '../../../ports/log.ts';
import type { Delivery } from './delivery.ts';
import type { Defer } from './turn.ts';

/** Somebody in the process who gets deliveries. */
export interface LocalReceiver {
  /** for the log */
  readonly name: string;
  readonly run: (deliveries: readonly Delivery[]) => void;
  /** given to `run` next, in order */
  pending: Delivery[];
  isClosed: boolean;
}

export interface LocalQueueOptions {
  readonly defer: Defer;
  readonly log: Log;
  readonly limits: { readonly localDeliveriesPerTurnMax: number; readonly localPendingMax: number };
  /** deliveries left out because a receiver's queue was full */
  readonly onShed: (count: number) => void;
}

/** Hands deliveries to receivers one batch after the other, never one inside another: what a receiver publishes waits until
 *  it has returned. A turn delivers a bounded number, so that receivers who feed each other cannot hold the process. */
export class LocalQueue {
  readonly #options: LocalQueueOptions;
  readonly #ready: LocalReceiver[] = [];
  #isDraining = false;
  #isPlanned = false;

  constructor(options: LocalQueueOptions) {
    this.#options = options;
  }

  add(receiver: LocalReceiver, delivery: Delivery): void {
    if (receiver.isClosed) return;
    if (receiver.pending.length >= this.#options.limits.localPendingMax) return this.#options.onShed(1);
    if (receiver.pending.length === 0) this.#ready.push(receiver);
    receiver.pending.push(delivery);
  }

  /** Delivers what waits. Called from within a receiver it does nothing: the call that is under way goes on. */
  drain(): void {
    if (this.#isDraining || this.#isPlanned || this.#ready.length === 0) return;
    this.#isDraining = true;
    let left = this.#options.limits.localDeliveriesPerTurnMax;
    while (left > 0) {
      const receiver = this.#ready.shift();
      if (!receiver) break;
      left -= this.#deliver(receiver, left);
    }
    this.#isDraining = false;
    if (this.#ready.length > 0) this.#continueLater();
  }

  #deliver(receiver: LocalReceiver, countMax: number): number {
    const batch = receiver.pending;
    receiver.pending = batch.splice(countMax);
    if (receiver.pending.length > 0) this.#ready.push(receiver);
    if (receiver.isClosed) return batch.length;
    try {
      receiver.run(batch);
    } catch (error) {
      // A receiver's bug is its own: the others, and the peers, still get theirs.
      this.#options.log.error('a local subscriber failed', {
        subscriber: receiver.name,
        reason: messageOf(error),
        cause: error,
      });
    }
    return batch.length;
  }

  #continueLater(): void {
    this.#isPlanned = true;
    this.#options.defer(() => {
      this.#isPlanned = false;
      this.drain();
    });
  }
}
