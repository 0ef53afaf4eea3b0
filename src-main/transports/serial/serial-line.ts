import type { Cancel } from '../../contract/message-link.ts';
import { millis, type Millis } from '../../contract/units.ts';
import { hasHungUp } from '../../platform/serial/hung-up.ts';
import { LinePace } from '../../platform/serial/line-pace.ts';
import type { LineSettings, OpenedPort } from '../../ports/serial-ports.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PlacedFrame } from '../../ports/placed-frame.ts';
import { ResyncSplitter } from './resync-splitter.ts';
import type { SerialLimits } from './serial-limits.ts';

export interface LineEvents {
  readonly onFrame: (frame: PlacedFrame) => void;
  readonly onSkipped: (bytes: number) => void;
  /** there is room again after `write` said full */
  readonly onDrain: () => void;
  /** the peer closed its port, and the cable tells */
  readonly onPeerClosed: () => void;
  /** Runs once, when the port is gone or closed. */
  readonly onEnd: (reason: string) => void;
}

interface LineOptions {
  readonly port: OpenedPort;
  readonly path: string;
  readonly line: LineSettings;
  readonly clock: Clock;
  readonly limits: SerialLimits;
  readonly events: LineEvents;
}

/** The system hands over what a port has received in up to so many bytes at once. [16550 UART] */
const heapBytes = 16;

/** An open serial port: frames come and go, no more waits than the line can send soon. Sessions are not its concern. */
export class SerialLine {
  readonly #options: LineOptions;
  readonly #splitter: ResyncSplitter;
  readonly #pace: LinePace;
  /** of what `write` did not take; 0 since there was room again */
  #refusedBytes = 0;
  #isPaused = false;
  #isEnded = false;
  #endReason: string | undefined;
  #drainTimer: Cancel | undefined;
  #signalsTimer: Cancel | undefined;
  /** DSR: the peer's DTR */
  #sawPeer = false;
  #onIdle: (() => void) | undefined;

  constructor(options: LineOptions) {
    const { port, line, clock, limits, events } = options;
    this.#options = options;
    const pace = new LinePace(line, clock);
    this.#pace = pace;
    this.#splitter = new ResyncSplitter({
      ...events,
      clock,
      silentMs: millis(limits.silentMs + pace.transferMs(heapBytes)),
      transferMs: (bytes) => pace.transferMs(bytes),
    });
    port.on('data', (chunk) => this.#splitter.read(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)));
    port.on('error', (error) => this.#fail(error.message));
    port.on('end', () => this.#fail('the line was hung up'));
    port.on('close', (error?: Error | null) => this.#finish(error?.message ?? 'the port was closed'));
    this.#lookAtSignals();
  }

  /** @returns false when nothing of it was taken, because as much is written as the line can send soon, or it has ended */
  write(bytes: Uint8Array): boolean {
    if (this.#isEnded || this.#endReason !== undefined) return false;
    const behindMs = this.#behindMs();
    if (behindMs > this.#roomAboveMs(bytes.length)) {
      this.#refusedBytes = bytes.length;
      this.#planDrain();
      return false;
    }
    this.writeLast(bytes);
    return true;
  }

  /** Behind what was written, however much that is. */
  writeLast(bytes: Uint8Array): void {
    if (this.#isEnded || this.#endReason !== undefined) return;
    this.#pace.wrote(bytes.length);
    this.#options.port.write(bytes, () => this.#whenTaken());
  }

  transferMs(bytes: number): Millis {
    return this.#pace.transferMs(bytes);
  }

  /** Leaves further bytes in the system, where flow control slows the peer down, if there is any. */
  pauseReading(): void {
    if (this.#isPaused || this.#isEnded) return;
    this.#isPaused = true;
    this.#options.port.pause();
    this.#splitter.pause();
  }

  resumeReading(): void {
    if (!this.#isPaused || this.#isEnded) return;
    this.#isPaused = false;
    this.#splitter.resume();
    this.#options.port.resume();
  }

  /** Settles when the port is free. @param withinMs for what was written to leave; the rest is thrown away then */
  async close(withinMs: Millis): Promise<void> {
    const { clock, port } = this.#options;
    if (this.#isEnded) return;
    this.#endReason ??= 'closed';
    const ended = new Promise<void>((resolve) => port.once('close', () => resolve()));
    let cancel: Cancel = () => undefined;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
      cancel = clock.after(withinMs, resolve);
      this.#planIdle();
    });
    cancel();
    // The system would wait for a peer that does not read, for half a minute.
    if (this.#behindMs() > 0) await new Promise<void>((resolve) => port.flush(() => resolve()));
    if (!port.isOpen) return;
    port.close(() => undefined);
    await ended;
  }

  /** All that was written and may not have left: what the line takes for it, by its rate or by what the system did not take. */
  #behindMs(): Millis {
    return millis(Math.max(this.#pace.behindMs, this.#pace.transferMs(this.#options.port.writableLength)));
  }

  /** So much may the line be behind for these to be taken; what is larger than all that may wait needs an idle line. */
  #roomAboveMs(bytes: number): Millis {
    return millis(Math.max(0, this.#options.limits.queueMs - this.#pace.transferMs(bytes)));
  }

  #whenTaken(): void {
    this.#planDrain();
    if (this.#onIdle) this.#planIdle();
  }

  #planDrain(): void {
    const { port, clock, limits, events } = this.#options;
    this.#drainTimer?.();
    if (this.#isEnded || this.#refusedBytes === 0) return;
    const enoughMs = Math.min(this.#roomAboveMs(this.#refusedBytes), limits.queueMs / 2);
    // What the system has not taken is looked at again when it has.
    if (this.#pace.transferMs(port.writableLength) > enoughMs) return;
    this.#drainTimer = clock.after(millis(Math.max(0, this.#pace.behindMs - enoughMs)), () => {
      this.#refusedBytes = 0;
      events.onDrain();
    });
  }

  #planIdle(): void {
    const { port, clock } = this.#options;
    this.#drainTimer?.();
    if (port.writableLength > 0) return;
    this.#drainTimer = clock.after(this.#pace.behindMs, () => this.#onIdle?.());
  }

  /** A cable of three wires says nothing, and a pty cannot: then there is nothing to look at. */
  #lookAtSignals(): void {
    const { port, clock, limits, events } = this.#options;
    this.#signalsTimer = clock.after(limits.signalsEveryMs, () => {
      port.get((error, signals) => {
        if (this.#isEnded) return;
        if (error || !signals) return void this.#endIfGone(error);
        if (this.#sawPeer && !signals.dsr) events.onPeerClosed();
        this.#sawPeer = signals.dsr;
        this.#lookAtSignals();
      });
    });
  }

  async #endIfGone(fault: Error | null): Promise<void> {
    if (await hasHungUp(fault, this.#options.path)) this.#fail('the line was hung up');
  }

  /** What is left of the port is closed; the system frees its name. */
  #fail(reason: string): void {
    const { port } = this.#options;
    this.#endReason ??= reason;
    if (port.isOpen) port.close(() => this.#finish(reason));
    else this.#finish(reason);
  }

  #finish(reason: string): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#splitter.stop();
    this.#drainTimer?.();
    this.#signalsTimer?.();
    this.#onIdle?.();
    this.#options.events.onEnd(this.#endReason ?? reason);
  }
}
