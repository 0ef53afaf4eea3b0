import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { UnavailableError } from '../../contract/errors.ts';
import { millis } from '../../contract/units.ts';
import { settleWithin } from '../../core/retry/settle-within.ts';
import type { AdmitForeign, Gateway } from '../../ports/gateway.ts';
import { ConnectionBounds } from '../connection-bounds.ts';
import type { GuestDeskOptions } from './guest-desk.ts';
import { connectTimeoutMs, MqttBroker } from './mqtt-broker.ts';

export interface MqttGatewayOptions extends GuestDeskOptions {
  readonly host: string;
  /** 0 picks a free one */
  readonly port: number;
  /** undefined: no TLS */
  readonly identity: { readonly cert: string; readonly key: string } | undefined;
  readonly admit: AdmitForeign;
}

export interface MqttGateway extends Gateway {
  /** Clients and messages that never reached the router, by why. */
  refused(): Readonly<Record<string, number>>;
}

/** Connections at once, those without a CONNECT included. */
export const connectionLimits = { connectionsMax: 1000, connectionsPerSource: 256 };
const stopLimit = millis(700);

/** Lets MQTT 3.1.1 clients into the router, by TCP or TLS.
 *  @throws UnavailableError 'port-in-use' | 'cannot-open-port' */
export async function openMqttGateway(options: MqttGatewayOptions): Promise<MqttGateway> {
  const door = new MqttDoor(options);
  await door.open();
  return {
    url: door.url,
    stop: () => door.stop(),
    refused: () => Object.fromEntries(door.broker.refused),
  };
}

class MqttDoor {
  readonly broker: MqttBroker;
  readonly #options: MqttGatewayOptions;
  readonly #sockets = new Set<Socket>();
  readonly #bounds = new ConnectionBounds(connectionLimits);
  #server: Server | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: MqttGatewayOptions) {
    this.#options = options;
    this.broker = new MqttBroker(options);
  }

  get url(): string {
    const { port, address, family } = this.#server?.address() as AddressInfo;
    const host = family === 'IPv6' ? `[${address}]` : address;
    return `${this.#options.identity ? 'mqtts' : 'mqtt'}://${host}:${port}`;
  }

  async open(): Promise<void> {
    await this.broker.open();
    const { host, port, identity } = this.#options;
    // Otherwise a message waits up to 40 ms for the client's acknowledgement of the one before.
    const sockets = { noDelay: true };
    const server: Server = identity
      ? createTlsServer({ ...sockets, ...identity, minVersion: 'TLSv1.2', handshakeTimeout: connectTimeoutMs })
      : createServer(sockets);
    this.#server = server;
    // What a handshake fails at is the other's.
    server.on('tlsClientError', () => this.broker.refuse('tls'));
    server.on('connection', (socket) => this.#bound(socket));
    server.on(identity ? 'secureConnection' : 'connection', (socket: Socket) => this.#take(socket));
    try {
      server.listen(port, host);
      await once(server, 'listening');
    } catch (cause) {
      await this.stop();
      throw portFault(cause, this.#options);
    }
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const server = this.#server;
    const closed = server?.listening ? once(server, 'close') : undefined;
    server?.close();
    for (const socket of this.#sockets) socket.destroy();
    await settleWithin(this.#options.clock, stopLimit, Promise.all([closed, this.broker.stop()]));
  }

  #take(socket: Socket): void {
    if (socket.destroyed) return;
    const { admit, identity } = this.#options;
    const host = socket.remoteAddress?.includes(':') ? `[${socket.remoteAddress}]` : (socket.remoteAddress ?? '');
    const from = `${identity ? 'mqtts' : 'mqtt'} ${host}:${socket.remotePort ?? 0}`;
    this.broker.handle(socket, (who) => admit({ from, ...who }));
  }

  #bound(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
    this.#bounds.enter(socket);
    if (socket.destroyed) this.broker.refuse('connections');
  }
}

function portFault(cause: unknown, { host, port }: MqttGatewayOptions): UnavailableError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'EADDRINUSE')
    return new UnavailableError('port-in-use', `Port ${port} on ${host} is in use.`, { host, port }, { cause });
  const why = cause instanceof Error ? cause.message : String(cause);
  return new UnavailableError(
    'cannot-open-port',
    `Cannot listen on ${host}:${port}: ${why}.`,
    { host, port },
    { cause },
  );
}
