import { UnavailableError, type AppError } from '../../contract/errors.ts';
import { millisToMicros, type Micros } from '../../contract/units.ts';
import { encodeFrame, frameMagic, isTimed, payloadTypeOf } from '../../core/protocol/frame.ts';
import { isLegacyPayload } from '../../core/protocol/legacy-message.ts';
import { messageType } from '../../core/protocol/messages.ts';
import { UdpSocket, type UdpEndpoint } from '../../platform/udp-socket.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { placedFrame } from '../../ports/placed-frame.ts';
import type { Connection, Listening } from '../../ports/transport.ts';
import { KeepAlive } from '../../platform/keep-alive.ts';
import { OpenConnections } from '../open-connections.ts';
import { dialledHost } from '../../platform/open-port.ts';
import { SessionDoubt } from './session-doubt.ts';
import { goodbye, UdpConnection } from './udp-connection.ts';
import { frameBytesFor, type UdpLimits } from './udp-limits.ts';

export type UdpLoss = 'stranger' | 'full' | 'overrun' | 'forged';

export interface UdpListenerOptions {
  /** an IP address of this machine, or of all its cards */
  readonly host: string;
  /** 0 picks a free one */
  readonly port: number;
  /** multicast groups that are heard too */
  readonly groups: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: UdpLimits;
  /** a datagram was left out: of nobody we know, too much at once, or of somebody who wrote another's address on it */
  readonly onLost: (why: UdpLoss) => void;
}

const pong = encodeFrame({ type: messageType.pong }).slice();
/** for what cannot be told to anybody */
const unheard = (): void => undefined;

interface Peer {
  readonly connection: UdpConnection;
  readonly doubt: SessionDoubt;
  readonly since: Micros;
}

/** A UDP port on which each address that says HELLO is a peer of its own. */
export class UdpListener {
  readonly #options: UdpListenerOptions;
  readonly #accept: (connection: Connection) => void;
  readonly #peers = new Map<string, Peer>();
  readonly #open = new OpenConnections();
  readonly #keepAlive: KeepAlive;
  #socket: UdpSocket | undefined;
  #roomAgainAt = 0;

  private constructor(options: UdpListenerOptions, accept: (connection: Connection) => void) {
    this.#options = options;
    this.#accept = accept;
    this.#keepAlive = new KeepAlive(options.clock, options.limits.pingIntervalMs);
  }

  /** @throws UnavailableError 'port-in-use' | 'cannot-open-port' */
  static async open(options: UdpListenerOptions, accept: (connection: Connection) => void): Promise<Listening> {
    const listener = new UdpListener(options, accept);
    const { host, port } = options;
    const groups = checkedGroups(options);
    const socket = await UdpSocket.open({
      address: host,
      port,
      onMessage: (bytes, from) => listener.#receive(bytes, from),
      onError: (reason) => listener.#die(reason),
      ...(groups.length > 0 && { multicast: { timeToLive: 1, groups } }),
    });
    listener.#socket = socket;
    const family = socket.local.address.includes(':') ? 'IPv6' : 'IPv4';
    const url = `udp://${dialledHost({ address: socket.local.address, family })}:${socket.local.port}`;
    return { url, stop: () => listener.#stop() };
  }

  #receive(bytes: Uint8Array, from: UdpEndpoint): void {
    const { onLost } = this.#options;
    const known = this.#peers.get(keyOf(from));
    if (known) {
      if (bytes.length === goodbye.length) known.doubt.raise(undefined);
      else if (this.#beginsAnew(known, bytes)) known.doubt.raise(bytes);
      else this.#heard(known, bytes);
    } else if (isHello(bytes)) {
      this.#greet(bytes, from);
    } else if (payloadTypeOf(placedFrame(bytes)) === messageType.ping) {
      this.#socket?.send(pong, from, unheard);
    } else if (bytes.length > 0) {
      onLost('stranger');
      // Whoever believes in a session that is no more begins anew.
      this.#socket?.send(goodbye, from, unheard);
    }
  }

  #heard({ connection, doubt }: Peer, bytes: Uint8Array): void {
    if (payloadTypeOf(placedFrame(bytes)) !== messageType.hello) doubt.heard();
    if (!connection.receive(bytes)) this.#options.onLost('overrun');
  }

