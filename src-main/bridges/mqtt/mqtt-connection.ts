import { Socket } from 'node:net';
import type { IClientOptions, IPublishPacket, ISubscriptionMap, MqttClient } from 'mqtt';
import type { MqttBridge } from '../../contract/bridges/mqtt.ts';
import { isShared } from '../../contract/mqtt-topics.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { millis } from '../../contract/units.ts';
import type { Outcome } from '../../core/realtime/outbox.ts';
import { createBackoff, type Backoff } from '../../core/retry/backoff.ts';
import { settleWithin } from '../../core/retry/settle-within.ts';
import { SendPace } from '../../platform/send-pace.ts';
import { TurnPace } from '../../platform/turn-pace.ts';
import type { DialCard } from '../../ports/dial-card.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import { connectFrom, type DialledOptions } from './connect-from.ts';
import type { GivenMessage } from './given-signals.ts';
import { endOf, faultOf, type MqttFault } from './mqtt-faults.ts';

/** Waits between tries while nobody answers: somebody who comes back is found within 2 s. */
const quick = { first: millis(100), cap: millis(1000) };
/** Waits between tries while the broker refuses us: somebody has to repair something first. */
const slow = { first: millis(3000), cap: millis(15_000) };
const connectTimeout = millis(4000);
/** A connection that lasts this long stands. */
const standsAfter = millis(1500);
/** So many that did not last come of somebody else with the same name. */
const shortLivedMax = 5;
const goodbyeLimit = millis(500);

export interface ConnectionEvents {
  /** It stands, and what was there before is known to the broker, or not. */
  onUp(): void;
  /** It stands no more, or did not come about. */
  onDown(): void;
  onMessage(topic: string, packet: IPublishPacket): void;
  /** A message is on its way, for the first time or, after a cut, once more. */
  onSaying(topic: string, payload: string | Buffer): void;
  /** a subscription that the broker does not take, as a sentence */
  onTrouble(words: string): void;
  onDrain(): void;
}

interface ConnectionOptions extends ConnectionEvents {
  readonly settings: MqttBridge['settings'];
  readonly clientId: string;
  readonly login: IClientOptions;
  /** what it is dialled from */
  readonly card: DialCard;
  readonly clock: Clock;
  readonly random: Random;
}

/** The connection to the broker through all cuts: the library dials again for ever and keeps its session; when it does, and
 *  what an operator reads of it, is decided here. */
export class MqttConnection {
  readonly #options: ConnectionOptions;
  readonly #client: MqttClient;
  readonly #quick: Backoff;
  readonly #slow: Backoff;
  readonly #pace: SendPace;
  readonly #taking = new TurnPace(() => this.#takeOn());
  #takeOn: () => void = () => undefined;
  #fault: MqttFault | undefined;
  /** it was said why this try, or this connection, came to nothing */
  #isNoted = false;
  /** The broker is told to forget what it knows of us: once in a life of the bridge. */
  #forgetting: 'not yet' | 'asked' | 'done' = 'not yet';
  #isUp = false;
  #isOver = false;
  #areGranted = false;
  #shortLived = 0;
  #cancelStands: Cancel = () => undefined;

