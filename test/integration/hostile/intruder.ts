import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { decodeFrame, encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { frameFor } from '../../../src-main/core/protocol/framing.ts';
import { messageType, type HelloMessage, type Message } from '../../../src-main/core/protocol/messages.ts';
import { bytesOfFrame } from '../../../src-main/ports/placed-frame.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { createDialler } from '../../../src-main/transports/catalogue.ts';
import { silentLog } from '../../silent-log.ts';
import { until } from '../../until.ts';

export const wires = ['ws', 'wss', 'tcp', 'udp', 'quic'] as const;
export type Wire = (typeof wires)[number];

/** How one wire is reached. */
export interface WayIn {
  readonly wire: Wire;
  readonly url: string;
  /** PEM of who signed its certificate */
  readonly authority: string;
  /** an address of this machine to come from, 127.0.0.1 over QUIC */
  readonly from: string;
}

interface Link {
  send(bytes: Uint8Array): void;
  end(): void;
}
interface Heard {
  readonly onFrame: (frame: Uint8Array) => void;
  readonly onClose: () => void;
}

/** One connection of somebody who sends what nobody should. */
export class Intruder {
  readonly wire: Wire;
  readonly received: Message[] = [];
  isClosed = false;
  #link: Link | undefined;

  private constructor(wire: Wire) {
    this.wire = wire;
  }

  static async connect(way: WayIn): Promise<Intruder> {
    const intruder = new Intruder(way.wire);
    intruder.#link = await links[way.wire](way, {
      onFrame: (frame) => intruder.received.push(decodeFrame(frame.slice()).message),
      onClose: () => (intruder.isClosed = true),
    });
    return intruder;
  }

  /** Says HELLO and waits for WELCOME. */
  static async join(way: WayIn, hello: Partial<HelloMessage>): Promise<Intruder> {
    const intruder = await Intruder.connect(way);
    intruder.say({ type: messageType.hello, version: 1, name: 'intruder', features: ['param'], ...hello });
    await until(`WELCOME over ${way.wire}`, () => intruder.count(messageType.welcome) > 0 || intruder.isClosed);
    return intruder;
  }

  /** What may be no frame at all. */
  throw(bytes: Uint8Array): void {
    if (!this.isClosed) this.#link?.send(bytes);
  }

  say(message: Message, timestamp?: bigint): void {
    this.throw(encodeFrame(message, timestamp === undefined ? undefined : { timestamp }));
  }

  count(type: number): number {
    return this.received.filter((each) => each.type === type).length;
  }

  errors(): readonly number[] {
    return this.received.flatMap((each) => (each.type === messageType.error ? [each.code] : []));
  }

  /** Until the router has dealt with all that it was sent, or has ended the connection. */
  async settled(): Promise<void> {
    const before = this.count(messageType.pong);
    let looks = 0;
    await until(`${this.wire} to be dealt with`, () => {
      // A datagram may be lost.
      if (looks++ % 100 === 0) this.say({ type: messageType.ping });
      return this.isClosed || this.count(messageType.pong) > before;
    });
  }

  end(): void {
    this.#link?.end();
  }
}

const links: Readonly<Record<Wire, (way: WayIn, heard: Heard) => Promise<Link>>> = {
  ws: openWebSocket,
  wss: openWebSocket,
  tcp: async ({ url, from }, { onFrame, onClose }) => {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), localAddress: from });
    let rest = Buffer.alloc(0);
    socket.on('close', onClose).on('error', () => undefined);
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32BE()) {
        onFrame(rest.subarray(4, 4 + rest.readUInt32BE()));
        rest = rest.subarray(4 + rest.readUInt32BE());
      }
    });
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    const send = (bytes: Uint8Array): void => void socket.write(frameFor('length32', bytes).slice());
    return { send, end: () => socket.destroy() };
  },
  udp: async ({ url, from }, { onFrame, onClose }) => {
    const { hostname, port } = new URL(url);
    const socket = createSocket('udp4').on('error', () => undefined);
    // An empty one says that there is no session.
    socket.on('message', (bytes) => (bytes.length === 0 ? onClose() : onFrame(bytes)));
    await new Promise<void>((resolve) => socket.bind(0, from, resolve));
    const send = (bytes: Uint8Array): void => {
      if (bytes.length <= 65_507) socket.send(bytes, Number(port), hostname);
    };
    return { send, end: () => socket.close() };
  },
  quic: async ({ url, authority }, { onFrame, onClose }) => {
    const needs = { clock: createSystemClock(), log: silentLog, authorities: [authority], radioProcess: 'none' };
    const dialler = await createDialler(url, needs);
    const connection = await dialler.dial(url);
    connection.onFrame((frame) => onFrame(bytesOfFrame(frame)));
    connection.onClose(onClose);
    const waiting: Uint8Array[] = [];
    const drain = (): void => {
      for (let next = waiting[0]; next && connection.send(next); next = waiting[0]) waiting.shift();
    };
    connection.onDrain(drain);
    const send = (bytes: Uint8Array): void => {
      if (bytes.length > connection.maxBytes) return;
      waiting.push(frameFor(connection.framing, bytes).slice());
      drain();
    };
    return { send, end: () => connection.close() };
  },
};

async function openWebSocket({ url, from }: WayIn, { onFrame, onClose }: Heard): Promise<Link> {
  const options = { perMessageDeflate: false, localAddress: from, rejectUnauthorized: false };
  const webSocket = new WebSocket(url, 'clasp', options);
  webSocket.on('message', (data) => data instanceof Buffer && onFrame(data));
  webSocket.on('close', onClose).on('error', () => undefined);
  await new Promise((resolve, reject) => webSocket.once('open', resolve).once('error', reject));
  return {
    send: (bytes) => webSocket.readyState === WebSocket.OPEN && webSocket.send(bytes),
    end: () => webSocket.terminate(),
  };
}
