import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { IPublishPacket } from 'mqtt';
import type { MqttBridge as MqttBridgeSettings } from '../../contract/bridges/mqtt.ts';
import { UnavailableError } from '../../contract/errors.ts';
import type { Bridge as BridgeSettings } from '../../contract/show.ts';
import type { Signal } from '../../contract/signal.ts';
import { type NetworkCard } from '../../contract/device.ts';
import { microsToMillis, millis, type Micros, type Millis } from '../../contract/units.ts';
import { EchoFilter } from '../../core/realtime/echo-filter.ts';
import { Outbox } from '../../core/realtime/outbox.ts';
import { TrafficTally } from '../../core/realtime/traffic-tally.ts';
import { settleWithin } from '../../core/retry/settle-within.ts';
import type { Bridge, BridgeHealth, BridgeHost } from '../../ports/bridge.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Random } from '../../ports/random.ts';
import { GivenSignals, type GivenMessage } from './given-signals.ts';
import { MqttConnection } from './mqtt-connection.ts';
import { clientIdOf, loginOf, type LoginNeeds } from './mqtt-login.ts';
import { TakenTopics } from './taken-topics.ts';

export interface MqttBridgeNeeds extends LoginNeeds {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly networkCards: () => readonly NetworkCard[];
}

/** So long a start waits for the broker; what takes longer is away until it is there. */
const firstWait = millis(1500);
/** So long after it came what a broker keeps may be older than what we said. */
const freshFor = millis(5000);
const saidMax = 10_000;

type Notice = NonNullable<MqttBridgeSettings['settings']['will']>;

/** A client of an MQTT broker: what its subscriptions bring appears under the prefix, what is set there is published.
 *  It is up while the broker is away, and dials it for ever.
 *  @see CLASP-WIRE §16; docs/bridges/mqtt.md */
export class MqttBridge implements Bridge {
  readonly #bridge: MqttBridgeSettings;
  readonly #needs: MqttBridgeNeeds;
  readonly #taken: TakenTopics;
  readonly #given: GivenSignals;
  readonly #echoes: EchoFilter;
  readonly #tally: TrafficTally;
  readonly #outbox: Outbox<GivenMessage>;
  #host: BridgeHost | undefined;
  #connection: MqttConnection | undefined;
  #settleFirst: () => void = () => undefined;
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;
  #forgets = false;
  /** topics that something was said to since the broker is there, as long as that is fresh */
  readonly #said = new Set<string>();
  #upAt = millis(0);
  #downAt: Micros | undefined;
  #trouble: string | undefined;