  /** Dials at once. */
  constructor(options: ConnectionOptions) {
    const { random } = options;
    this.#options = options;
    this.#quick = createBackoff({ random, ...quick });
    this.#slow = createBackoff({ random, ...slow });
    this.#pace = new SendPace(() => {
      if (this.#isUp) options.onDrain();
    });
    this.#client = connectFrom(options.card, clientOptions(options));
    this.#client.options.reconnectPeriod = this.#quick.next();
    this.#client.on('connect', ({ sessionPresent }) => this.#comeUp(sessionPresent));
    this.#client.on('reconnect', () => this.#waitNext(this.#quick));
    this.#client.on('error', (error) => this.#note(faultOf(error)));
    this.#client.on('disconnect', ({ reasonCode }) => this.#note(endOf(reasonCode)));
    this.#client.on('close', () => this.#goDown());
    this.#client.on('packetsend', (packet) => {
      if (packet.cmd === 'publish') options.onSaying(packet.topic, packet.payload);
    });
    // A broker may have kept a hundred thousand, and says them at once.
    this.#client.handleMessage = (_packet, done) => {
      this.#taking.count();
      if (this.#taking.isFull) this.#takeOn = done;
      else done();
    };
    this.#client.on('message', (topic, _payload, packet) => {
      if (!this.#isOver) options.onMessage(topic, packet);
    });
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** why it does not stand, as a sentence */
  get fault(): string {
    if (this.#shortLived >= shortLivedMax)
      return 'The broker ends each connection at once; perhaps another client has the same id.';
    return this.#fault?.words ?? 'The broker does not answer.';
  }

  get isFull(): boolean {
    return this.#pace.isFull;
  }

  publish(message: GivenMessage, done: (outcome: Outcome) => void): void {
    const { topic, payload, qos, retain, properties } = message;
    this.#pace.count();
    this.#client.publish(
      topic,
      payload,
      { qos, retain, ...(properties && { properties: { ...properties } }) },
      (error) => done(!error ? 'sent' : this.#outcomeOf(error)),
    );
  }

  /** What the broker kept for us has subscriptions that nobody wants any more, and only it knows which: it is told to forget all of
   *  it, and everything is asked for anew. */
  forgetSession(): void {
    if (this.#forgetting !== 'not yet' || this.#options.settings.cleanSession) return;
    this.#forgetting = 'asked';
    this.#client.options.clean = true;
    this.#client.stream.destroy();
  }

  /** Says goodbye, and settles when the connection is closed, or after a while.
   *  @param forgets the broker is to keep nothing for us: no session is taken up again */
  async end({ last, forgets }: { readonly last: GivenMessage | undefined; readonly forgets: boolean }): Promise<void> {
    const { clock, settings } = this.#options;
    if (this.#isOver) return;
    const wasUp = this.#isUp;
    this.#isOver = true;
    this.#isUp = false;
    this.#cancelStands();
    if (wasUp && last) {
      const said = new Promise<void>((resolve) => this.publish(last, () => resolve()));
      await settleWithin(clock, goodbyeLimit, said);
    }
    // [MQTT 5, 3.14.2.2.2] 0: the session ends with the connection.
    const words = forgets && settings.version === '5' ? { properties: { sessionExpiryInterval: 0 } } : {};
    const ended = this.#client.endAsync(!wasUp, words).catch(() => undefined);
    if (!(await settleWithin(clock, goodbyeLimit, ended))) this.#client.stream.destroy();
    if (wasUp && forgets && settings.version === '3.1.1' && !settings.cleanSession)
      await settleWithin(clock, goodbyeLimit, beCleanOnce(this.#options));
  }

  #comeUp(sessionPresent: boolean): void {
    if (this.#isOver || this.#beginAnew()) return;
    this.#isUp = true;
    this.#fault = undefined;
    this.#isNoted = false;
    // The library leaves it on: single messages would wait 40 ms for the other's acknowledgement of the one before.
    const { stream } = this.#client;
    if (stream instanceof Socket) stream.setNoDelay(true);
    this.#pace.begin(stream);
    this.#slow.reset();
    this.#waitNext(this.#shortLived >= shortLivedMax ? this.#slow : this.#quick);
    this.#cancelStands = this.#options.clock.after(standsAfter, () => {
      this.#shortLived = 0;
      this.#quick.reset();
      this.#waitNext(this.#quick);
    });
    this.#subscribe(sessionPresent);
    this.#options.onUp();
  }

  /** @returns whether this connection is only for that: in 3.1.1 one that begins anew is not kept either */
  #beginAnew(): boolean {
    if (this.#forgetting !== 'asked') return false;
    this.#forgetting = 'done';
    this.#client.options.clean = false;
    if (this.#options.settings.version === '5') return false;
    this.#client.stream.destroy();
    return true;
  }

  #goDown(): void {
    this.#cancelStands();
    // A broker that was away in between does not end them by itself.
    this.#shortLived = this.#isUp ? this.#shortLived + 1 : 0;
    if (!this.#isNoted)
      this.#fault = {
        words: this.#isUp
          ? 'The broker ended the connection.'
          : 'What is there ends each connection without an answer.',
        isRefusal: false,
      };
    this.#isNoted = false;
    this.#isUp = false;
    if (!this.#isOver) this.#options.onDown();
  }

  #note(fault: MqttFault | undefined): void {
    if (!fault) return;
    this.#fault = fault;
    this.#isNoted = true;
    if (fault.isRefusal) this.#waitNext(this.#slow);
  }

  /** The library reads it when it begins to wait. */
  #waitNext(backoff: Backoff): void {
    this.#client.options.reconnectPeriod = backoff.next();
  }

  #outcomeOf(error: Error): Outcome {
    const code = 'code' in error && typeof error.code === 'number' ? error.code : 0;
    if (code >= 128) return { refused: `the broker refuses it (code ${code})` };
    return this.#isOver ? { refused: 'the connection ended' } : 'again';
  }

  /** A session that the broker still has knows them, unless they were on their way when it was cut. */
  #subscribe(sessionPresent: boolean): void {
    const { settings } = this.#options;
    const onTrouble = (words: string): void => this.#options.onTrouble(words);
    if (settings.direction === 'out' || settings.subscriptions.length === 0) return;
    if (sessionPresent && this.#areGranted) return;
    this.#areGranted = false;
    this.#client.subscribe(subscriptionsOf(settings), (error, granted) => {
      const refused = (granted ?? []).filter(({ qos }) => qos >= 128).map(({ topic }) => topic);
      if (refused.length > 0) onTrouble(`The broker does not let it subscribe to ${refused.slice(0, 3).join(', ')}.`);
      else if (!error) this.#areGranted = true;
      else if (this.#isUp) onTrouble('The broker does not take the subscriptions.');
    });
  }
}

