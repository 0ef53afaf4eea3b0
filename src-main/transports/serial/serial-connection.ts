import type { Cancel } from '../../contract/message-link.ts';
import { encodeFrame, payloadTypeOf } from '../../core/protocol/frame.ts';
import { messageType } from '../../core/protocol/messages.ts';
import type { PlacedFrame } from '../../ports/placed-frame.ts';
import type { Connection } from '../../ports/transport.ts';
import { ConnectionEvents } from '../connection-events.ts';
import type { KeptAlive } from '../../platform/keep-alive.ts';
import { farewell } from './farewell.ts';
import type { SerialLine } from './serial-line.ts';

interface SerialConnectionOptions {
  /** Whoever has it hands what comes to `receive` and `drained`. */
  readonly line: SerialLine;
  readonly peer: string;
  readonly maxBytes: number;
}

/** One session on a serial line, which may see several, one after the other. What noise takes away is lost; the client's side sends
 *  again what was to be acknowledged. */
export class SerialConnection implements Connection, KeptAlive {
  readonly peer: string;
  readonly reliable = false;
  readonly framing = 'none';
  readonly framesStay = true;
  readonly isSlow = true;
  readonly maxBytes: number;
  readonly #line: SerialLine;
  readonly #events = new ConnectionEvents();
  #isOpen = true;
  #isReading = true;
  #mustDrain = false;
  #wasHeard = true;
  /** Old boxes may not know PING: only who answered one is expected to answer the next. */
  #answersPings = false;
  #waiting: PlacedFrame[] = [];

  constructor({ line, peer, maxBytes }: SerialConnectionOptions) {
    this.#line = line;
    this.peer = peer;
    this.maxBytes = maxBytes;
  }

  send(chunk: Uint8Array): boolean {
    if (!this.#isOpen || chunk.length > this.maxBytes) return false;
    const isTaken = this.#line.write(chunk);
    if (!isTaken) this.#mustDrain = true;
    return isTaken;
  }

  onFrame(run: (frame: PlacedFrame) => void): Cancel {
    const cancel = this.#events.onFrame(run);
    // As from a socket: not while the listener is still being set up.
    void Promise.resolve().then(() => this.#giveWaiting());
    return cancel;
  }

  onDrain(run: () => void): Cancel {
    return this.#events.onDrain(run);
  }

  onClose(run: (reason: string) => void): Cancel {
    return this.#events.onClose(run);
  }

  /** The peer is told, behind all that was sent. */
  close(reason = 'closed', last?: Uint8Array): void {
    if (!this.#isOpen) return;
    if (last) this.#line.writeLast(last);
    this.#line.writeLast(farewell);
    this.terminate(reason);
  }

  /** Without a word. */
  terminate(reason: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#waiting = [];
    this.#events.close(reason);
    // Others may follow on the line.
    this.#line.resumeReading();
  }

  pauseReading(): void {
    if (!this.#isOpen) return;
    this.#isReading = false;
    this.#line.pauseReading();
  }

  resumeReading(): void {
    this.#isReading = true;
    this.#giveWaiting();
  }

  wasHeardSince(): boolean {
    const wasHeard = this.#wasHeard || !this.#answersPings;
    this.#wasHeard = false;
    return wasHeard;
  }

  ping(): void {
    this.send(encodeFrame({ type: messageType.ping }));
  }

  receive(frame: PlacedFrame): void {
    if (!this.#isOpen) return;
    this.#wasHeard = true;
    if (payloadTypeOf(frame) === messageType.pong) this.#answersPings = true;
    if (this.#isReading && this.#events.hasFrameListener && this.#waiting.length === 0)
      return this.#events.frame(frame);
    // Of what was read at once the rest still comes.
    this.#waiting.push(frame);
    this.#line.pauseReading();
  }

  drained(): void {
    if (!this.#mustDrain || !this.#isOpen) return;
    this.#mustDrain = false;
    this.#events.drain();
  }

  #giveWaiting(): void {
    while (this.#isOpen && this.#isReading && this.#events.hasFrameListener) {
      const frame = this.#waiting.shift();
      if (!frame) return this.#line.resumeReading();
      this.#events.frame(frame);
    }
  }
}
