import { messageOf, UnavailableError, type ProtocolError } from '../../contract/errors.ts';
import { UdpSocket, type UdpEndpoint } from '../../platform/udp-socket.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Connection, Listening } from '../../ports/transport.ts';
import { OpenConnections } from '../open-connections.ts';
import { dialledHost } from '../../platform/open-port.ts';
import type { TlsIdentity } from '../tls.ts';
import { AcceptedSession, type HandshakeRefusal } from './accepted-session.ts';
import { connectionOver, framingOf } from './connection-over.ts';
import { PacketGate, type PacketRefusal } from './packet-gate.ts';
import type { QuicLimits } from './quic-limits.ts';
import type { QuicConnection } from './quic-connection.ts';
import type { QuicSession } from './quic-session.ts';
import type { QuicStream } from './quic-stream.ts';
import { connectionIdBytes, loadQuiche, serverConfig, type Quiche, type QuicheConfig } from './quiche.ts';
import { ResetTokens } from './reset-tokens.ts';
import { SourceCounts } from './source-counts.ts';

/** full: there were as many connections as may be. source: the same from one address. datagram: of a connection, but no
 *  sample, or too much at once. */
export type QuicRefusal = PacketRefusal | HandshakeRefusal | 'full' | 'source' | 'datagram';

export interface QuicListenerOptions {
  /** an IP address of this machine, or of all its cards */
  readonly host: string;
  /** 0 picks a free one */
  readonly port: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: QuicLimits;
  readonly identity: TlsIdentity;
  readonly onFault: (fault: ProtocolError) => void;
  readonly onRefused: (why: QuicRefusal) => void;
}

const refusalWords = { full: 'too many connections', source: 'too many connections from this address' } as const;

interface Opened extends QuicListenerOptions {
  readonly quiche: Quiche;
  readonly config: QuicheConfig;
  readonly socket: UdpSocket;
}

interface Welcomed {
  readonly framing: 'length32' | 'none';
  readonly from: UdpEndpoint;
}

/** for what cannot be told to anybody */
const unheard = (): void => undefined;

/** A UDP port that takes QUIC connections; each stream that a client opens on one is a connection of CLASP. */
export class QuicListener {
  readonly #options: Opened;
  readonly #accept: (connection: Connection) => void;
  readonly #resets: ResetTokens;
  readonly #gate: PacketGate;
  readonly #open = new OpenConnections();
  readonly #sessions = new Set<AcceptedSession>();
  /** those that are to be told that they do not get in */
  readonly #refused = new Set<AcceptedSession>();
  readonly #byId = new Map<string, AcceptedSession>();
  readonly #sources = new SourceCounts();
  #isStopping = false;

