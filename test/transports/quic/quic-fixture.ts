import { randomBytes } from 'node:crypto';
import { afterEach } from 'vitest';
import { millis } from '../../../src-main/contract/units.ts';
import { encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { makeAuthority, makeServerCertificate } from '../../../src-main/platform/certificate-maker.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { UdpSocket } from '../../../src-main/platform/udp-socket.ts';
import type { Connection, Listening } from '../../../src-main/ports/transport.ts';
import { quicLimits } from '../../../src-main/transports/quic/quic-limits.ts';
import { QuicSession } from '../../../src-main/transports/quic/quic-session.ts';
import type { QuicStream } from '../../../src-main/transports/quic/quic-stream.ts';
import {
  createQuicTransport,
  type QuicTransport,
  type QuicTransportOptions,
} from '../../../src-main/transports/quic/quic-transport.ts';
import { clientConfig, loadQuiche, type QuicheConfig } from '../../../src-main/transports/quic/quiche.ts';
import type { SessionEnd } from '../../../src-main/transports/quic/session-end.ts';
import { silentLog } from '../../silent-log.ts';
import { until } from '../../until.ts';

const now = Date.now();
export const authority = await makeAuthority('Flyrail test', now);
const here = await makeServerCertificate(authority, ['127.0.0.1', 'localhost', '::1'], now);

export const ping = encodeFrame({ type: messageType.ping }).slice();

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
/** Runs when the test is over. */
export function atEnd(run: () => unknown): void {
  ends.push(run);
}

export function makeQuic({ limits, ...options }: Partial<QuicTransportOptions> = {}): QuicTransport {
  return createQuicTransport({
    host: '127.0.0.1',
    port: 0,
    clock: createSystemClock(),
    log: silentLog,
    identity: here,
    authorities: [authority.cert],
    limits: { dialTimeoutMs: millis(2000), ...limits },
    ...options,
  });
}

export interface QuicDoor {
  readonly transport: QuicTransport;
  readonly listening: Listening;
  readonly port: number;
  readonly accepted: Connection[];
  /** peers that left, with the reasons */
  readonly closed: string[];
  /** all that came, as hex */
  readonly heard: string[];
}

export async function openQuic(options: Partial<QuicTransportOptions> = {}): Promise<QuicDoor> {
  const transport = makeQuic(options);
  const [accepted, closed, heard]: [Connection[], string[], string[]] = [[], [], []];
  const listening = await transport.listen((connection) => {
    accepted.push(connection);
    connection.onFrame(({ slab, start, end }) => heard.push(Buffer.from(slab.subarray(start, end)).toString('hex')));
    connection.onClose((reason) => closed.push(reason));
  });
  atEnd(() => listening.stop());
  return { transport, listening, port: Number(new URL(listening.url).port), accepted, closed, heard };
}

export interface RawPeer {
  readonly session: QuicSession;
  /** what came as datagrams, as hex */
  readonly datagrams: string[];
  /** how it ended */
  end(): SessionEnd | undefined;
  /** from now on packets leave from another port */
  move(): Promise<void>;
  stream(): QuicStream;
}

export interface RawPeerOptions {
  /** changes what the client's side offers */
  readonly configure?: (config: QuicheConfig) => void;
  /** before the first packet */
  readonly prepare?: (session: QuicSession) => void;
  /** whether the nth packet leaves, from 0 on */
  readonly passes?: (nth: number, packet: Uint8Array) => boolean;
  /** does not wait for the handshake */
  readonly isHeld?: boolean;
}

/** A QUIC client that is not ours: does what it is told, on quiche alone. */
export async function dialRaw(port: number, options: RawPeerOptions = {}): Promise<RawPeer> {
  const quiche = await loadQuiche();
  const to = { address: '127.0.0.1', port };
  const datagrams: string[] = [];
  let ended: SessionEnd | undefined;
  let sent = 0;
  const sockets: UdpSocket[] = [];
  const openSocket = async (): Promise<UdpSocket> => {
    const onMessage = (bytes: Uint8Array): void => sessions[0]?.receive(bytes, to);
    const opened = await UdpSocket.open({ address: '127.0.0.1', port: 0, onMessage, onError: () => undefined });
    sockets.push(opened);
    return opened;
  };
  const sessions: QuicSession[] = [];
  let socket = await openSocket();
  atEnd(() => Promise.all(sockets.map((each) => each.close())));
  const config = clientConfig(quiche, [authority.cert], quicLimits);
  options.configure?.(config);
  const local = { host: socket.local.address, port: socket.local.port };
  const there = { host: to.address, port };
  const connection = quiche.Connection.connect('localhost', randomBytes(20), local, there, config);
  const made = new QuicSession({
    quiche,
    connection,
    local: socket.local,
    clock: createSystemClock(),
    limits: quicLimits,
    transmit: (packet) => {
      if (options.passes?.(sent++, packet) ?? true) socket.send(packet, to, () => undefined);
    },
    onEstablished: () => undefined,
    onStream: (stream) => stream.destroy(),
    onDatagram: (datagram) => datagrams.push(Buffer.from(datagram).toString('hex')),
    onStreamless: () => undefined,
    onEnd: (end) => (ended = end),
    onGone: () => undefined,
  });
  sessions.push(made);
  atEnd(() => made.drop());
  options.prepare?.(made);
  made.start();
  if (options.isHeld !== true) await until('the handshake', () => made.isEstablished || ended !== undefined);
  return {
    session: made,
    datagrams,
    end: () => ended,
    move: async () => void (socket = await openSocket()),
    stream: () => {
      const stream = made.openStream();
      stream.on('error', () => undefined);
      return stream;
    },
  };
}
