import { randomBytes, X509Certificate } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import type { Cancel } from '../../contract/message-link.ts';
import { UdpSocket, type UdpEndpoint } from '../../platform/udp-socket.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Connection, Dialler } from '../../ports/transport.ts';
import { dialFault } from '../socket-faults.ts';
import { parseSocketUrl, type SocketAddress } from '../socket-url.ts';
import { connectionOver } from './connection-over.ts';
import { quicLimits, type QuicLimits } from './quic-limits.ts';
import type { QuicConnection } from './quic-connection.ts';
import { QuicSession } from './quic-session.ts';
import { clientConfig, connectionIdBytes, loadQuiche, type Quiche, type QuicheConfig } from './quiche.ts';

export interface QuicDiallerOptions {
  readonly clock: Clock;
  /** PEM of authorities that are trusted beside the well-known ones */
  readonly authorities?: readonly string[];
  readonly limits?: Partial<QuicLimits>;
  /** a router sent what no frame begins with */
  readonly onFault?: () => void;
}

interface Loaded {
  readonly quiche: Quiche;
  readonly config: QuicheConfig;
}

/** The client's side of CLASP over QUIC: `quic://host:port`, one connection with one stream each.
 *  @see CLASP-WIRE §12 */
export function createQuicDialler({ clock, authorities = [], ...options }: QuicDiallerOptions): Dialler {
  const limits: QuicLimits = { ...quicLimits, ...options.limits };
  const attempts = new Set<Attempt>();
  let loaded: Promise<Loaded> | undefined;
  const load = async (): Promise<Loaded> => {
    const quiche = await loadQuiche();
    return { quiche, config: clientConfig(quiche, authorities, limits) };
  };
  return {
    dial: async (url) => {
      const to = parseSocketUrl(url, ['quic']);
      const attempt = new Attempt({ ...options, clock, limits });
      attempts.add(attempt);
      try {
        return await attempt.run(to, await (loaded ??= load()));
      } catch (error) {
        throw dialFault(url, error);
      } finally {
        attempts.delete(attempt);
      }
    },
    abandon: () => {
      for (const attempt of attempts) attempt.fail(new Error('given up'));
    },
  };
}

interface AttemptOptions {
  readonly clock: Clock;
  readonly limits: QuicLimits;
  readonly onFault?: () => void;
}

/** One socket and one QUIC connection on it. */
class Attempt {
  readonly #options: AttemptOptions;
  #session: QuicSession | undefined;
  #connection: QuicConnection | undefined;
  #socket: UdpSocket | undefined;
  /** why the last packet did not leave */
  #trouble: string | undefined;
  /** also before anything was sent */
  #failed: Error | undefined;
  #reject: ((error: Error) => void) | undefined;
  #cancelTimeout: Cancel | undefined;

  constructor(options: AttemptOptions) {
    this.#options = options;
  }

  async run({ host, port }: SocketAddress, { quiche, config }: Loaded): Promise<Connection> {
    const { clock, limits } = this.#options;
    const to: UdpEndpoint = { address: await addressOf(host), port };
    const socket = await UdpSocket.open({
      address: to.address.includes(':') ? '::' : '0.0.0.0',
      port: 0,
      onMessage: (bytes, from) => {
        if (from.port === to.port && from.address === to.address) this.#session?.receive(bytes, from);
      },
      onError: (reason) => {
        this.fail(reason);
        this.#session?.drop();
      },
    });
    this.#socket = socket;
    try {
      await new Promise<void>((resolve, reject) => {
        this.#reject = reject;
        if (this.#failed) return reject(this.#failed);
        this.#cancelTimeout = clock.after(limits.dialTimeoutMs, () =>
          this.fail(new Error(this.#trouble ?? 'nobody answered in time')),
        );
        this.#begin(to, { quiche, config, serverName: isIP(host) === 0 ? host : null, onOpen: resolve });
      });
      return this.#open(host, port);
    } catch (error) {
      this.#session?.drop();
      await socket.close();
      throw error;
    } finally {
      this.#cancelTimeout?.();
    }
  }

  fail(error: Error): void {
    this.#failed ??= error;
    this.#reject?.(error);
  }

  #begin(
    to: UdpEndpoint,
    { quiche, config, serverName, onOpen }: Loaded & { serverName: string | null; onOpen: () => void },
  ): void {
    const { clock, limits } = this.#options;
    const local = this.#socket?.local ?? to;
    const [address = ''] = to.address.split('%');
    const [here, there] = [
      { host: local.address, port: local.port },
      { host: address, port: to.port },
    ];
    const connection = quiche.Connection.connect(serverName, randomBytes(connectionIdBytes), here, there, config);
    const session = new QuicSession({
      quiche,
      connection,
      local,
      clock,
      limits,
      transmit: (packet) => this.#socket?.send(packet, to, (failure) => (this.#trouble = failure?.message)),
      onEstablished: onOpen,
      // A server opens none: it was allowed none.
      onStream: (stream) => stream.destroy(),
      onDatagram: (datagram) => this.#connection?.receiveDatagram(datagram),
      onStreamless: () => {
        session.close('done');
        session.drop();
      },
      onEnd: ({ reason }) => this.fail(new Error(reason)),
      onGone: () => void this.#socket?.close(),
    });
    this.#session = session;
    session.start();
  }

  /** Nothing is said before it is known who listens. */
  #open(host: string, port: number): Connection {
    const { clock, limits, onFault = () => undefined } = this.#options;
    const session = this.#session;
    // It may have ended again at once.
    if (this.#failed) throw this.#failed;
    const [certificate] = session?.connection.peerCertChain() ?? [];
    if (!session || !certificate) throw new Error('it showed no certificate');
    const wrong = checkServerIdentity(host, new X509Certificate(certificate).toLegacyObject());
    if (wrong) {
      session.close('not who was dialled', { isTransport: true, code: badCertificate });
      throw wrong;
    }
    const peer = `quic ${host.includes(':') ? `[${host}]` : host}:${port}`;
    const onLostDatagram = (): void => undefined;
    const options = { peer, clock, limits, onFault, onLostDatagram };
    this.#connection = connectionOver(session, session.openStream(), { ...options, framing: 'none' });
    this.#connection.offerDatagrams(clock);
    return this.#connection;
  }
}

/** @see RFC 8446 6.2, RFC 9001 4.8 */
const badCertificate = 0x12a;

async function addressOf(host: string): Promise<string> {
  // Nobody may answer at the first of several: routers listen on IPv4 unless told otherwise.
  return isIP(host) === 0 ? (await lookup(host, { order: 'ipv4first' })).address : host;
}
