import type { Value } from '../../contract/signal.ts';
import { decodeFrame, encodeFrame } from '../../core/protocol/frame.ts';
import { frameFor } from '../../core/protocol/framing.ts';
import { messageType, type Message } from '../../core/protocol/messages.ts';
import { routerSignalId, signalAddress, signalTarget } from '../../core/protocol/p2p.ts';
import { WireValue } from '../../core/protocol/wire-value.ts';
import { bytesOfFrame } from '../../ports/placed-frame.ts';
import type { Connection } from '../../ports/transport.ts';

export interface SignallingSessionOptions {
  /** to the router, for this alone */
  readonly connection: Connection;
  readonly token: string | undefined;
  /** The router lets us in. @param id of our session */
  readonly onOpen: (id: string) => void;
  /** what its WebRTC door tells us */
  readonly onSignal: (value: Value) => void;
  /** The router does not want us, or is gone. */
  readonly onEnd: (reason: string) => void;
}

/** A session with a router that only signals. @see CLASP-WIRE §15 */
export class SignallingSession {
  readonly #options: SignallingSessionOptions;
  #id: string | undefined;

  constructor(options: SignallingSessionOptions) {
    this.#options = options;
    const { connection, token, onEnd } = options;
    connection.onClose((reason) => onEnd(`the router's WebSocket is closed: ${reason}`));
    connection.onFrame((frame) => this.#hear(bytesOfFrame(frame)));
    this.#put({
      type: messageType.hello,
      version: 1,
      features: [],
      name: 'flyrail signalling',
      ...(token !== undefined && { token }),
    });
  }

  send(value: Value): void {
    const address = signalAddress(routerSignalId);
    this.#put({ type: messageType.publish, kind: 'event', address, value: WireValue.of(value) });
  }

  close(): void {
    this.#options.connection.close('signalled');
  }

  #hear(bytes: Uint8Array): void {
    const { onOpen, onSignal, onEnd } = this.#options;
    const message = tryDecode(bytes);
    if (message?.type === messageType.error) {
      const isMissing = message.code === 404;
      onEnd(isMissing ? 'the router has no way in over WebRTC' : `ERROR ${message.code}: ${message.message}`);
    } else if (message?.type === messageType.welcome && this.#id === undefined) {
      this.#id = message.session;
      onOpen(message.session);
    } else if (message?.type === messageType.publish && this.#id !== undefined && message.value) {
      if (signalTarget(message.address) === this.#id) onSignal(message.value.value);
    }
  }

  #put(message: Message): void {
    const { connection } = this.#options;
    connection.send(frameFor(connection.framing, encodeFrame(message).slice()));
  }
}

function tryDecode(bytes: Uint8Array): Message | undefined {
  try {
    return decodeFrame(bytes).message;
  } catch {
    // Nothing that it tells us here can be needed.
    return undefined;
  }
}
