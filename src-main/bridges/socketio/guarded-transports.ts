import type { Duplex } from 'node:stream';
import { NodeWebSocket, NodeXHR } from 'socket.io-client';
import { WebSocket } from 'ws';
import type { SocketioBridge } from '../../contract/bridges/socketio.ts';
import type { DialCard } from '../../ports/dial-card.ts';
import type { HttpCallerOptions } from '../../platform/http-caller.ts';
import { PollingRequest } from './polling-request.ts';

/** A packet of the line, before Socket.IO reads it. */
interface LinePacket {
  readonly type: string;
  readonly data?: unknown;
}

// The library takes a handshake, a packet and an answer for what they should be: what is none would throw where nobody
// catches it, and end the process.

class GuardedWebSocket extends NodeWebSocket {
  #stream: Duplex | undefined;

  /** The library brings a `ws` of its own, which is older: it answers pings without end to a server that reads none. Each message has
   *  a turn of the event loop, since a server may say many thousands at once. */
  override createSocket(uri: string, protocols: string | string[] | undefined, options: object): WebSocket {
    const own = { perMessageDeflate: false, allowSynchronousEvents: false };
    const webSocket = new WebSocket(uri, protocols, { ...options, ...own });
    return webSocket.once('upgrade', ({ socket }) => (this.#stream = socket));
  }

  protected override onPacket(packet: LinePacket): void {
    if (isInOrder(packet, this.query)) super.onPacket(packet as never);
    else this.onError('parse error', new TypeError('no handshake, or one without its times'));
  }

  protected override onData(data: never): void {
    try {
      super.onData(data);
    } catch (error) {
      this.onError('parse error', error);
    }
    this.#wait(this.ws as WebSocket | null);
  }

  /** Who reads none of the answers to its pings and events is not read either until it does. */
  #wait(webSocket: WebSocket | null): void {
    if (!webSocket || webSocket.isPaused || (this.#stream?.writableLength ?? 0) <= unreadBytesMax) return;
    webSocket.pause();
    this.#stream?.once('drain', () => webSocket.resume());
  }
}

class GuardedPolling extends NodeXHR {
  override request({ method, data }: { method?: 'GET' | 'POST'; data?: string } = {}): never {
    const {
      extraHeaders = {},
      maxPayload,
      card,
      ca,
      cert,
      key,
      rejectUnauthorized,
    } = this.opts as unknown as DiallingOptions;
    const tls = { ...{ ca, cert, key }, ...(rejectUnauthorized !== undefined && { rejectUnauthorized }) };
    const how = { headers: extraHeaders, bytesMax: maxPayload, card, tls };
    return new PollingRequest({ url: this.uri(), method, data, ...how }) as never;
  }

  protected override onPacket(packet: LinePacket): void {
    if (isInOrder(packet, this.query)) super.onPacket(packet as never);
    else this.onError('parse error', new TypeError('no handshake, or one without its times'));
  }

  override onData(data: never): void {
    try {
      if ((this.socket as LineState).writeBuffer.length > unreadPacketsMax)
        throw new RangeError('it talks, and takes no answers');
      super.onData(data);
    } catch (error) {
      this.onError('parse error', error);
    }
  }
}

/** What a line was told of dialling, as far as a request needs it. */
interface DiallingOptions extends NonNullable<HttpCallerOptions['tls']> {
  readonly card: DialCard;
  readonly extraHeaders?: Readonly<Record<string, string>>;
  readonly maxPayload: number;
}

/** What waits to be sent, of the library's socket. */
interface LineState {
  readonly writeBuffer: readonly unknown[];
}

/** Packets, or bytes, that may wait for a server that goes on talking. */
const unreadPacketsMax = 100_000;
const unreadBytesMax = 256 * 1024;

const timeMax = 24 * 3600 * 1000;

/** Without a handshake and its times, timers would be made of nonsense. [Engine.IO protocol 4, handshake]
 *  @param query has the id that the server gave it, once it did */
function isInOrder({ type, data }: LinePacket, query: Readonly<Record<string, unknown>>): boolean {
  if (type !== 'open') return query['sid'] !== undefined;
  const said: unknown = JSON.parse(String(data));
  if (typeof said !== 'object' || said === null) return false;
  const { sid, pingInterval, pingTimeout } = said as Readonly<Record<string, unknown>>;
  return typeof sid === 'string' && [pingInterval, pingTimeout].every(isTime);
}

function isTime(said: unknown): boolean {
  return typeof said === 'number' && said >= 0 && said <= timeMax;
}

const byName = { websocket: GuardedWebSocket, polling: GuardedPolling } as const;

/** What carries a connection, in the order in which it is tried. */
export function guardedTransports(names: SocketioBridge['settings']['transports']): (typeof byName)['websocket'][] {
  return names.map((name) => byName[name]) as unknown as (typeof byName)['websocket'][];
}

/** A packet of Socket.IO as its reader gives it. */
interface RawPacket {
  readonly type: number;
  readonly data?: unknown;
}

/** Lets a reader refuse packets without what their kind has, which the library would stumble over.
 *  @param decoder of a manager, which reads text with `decodeString` */
export function guardDecoder(decoder: unknown): void {
  const reader = decoder as { decodeString: (text: string) => RawPacket };
  const read = reader.decodeString.bind(reader);
  reader.decodeString = (text) => {
    const packet = read(text);
    if (!isWhole(packet)) throw new TypeError(`a packet of kind ${packet.type} without what it has to say`);
    return packet;
  };
}

// [Socket.IO protocol 5, packet encoding] 2 and 5: events, 3 and 6: acknowledgements, 4: why a namespace is refused.
function isWhole({ type, data }: RawPacket): boolean {
  if (type === 2 || type === 5) return Array.isArray(data) && data.length > 0;
  if (type === 3 || type === 6) return Array.isArray(data);
  return type !== 4 || (data !== undefined && data !== null);
}
