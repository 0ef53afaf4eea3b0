import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { Aedes, type AuthenticateError, type Client } from 'aedes';
import { UnavailableError } from '../../contract/errors.ts';
import { settleWithin } from '../../core/retry/settle-within.ts';
import { millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AdmitForeign, Gateway } from '../../ports/gateway.ts';
import type { Log } from '../../ports/log.ts';
import { MqttGuest } from './mqtt-guest.ts';
import { quietEmitter, quietPersistence } from './quiet-store.ts';

export interface MqttGatewayOptions {
  readonly host: string;
  /** 0 picks a free one */
  readonly port: number;
  /** undefined: no TLS */
  readonly identity: { readonly cert: string; readonly key: string } | undefined;
  /** the address that all topics are under; empty: topic `a` is `/a` */
  readonly prefix: string;
  /** what a message is that is not retained */
  readonly plain: 'param' | 'event';
  readonly admit: AdmitForeign;
  readonly clock: Clock;
  readonly log: Log;
}

export interface MqttGateway extends Gateway {
  /** Clients and messages that never reached the router, by why. */
  refused(): Readonly<Record<string, number>>;
}

/** Connections at once, those without a CONNECT included. */
export const connectionsMax = 1000;
/** Bytes that one client sends without a whole packet in them. */
export const packetBytesMax = 256 * 1024;
const connectTimeoutMs = 10_000;
const stopLimit = millis(700);

/** Lets MQTT 3.1.1 clients into the router: aedes speaks MQTT with them, the router decides who may what and hands on.
 *  @throws UnavailableError 'port-in-use' | 'cannot-open-port' */
export async function openMqttGateway(options: MqttGatewayOptions): Promise<MqttGateway> {
  const door = new MqttDoor(options);
  await door.open();
  return {
    url: door.url,
    stop: () => door.stop(),
    refused: () => Object.fromEntries(door.refused),
  };
}

class MqttDoor {
  readonly refused = new Map<string, number>();
  readonly #options: MqttGatewayOptions;
  readonly #guests = new WeakMap<Client, MqttGuest>();
  readonly #sockets = new Set<Socket>();
  #broker: Aedes | undefined;
  #server: Server | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: MqttGatewayOptions) {
    this.#options = options;
  }

  get url(): string {
    const { port, address, family } = this.#server?.address() as AddressInfo;
    const host = family === 'IPv6' ? `[${address}]` : address;
    return `${this.#options.identity ? 'mqtts' : 'mqtt'}://${host}:${port}`;
  }

  async open(): Promise<void> {
    this.#broker = await this.#makeBroker();
    const { host, port, identity } = this.#options;
    const take = (socket: Socket): void => this.#take(socket);
    const server: Server = identity
      ? createTlsServer({ ...identity, minVersion: 'TLSv1.2', handshakeTimeout: connectTimeoutMs }, take)
      : createServer({ noDelay: true }, take);
    server.maxConnections = connectionsMax;
    this.#server = server;
    server.on('drop', () => this.#refuse('connections'));
    // What a handshake fails at is the other's.
    server.on('tlsClientError', () => this.#refuse('tls'));
    server.on('connection', (socket) => this.#bound(socket));
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
    const ended = new Promise<void>((resolve) => (this.#broker ? this.#broker.close(resolve) : resolve()));
    await settleWithin(this.#options.clock, stopLimit, Promise.all([closed, ended]));
  }

  async #makeBroker(): Promise<Aedes> {
    const broker = await Aedes.createBroker({
      mq: quietEmitter(),
      connectTimeout: connectTimeoutMs,
      drainTimeout: 20_000,
      maxInflightInbound: 100,
      authenticate: (client, _user, password, done) => {
        this.#admit(client, password).then(
          () => done(null, true),
          (error: unknown) => done(refusalOf(error, password), false),
        );
      },
      authorizePublish: (client, packet, done) => {
        const guest = client && this.#guests.get(client);
        if (!guest) return done(new Error('nobody'));
        // [MQTT 3.1.1, 3.3.5] the answer is positive whatever became of it: there is no other one.
        guest.publish(packet).then(
          () => done(null),
          () => {
            this.#refuse('messages');
            done(null);
          },
        );
      },
      authorizeSubscribe: (client, subscription, done) => {
        const guest = this.#guests.get(client);
        if (!guest) return done(null, null);
        guest.subscribe(subscription).then(
          () => done(null, subscription),
          () => {
            this.#refuse('subscriptions');
            done(null, null);
          },
        );
      },
    });
    quietPersistence(broker);
    broker.on('unsubscribe', (topics, client) => this.#guests.get(client)?.unsubscribe(topics));
    broker.on('clientReady', (client) => this.#guests.get(client)?.open());
    broker.on('clientDisconnect', (client) => this.#guests.get(client)?.close('it disconnected'));
    const note = (client: Client, error: Error): void => {
      this.#guests.get(client)?.close(error.message);
      this.#refuse('packets');
    };
    broker.on('clientError', note);
    broker.on('connectionError', note);
    return broker;
  }

  #take(socket: Socket): void {
    const client = this.#broker?.handle(socket);
    if (!client) return;
    // aedes has no bound: a length of 256 MB would be waited for.
    const { _parser: parser } = client as unknown as {
      readonly _parser: { readonly _list: { readonly length: number } };
    };
    socket.on('readable', () => {
      if (parser._list.length + socket.readableLength <= packetBytesMax) return;
      this.#refuse('packets');
      socket.destroy();
    });
  }

  #bound(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
  }

  /** @throws as a rejection: why the router does not let it in */
  async #admit(client: Client, password: Readonly<Buffer> | undefined): Promise<void> {
    const socket = client.conn as Socket;
    const { admit, prefix, plain, identity } = this.#options;
    const host = socket.remoteAddress?.includes(':') ? `[${socket.remoteAddress}]` : (socket.remoteAddress ?? '');
    const token = password?.toString('utf8');
    const who = client.id;
    const session = await admit({
      from: `${identity ? 'mqtts' : 'mqtt'} ${host}:${socket.remotePort ?? 0}`,
      name: `MQTT ${who}`.slice(0, 200),
      token: token === '' ? undefined : token,
    });
    if (client.closed || socket.destroyed) {
      session.close('it went while it was let in');
      return;
    }
    // Nobody takes over the session of another by its name alone.
    (client as { id: string }).id = `${createHash('sha256')
      .update(token ?? '')
      .digest('hex')
      .slice(0, 16)} ${who}`;
    const guest = new MqttGuest({ client, socket, session, prefix, plain, onShed: () => this.#refuse('slow') });
    this.#guests.set(client, guest);
    session.onEnded((reason) => {
      this.#options.log.info('MQTT client is sent away', { client: who, reason });
      client.close();
    });
    socket.on('close', () => guest.close('its connection closed'));
  }

  #refuse(because: string): void {
    this.refused.set(because, (this.refused.get(because) ?? 0) + 1);
  }
}

// [MQTT 3.1.1, 3.2.2.3] 3: not now. 4: the user and password are wrong. 5: it may not.
function refusalOf(error: unknown, password: Readonly<Buffer> | undefined): AuthenticateError {
  const isAway = error instanceof UnavailableError;
  const returnCode = isAway ? 3 : password === undefined || password.length === 0 ? 5 : 4;
  const refusal: object = Object.assign(new Error(error instanceof Error ? error.message : 'refused'), { returnCode });
  return refusal as AuthenticateError;
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
