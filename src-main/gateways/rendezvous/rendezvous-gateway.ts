import type { AddressInfo } from 'node:net';
import { RendezvousRegistry, type RegistryFigures } from '../../core/discovery/rendezvous-registry.ts';
import { findAddress } from '../../platform/host-address.ts';
import { dialledHost, openFault } from '../../platform/open-port.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Gateway } from '../../ports/gateway.ts';
import type { Log } from '../../ports/log.ts';
import type { Random } from '../../ports/random.ts';
import { ConnectionBounds } from '../connection-bounds.ts';
import { createRefusals } from './refusals.ts';
import { rendezvousHttpLimits, type RendezvousHttpLimits } from './rendezvous-http-limits.ts';
import { addRoutes, type Calls } from './rendezvous-routes.ts';

export interface RendezvousGatewayOptions {
  /** where to listen: an address or a name of this machine */
  readonly host: string;
  /** 0 picks a free one */
  readonly port: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** whether unsigned requests are refused */
  readonly requireSigned?: boolean;
  /** entries that one address may have */
  readonly perSource?: number;
  readonly limits?: Partial<RendezvousHttpLimits>;
}

export interface RendezvousFigures extends RegistryFigures {
  /** open now */
  readonly connections: number;
  /** answered, by call */
  readonly calls: Readonly<Calls>;
  /** refused, by code */
  readonly refused: Readonly<Record<string, number>>;
}

export interface RendezvousGateway extends Gateway {
  figures(): RendezvousFigures;
}

/** The rendezvous server: devices that do not hear each other's broadcasts find each other by HTTP. Keeps nothing on disk.
 *  @throws UnavailableError 'port-in-use' | 'cannot-open-port'
 *  @see CLASP-WIRE §13, docs/rendezvous.md */
export async function openRendezvousGateway(options: RendezvousGatewayOptions): Promise<RendezvousGateway> {
  const { host, port, clock, random, log, requireSigned = false, perSource } = options;
  const limits: RendezvousHttpLimits = { ...rendezvousHttpLimits, ...options.limits };
  const [{ fastify }, { default: cors }] = await Promise.all([import('fastify'), import('@fastify/cors')]);
  const refusals = createRefusals(log);
  const server = fastify({
    bodyLimit: limits.bodyBytesMax,
    requestTimeout: limits.requestTimeoutMs,
    connectionTimeout: limits.idleTimeoutMs,
    keepAliveTimeout: limits.idleTimeoutMs,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 128 },
    http: {
      headersTimeout: limits.headersTimeoutMs,
      connectionsCheckingInterval: Math.max(50, limits.headersTimeoutMs / 5),
      maxHeaderSize: 8192,
    },
    clientErrorHandler: refusals.brokenRequest,
  });
  const bounds = new ConnectionBounds(limits);
  server.server.on('connection', (socket) => bounds.enter(socket));
  const registry = new RendezvousRegistry({
    clock,
    random,
    requireSigned,
    ...(perSource !== undefined && { perSource }),
  });
  const calls = await addRoutes(server, { registry, clock, limits, refusals, cors });
  try {
    // By its address: fastify would open `localhost` twice, the second time without our bounds.
    await server.listen({ host: await findAddress(host, 0), port });
  } catch (error) {
    registry.close();
    await server.close();
    throw openFault(error instanceof Error ? error : new Error(String(error)), host, port);
  }
  const figures = (): RendezvousFigures => {
    const refused = { ...refusals.byCode(), ...(bounds.refusedTotal > 0 && { connections: bounds.refusedTotal }) };
    return { ...registry.figures(), connections: bounds.connections, calls: { ...calls }, refused };
  };
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    registry.close();
    await server.close().catch((error: unknown) => log.warn('the rendezvous server did not close in order', { error }));
  };
  return { url: urlOf(server.server.address()), figures, stop: () => (stopped ??= stop()) };
}

/** One that a client on this machine can dial, also where it is open on all addresses. */
function urlOf(address: AddressInfo | string | null): string {
  if (address === null || typeof address === 'string') return '';
  return `http://${dialledHost(address)}:${address.port}`;
}