  constructor(bridge: MqttBridgeSettings, needs: MqttBridgeNeeds) {
    const { prefix, subscriptions, publications, queueMax } = bridge.settings;
    this.#bridge = bridge;
    this.#needs = needs;
    this.#tally = new TrafficTally(needs.clock);
    this.#taken = new TakenTopics(prefix, subscriptions);
    this.#given = new GivenSignals(prefix, publications);
    this.#echoes = new EchoFilter(needs.clock);
    this.#outbox = new Outbox({
      queueMax,
      isKept: ({ qos }) => qos > 0,
      keyOf: ({ topic }) => topic,
      words: { kept: 'too many messages wait for the broker', keys: 'too many topics wait for the broker' },
      send: (message, done) => this.#connection?.publish(message, done),
      isFull: () => this.#connection?.isFull ?? true,
      onSent: () => this.#tally.sent(),
      onRefused: ({ topic }, why) => this.#tally.refuse(topic, why),
    });
  }

  start(host: BridgeHost): Promise<void> {
    this.#started = this.#start(host);
    return this.#started;
  }

  apply(batch: readonly Signal[]): void {
    for (const signal of batch) this.#give(signal);
  }

  /** What the broker would keep for it (QoS 1 and 2) is for nobody, unless one with its name comes next. */
  retire(next: BridgeSettings | undefined): void {
    this.#forgets = !hasSameSession(this.#bridge, next, this.#needs.routerId);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  status(): BridgeHealth {
    const isUp = this.#connection?.isUp === true;
    return {
      state: !isUp ? 'broken' : this.#trouble === undefined ? 'connected' : 'trouble',
      reason: `${this.#summary(isUp)}${this.#tally.refusal}`,
      url: this.#bridge.settings.url,
      ...this.#tally.totals,
    };
  }

  async #start(host: BridgeHost): Promise<void> {
    const { clock, random, networkCards } = this.#needs;
    const { settings } = this.#bridge;
    const login = await loginOf(this.#bridge, this.#needs);
    if (this.#stopped) throw new UnavailableError('link-closed', 'The bridge was stopped while it started.');
    const first = new Promise<void>((resolve) => (this.#settleFirst = resolve));
    this.#host = host;
    this.#connection = new MqttConnection({
      clientId: clientIdOf(this.#bridge, this.#needs.routerId),
      card: { networkCard: settings.networkCard, networkCards },
      ...{ settings, login, clock, random },
      onUp: () => this.#comeUp(host),
      onDown: () => this.#goDown(),
      onSaying: (topic, payload) => this.#noteSaying(topic, Buffer.from(payload)),
      onMessage: (topic, packet) => this.#take(topic, packet),
      onTrouble: (words) => (this.#trouble = words),
      onDrain: () => this.#outbox.pump(),
    });
    await settleWithin(clock, firstWait, first);
  }

  async #stop(): Promise<void> {
    this.#settleFirst();
    this.#outbox.close();
    const { will, direction } = this.#bridge.settings;
    // A goodbye in order makes the broker drop the will, and those who look at it have to know all the same.
    const last = will && direction !== 'in' ? messageOf(will) : undefined;
    const ended = this.#connection?.end({ last, forgets: this.#forgets });
    await Promise.allSettled([this.#started, ended]);
    // One that was on its way when it was stopped.
    await this.#connection?.end({ last: undefined, forgets: this.#forgets });
  }

  #comeUp(host: BridgeHost): void {
    const { birth, url } = this.#bridge.settings;
    this.#trouble = undefined;
    this.#said.clear();
    this.#upAt = this.#now();
    if (this.#downAt !== undefined) this.#echoes.resume(this.#downAt);
    this.#needs.log.info('MQTT broker is there', { url, waiting: this.#outbox.waiting });
    this.#settleFirst();
    if (birth) this.#outbox.put(messageOf(birth));
    // What waited leaves first, so that the newest is what stands in the end.
    this.#outbox.open();
    host.returned();
  }

  #goDown(): void {
    this.#downAt = this.#needs.clock.nowMicros();
    this.#outbox.close();
    this.#settleFirst();
  }

  #take(topic: string, { payload, retain }: IPublishPacket): void {
    if (this.#stopped || this.#bridge.settings.direction === 'out') return;
    this.#tally.saw();
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
    if (this.#echoes.isEcho(topic, printOf(bytes)) || this.#isPast(topic, retain)) return;
    // Of subscriptions that the settings had before.
    if (this.#taken.covering(topic) === 0) return this.#connection?.forgetSession();
    const signals = this.#taken.take({ topic, payload: bytes, retained: retain });
    if (typeof signals === 'string') return this.#tally.refuse(topic, signals);
    this.#tally.took(signals.length);
    this.#host?.publish(signals);
  }

  #give(signal: Signal): void {
    if (!this.#host || this.#stopped) return this.#tally.refuse(signal.address, 'it is not connected');
    if (this.#bridge.settings.direction === 'in')
      return this.#tally.refuse(signal.address, 'the bridge only subscribes');
    const message = this.#given.give(signal);
    if (typeof message === 'string') return this.#tally.refuse(signal.address, message);
    this.#outbox.put(message);
  }

  /** Version 5 is told not to send it back. */
  #noteSaying(topic: string, payload: Uint8Array): void {
    const { version, direction } = this.#bridge.settings;
    if (direction !== 'both') return;
    if (this.#isFresh() && this.#said.size < saidMax) this.#said.add(topic);
    const times = version === '5' ? 0 : this.#taken.covering(topic);
    if (times > 0) this.#echoes.said(topic, printOf(payload), times);
  }

  /** The broker hands on what it keeps as soon as it is there. Where we just said something newer, what it kept is past. */
  #isPast(topic: string, isRetained: boolean): boolean {
    return isRetained && this.#said.has(topic) && this.#isFresh();
  }

  #isFresh(): boolean {
    return this.#now() - this.#upAt < freshFor;
  }

  #summary(isUp: boolean): string {
    if (isUp) return this.#trouble ?? 'Connected to the broker.';
    const waiting = this.#outbox.waiting;
    const held = waiting === 0 ? '' : ` ${waiting} ${waiting === 1 ? 'message waits' : 'messages wait'} for it.`;
    return `${this.#connection?.fault ?? 'Not dialled yet.'} Flyrail keeps trying.${held}`;
  }

  #now(): Millis {
    return microsToMillis(this.#needs.clock.nowMicros());
  }
}

/** Whether it goes on at the broker where the other one ends. */
function hasSameSession(bridge: MqttBridgeSettings, next: BridgeSettings | undefined, routerId?: string): boolean {
  return (
    next?.kind === 'mqtt' &&
    next.enabled &&
    !next.settings.cleanSession &&
    next.settings.url === bridge.settings.url &&
    clientIdOf(next, routerId) === clientIdOf(bridge, routerId)
  );
}

function messageOf({ topic, payload, qos, retain }: Notice): GivenMessage {
  return { topic, payload: Buffer.from(payload), qos, retain };
}

/** Short payloads tell themselves apart. */
function printOf(payload: Uint8Array): string {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  return bytes.length <= 64 ? bytes.toString('latin1') : createHash('sha1').update(bytes).digest('base64');
}