  /** A device that restarted at the same port, or never got its WELCOME. Sooner it may be the first HELLO twice; one with a
   *  request id the session itself tells from a repetition. */
  #beginsAnew({ since }: Peer, bytes: Uint8Array): boolean {
    if (payloadTypeOf(placedFrame(bytes)) !== messageType.hello || !isHello(bytes) || isTimed(bytes)) return false;
    const { clock, limits } = this.#options;
    return clock.nowMicros() - since >= millisToMicros(limits.helloAgainAfterMs);
  }

  #greet(bytes: Uint8Array, from: UdpEndpoint): void {
    const { clock, limits, onLost } = this.#options;
    if (this.#peers.size >= limits.connectionsMax) {
      onLost('full');
      if (!this.#makeRoom()) return;
    }
    const key = keyOf(from);
    const connection = new UdpConnection({
      peer: `udp ${key}`,
      maxBytes: frameBytesFor(from.address, limits),
      limits,
      isProven: false,
      transmit: (frame, settled) => this.#transmit(frame, from, settled),
    });
    const onGone = (hello: Uint8Array | undefined): void => {
      connection.terminate(hello ? 'said HELLO again' : 'closed by the peer');
      if (hello) this.#greet(hello, from);
    };
    const doubt = new SessionDoubt({ connection, clock, limits, onForged: () => onLost('forged'), onGone });
    this.#peers.set(key, { connection, doubt, since: clock.nowMicros() });
    this.#open.add(connection);
    this.#keepAlive.add(connection);
    connection.onClose(() => {
      doubt.stop();
      this.#peers.delete(key);
      this.#keepAlive.remove(connection);
    });
    connection.receive(bytes);
    this.#accept(connection);
  }

  /** Who said HELLO and nothing since may be nobody: anybody can write other addresses on packets. Now and then only, since a
   *  session costs more than a packet.
   *  @returns whether the oldest of them is gone */
  #makeRoom(): boolean {
    const { clock, limits } = this.#options;
    const now = clock.nowMicros();
    if (now < this.#roomAgainAt) return false;
    for (const { connection } of this.#peers.values()) {
      if (connection.isProven) continue;
      this.#roomAgainAt = now + millisToMicros(limits.roomEveryMs);
      connection.close('made room for another');
      return true;
    }
    return false;
  }

  #transmit(frame: Uint8Array, to: UdpEndpoint, settled: (failure?: AppError) => void): void {
    if (this.#socket) this.#socket.send(frame, to, settled);
    else settled(new UnavailableError('link-closed', 'The port is closed.'));
  }

  #die(reason: UnavailableError): void {
    this.#options.log.warn('udp port failed', { reason: reason.message });
    for (const { connection } of this.#peers.values()) connection.terminate(reason.message);
  }

  async #stop(): Promise<void> {
    const { clock, limits } = this.#options;
    await this.#open.closeAll('the listener stops', { clock, withinMs: limits.probeEveryMs });
    await this.#socket?.close();
  }
}

/** Each once: the system takes none twice. Where the port is open on one address only, some systems hand it nothing that was
 *  sent to a group.
 *  @throws UnavailableError 'cannot-open-port' */
function checkedGroups({ groups, host }: UdpListenerOptions): readonly string[] {
  const all = host.includes(':') ? '::' : '0.0.0.0';
  const foreign = groups.find((group) => group.includes(':') !== host.includes(':'));
  if (groups.length === 0 || (foreign === undefined && host === all)) return [...new Set(groups)];
  const group = foreign ?? groups[0] ?? '';
  const wanted = group.includes(':') ? '::' : '0.0.0.0';
  const message = `The group ${group} is heard only where the port is open on all addresses: host=${wanted}, not ${host}.`;
  throw new UnavailableError('cannot-open-port', message, { group, host });
}

function keyOf({ address, port }: UdpEndpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** HELLO in the binary encoding, or anything that looks like an old client's first word. */
function isHello(bytes: Uint8Array): boolean {
  if (bytes[0] !== frameMagic) return false;
  const type = payloadTypeOf(placedFrame(bytes));
  return type !== undefined && (type === messageType.hello || isLegacyPayload(type));
}
