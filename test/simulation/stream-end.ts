import type { Cancel } from '../../src-main/contract/message-link.ts';
import { frameBytesMax } from '../../src-main/core/protocol/limits.ts';
import type { Clock } from '../../src-main/ports/clock.ts';
import { placedFrame, type PlacedFrame } from '../../src-main/ports/placed-frame.ts';
import type { Connection } from '../../src-main/ports/transport.ts';
import type { Chance } from '../seeded-chance.ts';
import { OneWay, type WayPlan } from './one-way.ts';

export interface StreamOptions extends WayPlan {
  readonly name: string;
  readonly framing: 'none' | 'length32';
  readonly clock: Clock;
  readonly chance: Chance;
  readonly onChanged: () => void;
}

/** One end of a link that keeps order, like TCP and WebSocket, with all that can go wrong on one. */
export class StreamEnd implements Connection {
  readonly peer: string;
  readonly reliable = true;
  readonly maxBytes = frameBytesMax;
  readonly framing: 'none' | 'length32';
  /** to the other end */
  readonly way: OneWay;
  #other: StreamEnd | undefined;
  #isOpen = true;
  #closedBecause: string | undefined;
  #onFrame: ((frame: PlacedFrame) => void) | undefined;
  #onDrain: () => void = () => undefined;
  #onClose: (reason: string) => void = () => undefined;

  private constructor(options: StreamOptions) {
    this.peer = options.name;
    this.framing = options.framing;
    this.way = new OneWay({
      ...options,
      deliver: (chunk) => {
        const other = this.#other;
        if (other) other.#take(chunk);
      },
      onDrain: () => this.#onDrain(),
      onEnd: (reason) => this.#other?.shut(reason),
    });
  }

  static pair(options: StreamOptions): [StreamEnd, StreamEnd] {
    const [left, right] = [new StreamEnd(options), new StreamEnd(options)];
    left.#other = right;
    right.#other = left;
    return [left, right];
  }

  send(chunk: Uint8Array): boolean {
    return this.#isOpen && this.way.send(chunk);
  }

  onFrame(run: (frame: PlacedFrame) => void): Cancel {
    this.#onFrame = run;
    return () => (this.#onFrame = undefined);
  }

  onDrain(run: () => void): Cancel {
    this.#onDrain = run;
    return () => (this.#onDrain = () => undefined);
  }

  onClose(run: (reason: string) => void): Cancel {
    this.#onClose = run;
    const reason = this.#closedBecause;
    if (reason !== undefined) void Promise.resolve().then(() => run(reason));
    return () => (this.#onClose = () => undefined);
  }

  pauseReading(): void {
    if (this.#other) this.#other.way.isUnread = true;
  }

  resumeReading(): void {
    if (this.#other) this.#other.way.isUnread = false;
  }

  close(reason = 'closed'): void {
    if (!this.#isOpen) return;
    this.way.end(reason);
    this.shut(reason);
  }

  /** This end is over; the other one is not told. */
  shut(reason: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#closedBecause = reason;
    this.#onClose(reason);
    // Whoever listened may be forgotten now, and is looked for in memory.
    this.#onFrame = undefined;
    this.#onDrain = () => undefined;
    this.#onClose = () => undefined;
  }

  /** Frames are views that are gone after the call, as the port says. */
  #take(chunk: Uint8Array): void {
    for (const frame of this.framing === 'none' ? [chunk] : framesIn(chunk)) {
      if (!this.#isOpen) return;
      const view = frame.slice();
      this.#onFrame?.(placedFrame(view));
      view.fill(0xee);
    }
  }
}

/** The frames of a chunk in the framing 'length32'. */
export function framesIn(chunk: Uint8Array): Uint8Array[] {
  const frames: Uint8Array[] = [];
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  for (let at = 0; at < chunk.length; at += 4 + view.getUint32(at))
    frames.push(chunk.subarray(at + 4, at + 4 + view.getUint32(at)));
  return frames;
}
