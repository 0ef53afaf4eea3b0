import { createHash } from 'node:crypto';
import type { SocketioBridge as SocketioBridgeSettings } from '../../contract/bridges/socketio.ts';
import { type NetworkCard } from '../../contract/device.ts';
import { messageOf, UnavailableError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { Signal } from '../../contract/signal.ts';
import { millis } from '../../contract/units.ts';
import { EchoFilter } from '../../core/realtime/echo-filter.ts';
import { Outbox, type Outcome } from '../../core/realtime/outbox.ts';
import { TrafficTally } from '../../core/realtime/traffic-tally.ts';
import { settleWithin } from '../../core/retry/settle-within.ts';
import { argumentOf, valueOfArguments } from '../../platform/event-arguments.ts';
import { formatJson, parseJson } from '../../platform/json-value.ts';
import type { Bridge, BridgeHealth, BridgeHost } from '../../ports/bridge.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Random } from '../../ports/random.ts';
import { GivenEvents, type GivenEvent } from './given-events.ts';
import { SocketioConnection } from './socketio-connection.ts';
import { loginOf, type LoginNeeds } from './socketio-login.ts';
import { TakenEvents } from './taken-events.ts';

export interface SocketioBridgeNeeds extends LoginNeeds {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly networkCards: () => readonly NetworkCard[];
}

/** So long a start waits for the server; what takes longer is away until it is there. */
const firstWait = millis(1500);
/** So long one namespace waits for the others before it is handed what stands. */
const othersWait = millis(1000);

/** A client of a Socket.IO server: what it says appears under the prefix, what is set there is emitted. It is up while the
 *  server is away, and dials it for ever.
 *  @see CLASP-WIRE §16; docs/bridges/socketio.md */
export class SocketioBridge implements Bridge {
  readonly #bridge: SocketioBridgeSettings;
  readonly #needs: SocketioBridgeNeeds;
  readonly #taken: TakenEvents;
  readonly #given: GivenEvents;
  readonly #echoes: EchoFilter;
  /** by namespace */
  readonly #tally: TrafficTally;
  readonly #outboxes: ReadonlyMap<string, Outbox<GivenEvent>>;
  #host: BridgeHost | undefined;
  #connection: SocketioConnection | undefined;
  #settleFirst: () => void = () => undefined;
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;
  #cancelOthers: Cancel | undefined;

  constructor(bridge: SocketioBridgeSettings, needs: SocketioBridgeNeeds) {
    const { prefix, namespaces, events } = bridge.settings;
    this.#bridge = bridge;
    this.#needs = needs;
    this.#tally = new TrafficTally(needs.clock);
    this.#taken = new TakenEvents(prefix, namespaces, events);
    this.#given = new GivenEvents(bridge.settings);
    this.#echoes = new EchoFilter(needs.clock);
    this.#outboxes = new Map(namespaces.map(({ name }) => [name, this.#makeOutbox(name)]));
  }

  start(host: BridgeHost): Promise<void> {
    this.#started = this.#start(host);
    return this.#started;
  }

  apply(batch: readonly Signal[]): void {
    for (const signal of batch) this.#give(signal);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  status(): BridgeHealth {
    const up = this.#connection?.upCount ?? 0;
    return {
      state: up === 0 ? 'broken' : up === this.#outboxes.size ? 'connected' : 'trouble',
      reason: `${this.#summary()}${this.#tally.refusal}`,
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
    this.#connection = new SocketioConnection({
      card: { networkCard: settings.networkCard, networkCards },
      ...{ settings, login, clock, random },
      onUp: (namespace) => this.#comeUp(namespace),
      onDown: (namespace) => this.#goDown(namespace),
      onFault: () => this.#settleFirst(),
      onEvent: (namespace, args, answer) => this.#take(namespace, args, answer),
      onDrain: () => {
        for (const outbox of this.#outboxes.values()) outbox.pump();
      },
    });
    await settleWithin(clock, firstWait, first);
  }

  async #stop(): Promise<void> {
    this.#settleFirst();
    this.#cancelOthers?.();
    for (const outbox of this.#outboxes.values()) outbox.close();
    await Promise.allSettled([this.#started, this.#connection?.end()]);
    // One that was on its way when it was stopped.
    await this.#connection?.end();
  }

  #comeUp(namespace: string): void {
    const { greetings, url } = this.#bridge.settings;
    const outbox = this.#outboxes.get(namespace);
    this.#needs.log.info('Socket.IO server is there', { url, namespace, waiting: outbox?.waiting ?? 0 });
    for (const { event, args, namespace: where } of greetings)
      if (where === namespace) this.#connection?.emit({ namespace, event, args: saidBy(args) });
    this.#cancelOthers ??= this.#needs.clock.after(othersWait, () => this.#return());
    if (this.#connection?.isJoining === false) this.#return();
  }

  #goDown(namespace: string): void {
    this.#outboxes.get(namespace)?.close();
    if (this.#connection?.upCount === 0) this.#settleFirst();
    // The last one that the others waited for may be one that is refused.
    if (this.#connection?.isJoining === false && this.#cancelOthers) this.#return();
  }

  /** All namespaces that wanted to be there are there: they are handed what stands together. */
  #return(): void {
    this.#cancelOthers?.();
    this.#cancelOthers = undefined;
    this.#settleFirst();
    if (this.#stopped || (this.#connection?.upCount ?? 0) === 0) return;
    // What stands takes the place of what waited, so that nothing is said twice.
    this.#host?.returned({ whole: () => this.#openOutboxes() });
  }

  #openOutboxes(): void {
    for (const [namespace, outbox] of this.#outboxes) if (this.#connection?.isUp(namespace)) outbox.open();
  }

  #take(namespace: string, [name, ...args]: readonly unknown[], answer: ((said: unknown) => void) | undefined): void {
    const { direction } = this.#bridge.settings;
    if (this.#stopped || direction === 'out') return;
    const event = String(name);
    this.#tally.saw();
    if (this.#isEcho(namespace, event, args)) return answer?.({ ok: true });
    const signals = this.#taken.take({ namespace, event, args });
    if (signals === undefined) return;
    if (typeof signals === 'string') {
      this.#tally.refuse(event, signals);
      return answer?.({ ok: false, message: signals });
    }
    this.#tally.took(signals.length);
    this.#host?.publish(signals);
    answer?.({ ok: true });
  }

  #give(signal: Signal): void {
    if (!this.#host || this.#stopped) return this.#tally.refuse(signal.address, 'it is not connected');
    if (this.#bridge.settings.direction === 'in')
      return this.#tally.refuse(signal.address, 'the bridge only takes events');
    const event = this.#given.give(signal);
    if (typeof event === 'string') return this.#tally.refuse(signal.address, event);
    const max = this.#connection?.bytesMax;
    if (max !== undefined && event.sizeBytes > max)
      return this.#tally.refuse(signal.address, `the server takes at most ${max} bytes`);
    // What happens or flows is past when the server is back, and a button pressed long ago is not pressed then.
    if (event.isPassing && !event.ack && !this.#connection?.isUp(event.namespace)) this.#tally.shed();
    else this.#outboxes.get(event.namespace)?.put(event);
  }

  #makeOutbox(namespace: string): Outbox<GivenEvent> {
    return new Outbox({
      queueMax: this.#bridge.settings.queueMax,
      isKept: ({ ack }) => ack !== undefined,
      keyOf: ({ event }) => event,
      words: { kept: 'too many events wait for the server', keys: 'too many events wait for the server' },
      send: (event, done) => this.#send(event, done),
      isFull: () => this.#connection?.isUp(namespace) !== true || this.#connection.isFull,
      onSent: () => this.#tally.sent(),
      onRefused: ({ event }, why) => this.#tally.refuse(event, why),
    });
  }

  #send(event: GivenEvent, done: (outcome: Outcome) => void, tried = 0): void {
    const { ack } = event;
    this.#noteSaying(event);
    if (!ack) {
      this.#connection?.emit(event);
      return done('sent');
    }
    this.#connection?.emit(event, {
      timeoutMillis: ack.timeoutMillis,
      done: (outcome) => {
        if (outcome === 'gone') return done(this.#stopped ? { refused: 'the connection ended' } : 'again');
        if (outcome === 'late') {
          if (tried < ack.retries) return this.#send(event, done, tried + 1);
          return done({ refused: `the server did not answer within ${ack.timeoutMillis} ms` });
        }
        if (ack.to !== undefined) this.#takeAnswer(ack.to, outcome);
        done('sent');
      },
    });
  }

  #takeAnswer(address: NonNullable<NonNullable<GivenEvent['ack']>['to']>, answer: readonly unknown[]): void {
    if (this.#stopped) return;
    try {
      this.#host?.publish([{ kind: 'param', address, value: valueOfArguments(answer) }]);
      this.#tally.took(1);
    } catch (error) {
      this.#tally.refuse(address, messageOf(error));
    }
  }

  #noteSaying({ namespace, event, args }: GivenEvent): void {
    const { direction, echoes } = this.#bridge.settings;
    if (direction === 'both' && echoes === 'drop') this.#echoes.said(`${namespace} ${event}`, printOf(args));
  }

  #isEcho(namespace: string, event: string, args: readonly unknown[]): boolean {
    const { direction, echoes } = this.#bridge.settings;
    if (direction !== 'both' || echoes !== 'drop') return false;
    return this.#echoes.isEcho(`${namespace} ${event}`, printOf(args));
  }

  #summary(): string {
    const fault = this.#connection ? this.#connection.fault : 'Not dialled yet.';
    if (fault === undefined) return 'Connected to the server.';
    const waiting = [...this.#outboxes.values()].reduce((sum, outbox) => sum + outbox.waiting, 0);
    const held = waiting === 0 ? '' : ` ${waiting} ${waiting === 1 ? 'event waits' : 'events wait'} for it.`;
    return `${fault} Flyrail keeps trying.${held}`;
  }
}

/** Arguments of a greeting, which are JSON; bytes in it are `{"$bytes": …}`. */
function saidBy(args: string): readonly unknown[] {
  return argumentOf(parseJson(args)) as unknown[];
}

/** Short arguments tell themselves apart. Of what no value can hold there is no echo. */
function printOf(args: readonly unknown[]): string {
  let words: string;
  try {
    words = formatJson(valueOfArguments([args]));
  } catch {
    return 'no value';
  }
  return words.length <= 64 ? words : createHash('sha1').update(words).digest('base64');
}
