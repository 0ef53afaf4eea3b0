import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { encodeFrame } from '../../core/protocol/frame.ts';
import { messageType } from '../../core/protocol/messages.ts';
import { UdpSocket, type UdpEndpoint } from '../../platform/udp-socket.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Connection, Dialler } from '../../ports/transport.ts';
import { dialFault } from '../socket-faults.ts';
import { parseSocketUrl } from '../socket-url.ts';
import { isShared } from './udp-address.ts';
import { UdpConnection } from './udp-connection.ts';
import { frameBytesFor, udpLimits, type UdpLimits } from './udp-limits.ts';

export interface UdpDiallerOptions {
  readonly clock: Clock;
  readonly limits?: Partial<UdpLimits>;
}

const ping = encodeFrame({ type: messageType.ping }).slice();

/** The client's side of CLASP over UDP: `udp://host:port`. It asks by PING whether anybody is there; at the address of a group
 *  or of a whole network, whoever answers first is the router.
 *  @see CLASP-WIRE §12 */
export function createUdpDialler({ clock, ...options }: UdpDiallerOptions): Dialler {
  const limits: UdpLimits = { ...udpLimits, ...options.limits };
  const probes = new Set<Probe>();
  return {
    dial: async (url) => {
      const { host, port } = parseSocketUrl(url, ['udp']);
      const probe = new Probe({ clock, limits });
      probes.add(probe);
      try {
        return await probe.run({ address: await addressOf(host, url), port }, url);
      } finally {
        probes.delete(probe);
      }
    },
    abandon: () => {
      for (const probe of probes) probe.fail('given up');
    },
  };
}

interface ProbeOptions {
  readonly clock: Clock;
  readonly limits: UdpLimits;
}

/** One socket, which asks until somebody answers, and is that one's from then on. */
class Probe {
  readonly #options: ProbeOptions;
  #to: UdpEndpoint = { address: '', port: 0 };
  #socket: UdpSocket | undefined;
  #connection: UdpConnection | undefined;
  #peer: UdpEndpoint | undefined;
  /** why the last question did not leave */
  #trouble: string | undefined;
  /** also before anything was asked */
  #failed: string | undefined;
  #settle: { readonly resolve: (connection: Connection) => void; readonly reject: (error: Error) => void } | undefined;
  #timers: Cancel[] = [];

  constructor(options: ProbeOptions) {
    this.#options = options;
  }

  /** @throws UnavailableError 'cannot-open-port' */
  async run(to: UdpEndpoint, url: string): Promise<Connection> {
    const { clock, limits } = this.#options;
    this.#to = to;
    try {
      this.#socket = await UdpSocket.open({
        address: this.#to.address.includes(':') ? '::' : '0.0.0.0',
        port: 0,
        onMessage: (bytes, from) => this.#receive(bytes, from),
        onError: (reason) => this.fail(reason.message),
        multicast: { timeToLive: 1 },
      });
      return await new Promise<Connection>((resolve, reject) => {
        this.#settle = { resolve, reject };
        if (this.#failed !== undefined) return reject(new Error(this.#failed));
        this.#timers.push(clock.after(limits.dialTimeoutMs, () => this.fail(this.#trouble ?? 'nobody answered')));
        this.#ask();
      });
    } catch (error) {
      this.#quiet();
      await this.#socket?.close();
      throw dialFault(url, error);
    }
  }

  fail(reason: string): void {
    this.#failed ??= reason;
    this.#settle?.reject(new Error(reason));
    this.#connection?.terminate(reason);
  }

  #ask(): void {
    const { clock, limits } = this.#options;
    this.#socket?.send(ping, this.#to, (failure) => (this.#trouble = failure?.message));
    this.#timers.push(clock.after(limits.probeEveryMs, () => this.#ask()));
  }

  #receive(bytes: Uint8Array, from: UdpEndpoint): void {
    if (this.#connection) {
      if (from.address === this.#peer?.address && from.port === this.#peer.port) this.#connection.receive(bytes);
      return;
    }
    const isAsked = from.address === this.#to.address && from.port === this.#to.port;
    if (isAsked || isShared(this.#to.address)) this.#found(from);
  }

  #found(peer: UdpEndpoint): void {
    const { limits } = this.#options;
    this.#quiet();
    this.#peer = peer;
    const connection = new UdpConnection({
      peer: `udp ${peer.address}:${peer.port}`,
      maxBytes: frameBytesFor(peer.address, limits),
      limits,
      isProven: true,
      transmit: (bytes, settled) => this.#socket?.send(bytes, peer, settled),
    });
    this.#connection = connection;
    connection.onClose(() => void this.#socket?.close());
    this.#settle?.resolve(connection);
  }

  #quiet(): void {
    for (const cancel of this.#timers.splice(0)) cancel();
  }
}

async function addressOf(host: string, url: string): Promise<string> {
  if (isIP(host) !== 0) return host;
  try {
    // Nobody may answer at the first of several: routers listen on IPv4 unless told otherwise.
    return (await lookup(host, { order: 'ipv4first' })).address;
  } catch (error) {
    throw dialFault(url, error);
  }
}