/** [MQTT 3.1.1, 3.1.2-6] Only a connection that begins anew makes a broker forget. Settles when it is over; never rejects. */
function beCleanOnce(connection: ConnectionOptions): Promise<void> {
  const { will: _will, ...options } = clientOptions(connection);
  const client = connectFrom(connection.card, { ...options, clean: true, reconnectPeriod: 0 });
  client.on('error', () => undefined);
  client.once('connect', () => client.end());
  return new Promise((resolve) => client.once('close', () => resolve()));
}

const retainHandling = { always: 0, new: 1, never: 2 } as const;

function subscriptionsOf({ subscriptions, version }: MqttBridge['settings']): ISubscriptionMap {
  const entries = subscriptions.map(({ topic, qos, retained }) => {
    // [MQTT 5, 3.8.3.1] what we say ourselves is not for us; a shared subscription may not ask for that.
    const own = { nl: !isShared(topic), rap: true, rh: retainHandling[retained] };
    return [topic, { qos, ...(version === '5' && own) }] as const;
  });
  return Object.fromEntries(entries);
}

function clientOptions({ settings, clientId, login }: ConnectionOptions): DialledOptions {
  const { url, version, cleanSession, sessionExpirySeconds, keepAliveSeconds, will } = settings;
  const { protocol, hostname, port, pathname, search } = new URL(url);
  return {
    ...login,
    protocol: protocol.slice(0, -1) as DialledOptions['protocol'],
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    ...(port !== '' && { port: Number(port) }),
    path: pathname + search,
    transformWsUrl: () => url,
    protocolVersion: version === '5' ? 5 : 4,
    clientId,
    clean: cleanSession,
    ...(version === '5' && { properties: { sessionExpiryInterval: cleanSession ? 0 : sessionExpirySeconds } }),
    keepalive: keepAliveSeconds,
    connectTimeout,
    reconnectOnConnackError: true,
    reconnectPeriod: quick.first,
    resubscribe: false,
    queueQoSZero: false,
    timerVariant: 'native',
    ...(will && { will: { ...will, payload: Buffer.from(will.payload) } }),
  };
}
