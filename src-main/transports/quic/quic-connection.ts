import type { Cancel } from '../../contract/message-link.ts';
import { millis } from '../../contract/units.ts';
import { encodeFrame, frameMagic } from '../../core/protocol/frame.ts';
import { codeOfKind } from '../../core/protocol/enumerations.ts';
import { frameHeaderBytes } from '../../core/protocol/limits.ts';
import { messageType } from '../../core/protocol/messages.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PlacedFrame } from '../../ports/placed-frame.ts';
import { ConnectionEvents } from '../connection-events.ts';
import { arrivalSlab } from '../frame-slab.ts';
import type { Droppable } from '../open-connections.ts';
import type { StreamConnection } from '../stream-connection.ts';

/** The datagrams of a QUIC connection. */
export interface Datagrams {
  /** @returns false where it is too large, there is no room, or the peer takes none */
  send(datagram: Uint8Array): boolean;
}

export interface QuicConnectionOptions {
  readonly stream: StreamConnection;
  /** none where frames travel behind their lengths, and for a connection's further streams */
  readonly datagrams: Datagrams | undefined;
  /** a datagram was left out: no frame that may come so, or too much at once */
  readonly onLost: () => void;
}

const ping = encodeFrame({ type: messageType.ping }).slice();
const pong = encodeFrame({ type: messageType.pong }).slice();
const stream = codeOfKind('stream');
const questionsMax = 3;
const questionEveryMs = millis(500);

/** A stream of a QUIC connection, and the datagrams beside it: samples that may get lost go by these, so that they never wait for
 *  what was lost before, once the peer has shown that it reads them. That both allow them says little: other clients do, and
 *  never look at one. */
export class QuicConnection implements Droppable {
  readonly peer: string;
  readonly reliable = true;
  readonly framesStay = true;
  readonly maxBytes: number;
  readonly framing: 'length32' | 'none';
  readonly #options: QuicConnectionOptions;
  readonly #stream: StreamConnection;
  readonly #events = new ConnectionEvents();
  #readsDatagrams = false;
  #isPaused = false;
  #isOpen = true;

  constructor(options: QuicConnectionOptions) {
    this.#options = options;
    this.#stream = options.stream;
    this.peer = this.#stream.peer;
    this.maxBytes = this.#stream.maxBytes;
    this.framing = this.#stream.framing;
    this.#stream.onClose((reason) => {
      this.#isOpen = false;
      this.#events.close(reason);
    });
  }

  send(chunk: Uint8Array): boolean {
    if (this.#isOpen && this.#readsDatagrams && mayGetLost(chunk) && this.#options.datagrams?.send(chunk)) return true;
    return this.#stream.send(chunk);
  }

  onFrame(run: (frame: PlacedFrame) => void): Cancel {
    const cancels = [this.#stream.onFrame(run), this.#events.onFrame(run)];
    return () => {
      for (const cancel of cancels) cancel();
    };
  }

  onDrain(run: () => void): Cancel {
    return this.#stream.onDrain(run);
  }

  onClose(run: (reason: string) => void): Cancel {
    return this.#stream.onClose(run);
  }

  close(reason?: string, last?: Uint8Array): void {
    this.#isOpen = false;
    this.#stream.close(reason, last);
  }

  terminate(reason: string): void {
    this.#stream.terminate(reason);
  }

  pauseReading(): void {
    this.#isPaused = true;
    this.#stream.pauseReading();
  }

  resumeReading(): void {
    this.#isPaused = false;
    this.#stream.resumeReading();
  }

  /** Asks the peer, as a client, whether it reads datagrams; a question may get lost. */
  offerDatagrams(clock: Clock): void {
    let asked = 0;
    const ask = (): void => {
      if (this.#readsDatagrams || !this.#options.datagrams?.send(ping) || ++asked === questionsMax) return;
      cancel = clock.after(questionEveryMs, ask);
    };
    let cancel: Cancel = () => undefined;
    this.onClose(() => cancel());
    ask();
  }

  /** @param datagram valid only during the call */
  receiveDatagram(datagram: Uint8Array): void {
    const { datagrams, onLost } = this.#options;
    if (!datagrams || !isOneFrame(datagram)) return onLost();
    const type = datagram[frameHeaderBytes];
    const isSample = mayGetLost(datagram);
    if (!isSample && type !== messageType.ping && type !== messageType.pong) return onLost();
    this.#readsDatagrams = true;
    if (type === messageType.ping) datagrams.send(pong);
    if (!isSample) return;
    if (!this.#isOpen || this.#isPaused || !this.#events.hasFrameListener) return onLost();
    this.#events.frame(arrivalSlab.copy(datagram, 0, datagram.length));
  }
}

/** Of a frame with neither a higher QoS nor a request id: whether it is a sample of a stream. @see CLASP-WIRE §3 */
function mayGetLost(frame: Uint8Array): boolean {
  const [, flags = 0] = frame;
  const isPlain = (flags & 0xe0) === 0;
  const signal = (frame[frameHeaderBytes + 1] ?? 0) >> 5;
  return isPlain && frame[frameHeaderBytes] === messageType.publish && signal === stream;
}

function isOneFrame(bytes: Uint8Array): boolean {
  const [magic, flags = 0, high = 0, low = 0] = bytes;
  return magic === frameMagic && (flags & 0x20) === 0 && bytes.length === frameHeaderBytes + high * 256 + low;
}