  private constructor(options: Opened, accept: (connection: Connection) => void) {
    const { identity, socket } = options;
    this.#options = options;
    this.#accept = accept;
    this.#resets = new ResetTokens(identity.key, socket.local.port);
    this.#gate = new PacketGate({
      ...options,
      resets: this.#resets,
      transmit: (packet, to) => socket.send(packet, to, unheard),
    });
  }

  /** @throws UnavailableError 'port-in-use' | 'cannot-open-port' */
  static async open(options: QuicListenerOptions, accept: (connection: Connection) => void): Promise<Listening> {
    const quiche = await loadQuiche();
    const config = configOf(quiche, options);
    const socket = await UdpSocket.open({
      address: options.host,
      port: options.port,
      onMessage: (bytes, from) => listener.#receive(bytes, from),
      onError: (reason) => listener.#die(reason),
    });
    const listener = new QuicListener({ ...options, quiche, config, socket }, accept);
    const { address, port } = socket.local;
    const family = address.includes(':') ? 'IPv6' : 'IPv4';
    return { url: `quic://${dialledHost({ address, family })}:${port}`, stop: () => listener.#stop() };
  }

  #receive(bytes: Uint8Array, from: UdpEndpoint): void {
    const known = isShort(bytes) ? this.#byId.get(keyOf(bytes.subarray(1, 1 + connectionIdBytes))) : undefined;
    if (known) return known.session.receive(bytes, from);
    this.#receiveOther(bytes, from);
  }

  /** What is of no connection yet, or of one that is being made. */
  #receiveOther(bytes: Uint8Array, from: UdpEndpoint): void {
    const { quiche, onRefused } = this.#options;
    let header;
    try {
      header = quiche.Header.fromSlice(bytes, connectionIdBytes);
    } catch {
      return onRefused('packet');
    }
    const known = this.#byId.get(keyOf(header.dcid));
    if (known) return known.session.receive(bytes, from);
    if (this.#isStopping) return;
    const originalId = this.#gate.admit(header, bytes.length, from);
    if (originalId) this.#take(bytes, from, { first: header.dcid, original: originalId });
  }

  #take(
    bytes: Uint8Array,
    from: UdpEndpoint,
    ids: { readonly first: Uint8Array; readonly original: Uint8Array },
  ): void {
    const { quiche, config, socket, limits, onRefused } = this.#options;
    const { local } = socket;
    const refusal = this.#refusalOf(from);
    if (refusal) onRefused(refusal);
    if (refusal && this.#refused.size >= limits.refusedAtOnceMax) return;
    const here = placeOf(local);
    let connection;
    try {
      // Each connection takes what it finds there.
      config.setStatelessResetToken(this.#resets.numberOf(ids.first));
      connection = quiche.Connection.accept(ids.first, ids.original, here, placeOf(from), config);
    } catch {
      return onRefused('packet');
    }
    let first: QuicConnection | undefined;
    const accepted: AcceptedSession = new AcceptedSession({
      ...this.#options,
      connection,
      local,
      transmit: (packet, to) => socket.send(packet, to, unheard),
      resets: this.#resets,
      firstId: ids.first,
      onId: (id, owner) => (owner ? this.#byId.set(keyOf(id), owner) : this.#byId.delete(keyOf(id))),
      onStream: (stream, firstByte) => {
        const welcomed = this.#welcome(accepted.session, stream, { framing: framingOf(firstByte), from });
        if (stream.id === 0) first = welcomed;
      },
      onDatagram: (datagram) => (first ? first.receiveDatagram(datagram) : onRefused('datagram')),
      refusal: refusal && refusalWords[refusal],
      onGone: () => {
        const wasIn = this.#sessions.delete(accepted);
        if (wasIn) this.#sources.remove(from.address);
        else this.#refused.delete(accepted);
      },
    });
    if (refusal) this.#refused.add(accepted);
    else {
      this.#sessions.add(accepted);
      this.#sources.add(from.address);
    }
    accepted.session.receive(bytes, from);
  }

  #refusalOf({ address }: UdpEndpoint): 'full' | 'source' | undefined {
    const { limits } = this.#options;
    if (this.#sessions.size >= limits.connectionsMax) return 'full';
    return this.#sources.count(address) >= limits.connectionsPerSourceMax ? 'source' : undefined;
  }

  #welcome(session: QuicSession, stream: QuicStream, { framing, from }: Welcomed): QuicConnection {
    const { clock, limits, onFault, onRefused } = this.#options;
    const onLostDatagram = (): void => onRefused('datagram');
    const host = from.address.includes(':') ? `[${from.address}]` : from.address;
    const peer = `quic ${host}:${from.port}${stream.id === 0 ? '' : ` stream ${stream.id / 4}`}`;
    const connection = connectionOver(session, stream, { peer, framing, clock, limits, onFault, onLostDatagram });
    this.#open.add(connection);
    this.#accept(connection);
    return connection;
  }

  async #stop(): Promise<void> {
    const { clock, limits, socket } = this.#options;
    this.#isStopping = true;
    const reason = 'the listener stops';
    await this.#open.closeAll(reason, { clock, withinMs: limits.closeTimeoutMs });
    for (const { session } of [...this.#sessions, ...this.#refused]) {
      session.close(reason);
      session.drop();
    }
    await socket.close();
  }

  #die({ message }: UnavailableError): void {
    this.#options.log.warn('quic port failed', { reason: message });
    for (const { session } of [...this.#sessions, ...this.#refused]) session.drop();
  }
}

/** @throws UnavailableError 'cannot-open-port' */
function configOf(quiche: Quiche, { identity, limits, host, port }: QuicListenerOptions): QuicheConfig {
  try {
    return serverConfig(quiche, identity, limits);
  } catch (cause) {
    const message = `QUIC cannot show this certificate, or use its key: ${messageOf(cause)}.`;
    throw new UnavailableError('cannot-open-port', message, { host, port }, { cause });
  }
}

/** quiche knows no cards. */
function placeOf({ address, port }: UdpEndpoint): { readonly host: string; readonly port: number } {
  return { host: address.split('%')[0] ?? address, port };
}

/** Nearly all packets are, and their id stands behind the first byte. [RFC 9000 17.3] */
function isShort(bytes: Uint8Array): boolean {
  return ((bytes[0] ?? 0) & 0x80) === 0 && bytes.length > connectionIdBytes;
}

function keyOf(id: Uint8Array): string {
  return Buffer.from(id.buffer, id.byteOffset, id.length).toString('latin1');
}
