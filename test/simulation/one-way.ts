import type { Cancel } from '../../src-main/contract/message-link.ts';
import { micros } from '../../src-main/contract/units.ts';
import type { Clock } from '../../src-main/ports/clock.ts';
import { wholeNumber, type Chance } from '../seeded-chance.ts';

export interface WayPlan {
  readonly latencyMicros: number;
  readonly jitterMicros: number;
  /** waiting for the reader before the way is full */
  readonly queueBytesMax: number;
}

export interface OneWayOptions extends WayPlan {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly deliver: (chunk: Uint8Array) => void;
  readonly onDrain: () => void;
  /** the other end had closed, and all before that has arrived */
  readonly onEnd: (reason: string) => void;
  /** bytes changed between being handed over and leaving */
  readonly onChanged: () => void;
}

interface Parcel {
  readonly chunk: Uint8Array | string;
  readonly sum: number;
  /** from here on the reader can have it */
  readonly readyAt: number;
  readonly sizeBytes: number;
}

/** One direction of a link like TCP: everything arrives, in order, after its time; the reader may be slow, and the way may
 *  stand still for a while or for ever. */
export class OneWay {
  readonly #options: OneWayOptions;
  readonly #parcels: Parcel[] = [];
  #queuedBytes = 0;
  #mustDrain = false;
  #lastReadyAt = 0;
  #lastReadAt = 0;
  #timer: Cancel | undefined;
  #isStalled = false;
  #isUnread = false;
  #isDead = false;
  /** what the reader takes; Infinity is as fast as it comes */
  #bytesPerMs = Infinity;

  constructor(options: OneWayOptions) {
    this.#options = options;
  }

  /** @returns false when it is full */
  send(chunk: Uint8Array): boolean {
    if (this.#queuedBytes > 0 && this.#queuedBytes + chunk.length > this.#options.queueBytesMax) {
      this.#mustDrain = true;
      return false;
    }
    this.#queuedBytes += chunk.length;
    this.#put(chunk, chunk.length);
    return true;
  }

  /** Nothing follows what was sent. */
  end(reason: string): void {
    this.#put(reason, 0);
  }

  /** Nothing is under way any more. */
  cut(): void {
    this.#parcels.length = 0;
    this.#timer?.();
    this.#timer = undefined;
  }

  set isStalled(isStalled: boolean) {
    this.#isStalled = isStalled;
    this.#plan();
  }

  /** The reader takes nothing for now. */
  set isUnread(isUnread: boolean) {
    this.#isUnread = isUnread;
    this.#plan();
  }

  /** The other machine is gone: what is sent is taken, and arrives nowhere. */
  die(): void {
    this.#isDead = true;
    this.#plan();
  }

  set bytesPerMs(bytesPerMs: number) {
    this.#bytesPerMs = bytesPerMs;
    this.#plan();
  }

  #put(chunk: Uint8Array | string, size: number): void {
    const { clock, chance, latencyMicros, jitterMicros } = this.#options;
    const soonest = clock.nowMicros() + latencyMicros + wholeNumber(chance, 0, jitterMicros);
    this.#lastReadyAt = Math.max(this.#lastReadyAt, soonest);
    this.#parcels.push({ chunk, sum: sumOf(chunk), readyAt: this.#lastReadyAt, sizeBytes: size });
    this.#plan();
  }

  #plan(): void {
    this.#timer?.();
    this.#timer = undefined;
    const [first] = this.#parcels;
    if (!first || this.#isStalled || this.#isUnread || this.#isDead) return;
    const readAt = this.#lastReadAt + Math.ceil((first.sizeBytes / this.#bytesPerMs) * 1000);
    this.#timer = this.#options.clock.at(micros(Math.max(first.readyAt, readAt)), () => this.#arrive());
  }

  #arrive(): void {
    this.#timer = undefined;
    const parcel = this.#parcels.shift();
    if (!parcel) return;
    const { chunk, sum } = parcel;
    this.#lastReadAt = this.#options.clock.nowMicros();
    const { deliver, onDrain, onEnd, onChanged } = this.#options;
    if (typeof chunk === 'string') return onEnd(chunk);
    this.#queuedBytes -= chunk.length;
    if (sumOf(chunk) !== sum) onChanged();
    deliver(chunk);
    if (this.#mustDrain && this.#queuedBytes <= this.#options.queueBytesMax / 2) {
      this.#mustDrain = false;
      onDrain();
    }
    this.#plan();
  }
}

/** FNV-1a */
function sumOf(chunk: Uint8Array | string): number {
  if (typeof chunk === 'string') return 0;
  let sum = 0x811c9dc5;
  for (const byte of chunk) sum = Math.imul(sum ^ byte, 0x01000193);
  return sum;
}
