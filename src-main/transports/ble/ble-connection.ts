import { messageOf } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { encodeFrame, frameMagic, payloadTypeOf } from '../../core/protocol/frame.ts';
import { frameBytesMax } from '../../core/protocol/limits.ts';
import { messageType } from '../../core/protocol/messages.ts';
import type { Clock } from '../../ports/clock.ts';
import { placedFrame } from '../../ports/placed-frame.ts';
import type { Connection } from '../../ports/transport.ts';
import type { KeptAlive } from '../../platform/keep-alive.ts';
import { MessageConnection } from '../message-connection.ts';
import type { BleLimits } from './ble-limits.ts';
import { PieceCutter } from './piece-cutter.ts';
import { PieceJoiner } from './piece-joiner.ts';
import type { RadioLink } from './radio.ts';

export interface BleConnectionOptions {
  readonly link: RadioLink;
  readonly clock: Clock;
  readonly limits: BleLimits;
  /** a frame was left out: a piece of it was lost, or too much waited */
  readonly onLost: (why: 'torn' | 'overrun') => void;
}

/** One peer by Bluetooth. Notifications and writes without response may be lost, so it is not reliable. */
export class BleConnection extends MessageConnection implements Connection, KeptAlive {
  readonly peer: string;
  readonly reliable = false;
  readonly framing = 'none';
  readonly isSlow = true;
  readonly maxBytes = frameBytesMax;
  readonly #options: BleConnectionOptions;
  readonly #cutter = new PieceCutter();
  readonly #joiner: PieceJoiner;
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #isSending = false;
  /** the link has ended, or is given up */
  #isStopped = false;
  #answersPings = false;
  /** of what is still sent once nothing more is taken */
  #cancelLinger: Cancel | undefined;

  constructor(options: BleConnectionOptions) {
    super(options.limits.waitingBytesMax);
    const { link, clock, limits, onLost } = options;
    this.peer = `ble ${link.peer}`;
    this.#options = options;
    this.#joiner = new PieceJoiner({
      clock,
      waitMs: limits.pieceWaitMs,
      onFrame: (bytes) => this.#takeFrame(bytes),
      onTorn: () => onLost('torn'),
    });
    link.onMessage((message) => this.#receive(message));
    link.onEnd((reason) => this.#stop(reason));
  }

  send(chunk: Uint8Array): boolean {
    if (!this.isOpen || chunk.length === 0 || chunk.length > this.maxBytes) return false;
    const { queueBytesMax, queueFramesMax } = this.#options.limits;
    const isFull = this.#queuedBytes + chunk.length > queueBytesMax || this.#queue.length >= queueFramesMax;
    if (isFull && this.#queue.length > 0) return this.refuseForNow();
    this.#push(chunk);
    return true;
  }

  /** What was sent before leaves first, if the peer takes it in time. */
  close(reason = 'closed', last?: Uint8Array): void {
    if (!this.isOpen) return;
    const { clock, limits, link } = this.#options;
    if (last) this.#push(last);
    this.end(reason);
    this.#joiner.end();
    if (this.#isSending) this.#cancelLinger = clock.after(limits.closeTimeoutMs, () => link.disconnect());
    else link.disconnect();
  }

  terminate(reason: string): void {
    this.#stop(reason);
    this.#options.link.disconnect();
  }

  override wasHeardSince(): boolean {
    return super.wasHeardSince() || !this.#answersPings;
  }

  ping(): void {
    this.send(encodeFrame({ type: messageType.ping }));
  }

  #receive(message: Uint8Array): void {
    if (!this.isOpen) return;
    this.heard();
    this.#joiner.read(message);
  }

  #takeFrame(bytes: Uint8Array): void {
    if (!this.#answersPings && payloadTypeOf(placedFrame(bytes)) === messageType.pong) this.#answersPings = true;
    if (!this.take(bytes)) this.#options.onLost('overrun');
  }

  #push(chunk: Uint8Array): void {
    this.#queue.push(chunk);
    this.#queuedBytes += chunk.length;
    if (!this.#isSending) void this.#pump();
  }

  /** One message after the other, each once the radio has room for it. */
  async #pump(): Promise<void> {
    const { link, limits } = this.#options;
    this.#isSending = true;
    try {
      for (let frame = this.#queue[0]; frame; frame = this.#queue[0]) {
        await this.#sendFrame(frame);
        if (this.#isStopped) return;
        this.#queue.shift();
        this.#queuedBytes -= frame.length;
        if (2 * this.#queuedBytes <= limits.queueBytesMax && 2 * this.#queue.length <= limits.queueFramesMax)
          this.drained();
      }
    } catch (error) {
      this.terminate(messageOf(error));
    }
    this.#isSending = false;
    if (!this.isOpen) link.disconnect();
  }

  async #sendFrame(frame: Uint8Array): Promise<void> {
    const { link } = this.#options;
    const isAsked = mustArrive(frame);
    for (const message of this.#cutter.cut(frame, () => link.messageBytes)) {
      await this.#transmit(message, isAsked);
      if (this.#isStopped) return;
    }
  }

  async #transmit(message: Uint8Array, isAsked: boolean): Promise<void> {
    const { link, clock, limits } = this.#options;
    const cancel = clock.after(limits.sendTimeoutMs, () => this.terminate('the peer takes nothing more'));
    try {
      await link.send(message, isAsked);
    } finally {
      cancel();
    }
  }

  #stop(reason: string): void {
    this.#isStopped = true;
    this.#cancelLinger?.();
    this.#joiner.end();
    this.#queue = [];
    this.#queuedBytes = 0;
    if (this.isOpen) this.end(reason);
  }
}

/** What a later value makes up for, and PINGs, leave without waiting for the peer; all else is confirmed where the direction has
 *  that, which costs a round trip. */
function mustArrive(frame: Uint8Array): boolean {
  const type = payloadTypeOf(placedFrame(frame));
  if (frame[0] !== frameMagic || type === messageType.ping || type === messageType.pong) return false;
  const isFire = (frame[1] ?? 0) >> 6 === 0;
  return !(type === messageType.publish && isFire);
}
