import type { Cancel } from '../../contract/message-link.ts';
import { micros, millis, type Micros, type Millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';

/** Messages that wait at once, those that newer ones replace not counted; past that the oldest go. */
export const waitingMax = 1000;
/** Addresses whose newest message waits. */
export const newestMax = 10_000;
/** So far ahead of the line messages are handed to the system: what waits here is the newest when it leaves. */
const aheadMax = millis(10);

export interface OutboxMessage {
  /** what it is known by in the status */
  readonly name: string;
  /** A newer one with the same key takes its place while it waits. */
  readonly key?: string;
  readonly stream: Uint8Array;
  /** nothing follows until the device has replied */
  readonly waits: boolean;
}

export interface OutboxPacing {
  /** how long the line rests after a message */
  readonly pauseMs: number;
  /** messages a second; null for as many as the line takes */
  readonly rate: number | null;
  /** null where no replies are waited for */
  readonly answer: { readonly timeoutMs: number; readonly repeats: number } | null;
}

export interface OutboxOptions {
  readonly clock: Clock;
  readonly pacing: () => OutboxPacing;
  /** until all that was handed over has left the port */
  readonly behindMs: () => Millis;
  /** the system takes no more at the moment; `pump` is called when it does again */
  readonly isFull: () => boolean;
  readonly send: (message: OutboxMessage) => void;
  readonly onRefused: (message: OutboxMessage, why: string) => void;
}

interface Awaited {
  readonly message: OutboxMessage;
  readonly cancel: Cancel;
  readonly triesLeft: number;
}

/** What waits for the line. Messages leave in their order; of those with a key the newest, in the place of the first. */
export class SerialOutbox {
  readonly #options: OutboxOptions;
  readonly #waiting = new Map<string | symbol, OutboxMessage>();
  #events = 0;
  #isOpen = false;
  #nextAt: Micros | undefined;
  #cancelWait: Cancel | undefined;
  #awaited: Awaited | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#waiting.size + (this.#awaited ? 1 : 0);
  }

  put(message: OutboxMessage): void {
    this.#waiting.set(message.key ?? Symbol(message.name), message);
    if (message.key === undefined) this.#events++;
    if (this.#events > waitingMax || this.#waiting.size > newestMax + waitingMax) this.#dropOldest();
    this.pump();
  }

  open(): void {
    this.#isOpen = true;
    this.#nextAt = undefined;
    this.pump();
  }

  /** The line is gone. @returns how many messages waited for it, which are dropped */
  close(): number {
    const { waiting } = this;
    this.#isOpen = false;
    this.#cancelWait?.();
    this.#cancelWait = undefined;
    this.#awaited?.cancel();
    this.#awaited = undefined;
    this.#waiting.clear();
    this.#events = 0;
    return waiting;
  }

  /** The device has replied. */
  replied(): void {
    this.#awaited?.cancel();
    this.#awaited = undefined;
    this.pump();
  }

  /** Hands on what may leave now. */
  pump(): void {
    const { clock, behindMs, isFull, pacing } = this.#options;
    while (this.#isOpen && !this.#awaited && this.#waiting.size > 0 && !isFull()) {
      const ahead = pacing().pauseMs > 0 ? 0 : Math.max(0, behindMs() - aheadMax) * 1000;
      // A time that is cut short would never be over.
      const at = Math.ceil(Math.max(this.#nextAt ?? 0, clock.nowMicros() + ahead));
      if (at > clock.nowMicros()) return this.#wait(micros(at));
      this.#sendNext();
    }
  }

  #sendNext(): void {
    for (const [key, message] of this.#waiting) {
      this.#waiting.delete(key);
      if (message.key === undefined) this.#events--;
      this.#send(message, this.#options.pacing().answer?.repeats ?? 0);
      return;
    }
  }

  #send(message: OutboxMessage, triesLeft: number): void {
    const { clock, pacing, behindMs } = this.#options;
    const { pauseMs, rate, answer } = pacing();
    const now = clock.nowMicros();
    this.#options.send(message);
    const restUntil = now + (pauseMs > 0 ? behindMs() + pauseMs : 0) * 1000;
    this.#nextAt = micros(Math.ceil(Math.max(restUntil, rate === null ? 0 : now + 1_000_000 / rate)));
    if (!answer || !message.waits) return;
    // Nor is it sent again before the line has rested.
    const waitsUntil = Math.max(now + (behindMs() + answer.timeoutMs) * 1000, this.#nextAt);
    const cancel = clock.at(micros(Math.ceil(waitsUntil)), () => this.#goWithout());
    this.#awaited = { message, cancel, triesLeft };
  }

  /** No reply came. */
  #goWithout(): void {
    const awaited = this.#awaited;
    if (!awaited) return;
    this.#awaited = undefined;
    if (awaited.triesLeft > 0) return this.#send(awaited.message, awaited.triesLeft - 1);
    this.#options.onRefused(awaited.message, 'the device did not reply');
    this.pump();
  }

  #wait(until: Micros): void {
    this.#cancelWait?.();
    this.#cancelWait = this.#options.clock.at(until, () => {
      this.#cancelWait = undefined;
      this.pump();
    });
  }

  #dropOldest(): void {
    for (const [key, message] of this.#waiting) {
      if (message.key !== undefined && this.#events > waitingMax) continue;
      this.#waiting.delete(key);
      if (message.key === undefined) this.#events--;
      this.#options.onRefused(message, 'too many messages wait for the device');
      return;
    }
  }
}
