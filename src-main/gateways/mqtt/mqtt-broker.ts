import type { Duplex } from 'node:stream';
import { Aedes, type AuthenticateError, type Client } from 'aedes';
import { InputError, messageOf } from '../../contract/errors.ts';
import { millis } from '../../contract/units.ts';
import { settleWithin } from '../../core/retry/settle-within.ts';
import { GuestDesk, returnCodeOf, type AdmitHere, type GuestDeskOptions } from './guest-desk.ts';
import { openInboundMax } from './mqtt-guest.ts';
import { paceReading } from './paced-reading.ts';
import { parseStrictly, type PacketParser } from './parse-strictly.ts';
import { quietEmitter } from './quiet-emitter.ts';
import { createSessionStore } from './session-store.ts';

/** Bytes that one client sends without a whole packet in them. */
export const packetBytesMax = 256 * 1024;
export const connectTimeoutMs = 10_000;
const drainTimeoutMs = 20_000;
const stopLimit = millis(700);

/** What of aedes's client its types leave out. */
interface Parsing {
  /** packets of one reading that are not done */
  readonly _parsingBatch: number;
  readonly _parser: PacketParser;
}

/** MQTT 3.1.1 on connections of any sort: aedes speaks it with clients, the router decides who may what and hands on. */
export class MqttBroker {
  readonly #options: GuestDeskOptions;
  readonly #desk: GuestDesk;
  readonly #aedes: Aedes;
  readonly #admits = new WeakMap<Client, AdmitHere>();
  readonly #nameless = new WeakSet<Client>();
  readonly #streams = new Set<Duplex>();

  constructor(options: GuestDeskOptions) {
    this.#options = options;
    this.#desk = new GuestDesk(options);
    this.#aedes = this.#makeAedes();
    this.#listen();
  }

  /** Clients and messages that never reached the router, or the client, by why. */
  get refused(): ReadonlyMap<string, number> {
    return this.#desk.refused;
  }

  async open(): Promise<void> {
    await this.#aedes.listen();
  }

  /** Takes whoever is on a connection; 10 s for CONNECT. */
  handle(stream: Duplex, admit: AdmitHere): void {
    this.#streams.add(stream);
    stream.on('error', () => undefined);
    const client = this.#aedes.handle(stream);
    this.#admits.set(client, admit);
    const parsing = client as unknown as Parsing;
    paceReading(stream, this.#options.clock, () => parsing._parsingBatch <= 0);
    // aedes has no bound: a length of 256 MB would be waited for.
    const { _parser: parser } = parsing;
    parseStrictly(parser);
    stream.on('readable', () => {
      if (parser._list.length + stream.readableLength <= packetBytesMax) return;
      this.#desk.refuse('packets');
      stream.destroy();
    });
    stream.on('close', () => {
      this.#streams.delete(stream);
      // aedes publishes its will first.
      setImmediate(() => setImmediate(() => this.#desk.leave(client)));
    });
  }

  async stop(): Promise<void> {
    for (const stream of this.#streams) stream.destroy();
    const ended = new Promise<void>((resolve) => this.#aedes.close(resolve));
    await settleWithin(this.#options.clock, stopLimit, ended);
    this.#desk.stop();
  }

  refuse(because: string): void {
    this.#desk.refuse(because);
  }

  #makeAedes(): Aedes {
    const desk = this.#desk;
    return new Aedes({
      mq: quietEmitter(),
      persistence: createSessionStore(
        (client) => desk.of(client),
        (id) => desk.isResumed(id),
      ),
      connectTimeout: connectTimeoutMs,
      drainTimeout: drainTimeoutMs,
      maxInflightInbound: openInboundMax,
      preConnect: (client, { clientId, clean }, done) => {
        if (clientId === '' && !clean) this.#nameless.add(client);
        done(null, true);
      },
      authenticate: (client, _user, password, done) => {
        this.#admit(client, password?.toString('utf8')).then(
          () => done(null, true),
          (error: unknown) => done(refusalOf(error, password !== undefined && password.length > 0), false),
        );
      },
      authorizePublish: (client, packet, done) => {
        if (!client) return done(new Error('nobody'));
        desk.publish(client, packet).then(
          () => done(null),
          (error: unknown) => done(error as Error),
        );
      },
      authorizeSubscribe: (client, subscription, done) => {
        const guest = desk.of(client);
        // Of a session that is taken up again the guest has the filters.
        if (!guest || !desk.isGreeted(client)) return done(null, null);
        guest.subscribe(subscription).then(
          () => done(null, subscription),
          () => {
            desk.refuse('subscriptions');
            done(null, null);
          },
        );
      },
    });
  }

  #listen(): void {
    const [broker, desk] = [this.#aedes, this.#desk];
    broker.on('unsubscribe', (topics, client) => {
      if (!client.closed) desk.of(client)?.unsubscribe(topics);
    });
    broker.on('connackSent', ({ returnCode }, client) => {
      if (returnCode === 0) desk.greet(client);
      else desk.refuse(returnCode === 1 ? 'version' : 'logins');
    });
    broker.on('clientReady', (client) => desk.of(client)?.outbox.open());
    broker.on('clientDisconnect', (client) => desk.leave(client));
    broker.on('clientError', (_client, error) => desk.refuse(/keep alive/.test(error.message) ? 'silent' : 'packets'));
    broker.on('connectionError', (_client, error) => {
      if (!('errorCode' in error)) desk.refuse('packets');
    });
  }

  /** @throws as a rejection: why the router does not let it in */
  async #admit(client: Client, token: string | undefined): Promise<void> {
    const admit = this.#admits.get(client);
    // [MQTT 3.1.1, 3.1.3-8]
    if (!admit || this.#nameless.has(client))
      throw new InputError('bad-arguments', 'A session that is kept wants a client id.');
    await this.#desk.admit(client, admit, token);
  }
}

function refusalOf(error: unknown, hasPassword: boolean): AuthenticateError {
  const refusal: object = Object.assign(new Error(messageOf(error)), { returnCode: returnCodeOf(error, hasPassword) });
  return refusal as AuthenticateError;
}
