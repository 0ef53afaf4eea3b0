import { decodePlaced, encodeFrame, isTimed, payloadTypeOf } from '../../core/protocol/frame.ts';
import { isLegacyPayload } from '../../core/protocol/legacy-message.ts';
import { messageType } from '../../core/protocol/messages.ts';
import { bytesOfFrame, type PlacedFrame } from '../../ports/placed-frame.ts';
import type { Connection } from '../../ports/transport.ts';
import type { KeepAlive } from '../../platform/keep-alive.ts';
import { farewell, isFarewell } from './farewell.ts';
import { SerialConnection } from './serial-connection.ts';
import type { SerialLine } from './serial-line.ts';

interface SerialSessionsOptions {
  readonly line: SerialLine;
  readonly peer: string;
  readonly maxBytes: number;
  readonly keepAlive: KeepAlive;
  readonly accept: (connection: Connection) => void;
  /** a frame of nobody who said HELLO */
  readonly onStranger: () => void;
}

const pong = encodeFrame({ type: messageType.pong }).slice();

/** Tells from what comes on a line who is there: a line has no connection, so a session begins with HELLO, and ends with the next
 *  one, with a farewell, or with the line. */
export class SerialSessions {
  readonly #options: SerialSessionsOptions;
  #session: { readonly connection: SerialConnection; readonly hello: Uint8Array } | undefined;

  constructor(options: SerialSessionsOptions) {
    this.#options = options;
  }

  get connection(): SerialConnection | undefined {
    return this.#session?.connection;
  }

  receive(frame: PlacedFrame): void {
    const { line, onStranger } = this.#options;
    const session = this.#session;
    if (isFarewell(frame)) {
      // Never answered: two routers on one line would not come to an end.
      session?.connection.terminate('closed by the peer');
    } else if (isHello(frame)) {
      if (session && isRepetition(frame, session.hello)) return session.connection.receive(frame);
      session?.connection.terminate('the peer began anew');
      this.#begin(frame);
    } else if (session) {
      session.connection.receive(frame);
    } else if (payloadTypeOf(frame) === messageType.ping) {
      line.write(pong);
    } else {
      onStranger();
      // Whoever believes in a session that is no more begins anew.
      line.write(farewell);
    }
  }

  #begin(hello: PlacedFrame): void {
    const { keepAlive, accept } = this.#options;
    const connection = new SerialConnection(this.#options);
    this.#session = { connection, hello: bytesOfFrame(hello).slice() };
    keepAlive.add(connection);
    connection.onClose(() => {
      keepAlive.remove(connection);
      if (this.#session?.connection === connection) this.#session = undefined;
    });
    connection.receive(hello);
    accept(connection);
  }
}

/** In either encoding. */
function isHello(frame: PlacedFrame): boolean {
  const type = payloadTypeOf(frame) ?? 0;
  return (
    type === messageType.hello || (isLegacyPayload(type) && decodePlaced(frame).message.type === messageType.hello)
  );
}

/** The same request once more, whose answer was lost: the session itself tells. */
function isRepetition(frame: PlacedFrame, hello: Uint8Array): boolean {
  return isTimed(frame.slab, frame.start) && Buffer.compare(bytesOfFrame(frame), hello) === 0;
}
