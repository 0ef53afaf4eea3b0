import type { Cancel } from '../../contract/message-link.ts';
import { placedFrame, type PlacedFrame } from '../../ports/placed-frame.ts';
import type { Connection } from '../../ports/transport.ts';
import { frameBytesMax } from '../../core/protocol/limits.ts';

export interface MemoryConnectionOptions {
  readonly maxBytes?: number;
  readonly queueBytesMax?: number;
  /** what both ends call each other; made of the pair's name without */
  readonly peer?: string;
}

const queueBytesMaxDefault = 256 * 1024;

/** One of two ends that stand for the two ends of a wire. */
export class MemoryConnection implements Connection {
  readonly peer: string;
  readonly reliable = true;
  readonly framing = 'none';
  readonly maxBytes: number;
  readonly #queueBytesMax: number;
  readonly #frameListeners = new Set<(frame: PlacedFrame) => void>();
  readonly #drainListeners = new Set<() => void>();
  readonly #closeListeners = new Set<(reason: string) => void>();
  #other: MemoryConnection | undefined;
  /** on their way to this end */
  #incoming: Uint8Array[] = [];
  #incomingBytes = 0;
  #isDelivering = false;
  #isReading = true;
  #mustDrain = false;
  #closedBecause: string | undefined;
  /** the other end has closed and left a last message for when this one reads again */
  #waitsFor: string | undefined;

  private constructor(peer: string, options: MemoryConnectionOptions) {
    this.peer = peer;
    this.maxBytes = options.maxBytes ?? frameBytesMax;
    this.#queueBytesMax = options.queueBytesMax ?? queueBytesMaxDefault;
  }

  /** @param name stands in both ends' `peer` */
  static pair(name: string, options: MemoryConnectionOptions = {}): [MemoryConnection, MemoryConnection] {
    const left = new MemoryConnection(options.peer ?? `${name} left`, options);
    const right = new MemoryConnection(options.peer ?? `${name} right`, options);
    left.#other = right;
    right.#other = left;
    return [left, right];
  }

  send(chunk: Uint8Array): boolean {
    const other = this.#other;
    if (this.#closedBecause !== undefined || !other || chunk.length > this.maxBytes) return false;
    if (other.#incomingBytes > 0 && other.#incomingBytes + chunk.length > this.#queueBytesMax) {
      this.#mustDrain = true;
      return false;
    }
    // A wire does not share memory.
    other.#incoming.push(chunk.slice());
    other.#incomingBytes += chunk.length;
    other.#deliverSoon();
    return true;
  }

  onFrame(run: (frame: PlacedFrame) => void): Cancel {
    this.#frameListeners.add(run);
    this.#deliverSoon();
    return () => this.#frameListeners.delete(run);
  }

  onDrain(run: () => void): Cancel {
    this.#drainListeners.add(run);
    return () => this.#drainListeners.delete(run);
  }

  onClose(run: (reason: string) => void): Cancel {
    const reason = this.#closedBecause;
    if (reason === undefined) this.#closeListeners.add(run);
    else void Promise.resolve().then(() => run(reason));
    return () => this.#closeListeners.delete(run);
  }

  close(reason = 'closed', last?: Uint8Array): void {
    const other = this.#other;
    if (other && last && this.#closedBecause === undefined) {
      other.#incoming.push(last.slice());
      other.#waitsFor = reason;
    }
    this.#shut(reason);
    if (other) void Promise.resolve().then(() => other.#finish(reason));
  }

  /** Stops taking frames, as a peer does whose process hangs: what is sent to it piles up. */
  pauseReading(): void {
    this.#isReading = false;
  }

  resumeReading(): void {
    this.#isReading = true;
    if (this.#waitsFor === undefined) this.#deliverSoon();
    else this.#finish(this.#waitsFor);
  }

  #deliverSoon(): void {
    if (this.#isDelivering || !this.#isReading || this.#frameListeners.size === 0 || this.#incoming.length === 0)
      return;
    this.#isDelivering = true;
    void Promise.resolve().then(() => {
      this.#isDelivering = false;
      this.#deliver();
    });
  }

  #deliver(): void {
    while (this.#isReading && this.#closedBecause === undefined) {
      const frame = this.#incoming.shift();
      if (!frame) break;
      this.#incomingBytes -= frame.length;
      for (const run of this.#frameListeners) run(placedFrame(frame));
    }
    const other = this.#other;
    if (other && this.#incomingBytes === 0) other.#drained();
  }

  #drained(): void {
    if (!this.#mustDrain || this.#closedBecause !== undefined) return;
    this.#mustDrain = false;
    for (const run of this.#drainListeners) run();
  }

  /** The other end closed: what it had sent before still arrives. */
  #finish(reason: string): void {
    if (this.#isReading) this.#deliver();
    // As from a socket: who does not read has not come to the end yet.
    if (this.#incoming.length > 0) {
      this.#waitsFor = reason;
      return;
    }
    this.#shut(reason);
  }

  #shut(reason: string): void {
    if (this.#closedBecause !== undefined) return;
    this.#closedBecause = reason;
    this.#incoming = [];
    this.#incomingBytes = 0;
    for (const run of [...this.#closeListeners]) run(reason);
    this.#closeListeners.clear();
  }
}
