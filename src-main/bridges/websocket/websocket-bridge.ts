import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { WebSocketBridge as WebSocketBridgeSettings } from '../../contract/bridges/websocket.ts';
import { type NetworkCard } from '../../contract/device.ts';
import { UnavailableError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { carriedValue, type Signal, type Value } from '../../contract/signal.ts';
import { millis } from '../../contract/units.ts';
import { EchoFilter } from '../../core/realtime/echo-filter.ts';
import { Outbox } from '../../core/realtime/outbox.ts';
import { TrafficTally } from '../../core/realtime/traffic-tally.ts';
import { settleWithin } from '../../core/retry/settle-within.ts';
import { formatJson } from '../../platform/json-value.ts';
import type { Bridge, BridgeHealth, BridgeHost } from '../../ports/bridge.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Random } from '../../ports/random.ts';
import { GivenMessages, packedText } from './given-messages.ts';
import { TakenMessages } from './taken-messages.ts';
import { WebSocketLine } from './websocket-line.ts';
import { loginOf, type WebSocketLogin } from './websocket-login.ts';

export interface WebSocketBridgeNeeds {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly networkCards: () => readonly NetworkCard[];
  /** @throws UnavailableError 'cannot-read-file' */
  readonly secret?: ((name: string) => Promise<string | undefined>) | undefined;
}

/** So long a start waits for the server; what takes longer is away until it is there. */
const firstWait = millis(1500);
/** What a server sends back comes soon; later the same is said by somebody else. */
const echoWithinMicros = 1_000_000;

interface Outgoing {
  readonly signal: Signal;
  readonly data: string | Buffer;
  readonly isFilled: boolean;
}

/** A client of a WebSocket server: its messages appear under the prefix, what is set there is sent to it. It is up while the
 *  server is away, and dials it for ever.
 *  @see CLASP-WIRE §16; docs/bridges/websocket.md */
export class WebSocketBridge implements Bridge {
  readonly #bridge: WebSocketBridgeSettings;
  readonly #needs: WebSocketBridgeNeeds;
  readonly #taken: TakenMessages;
  readonly #given: GivenMessages;
  readonly #echoes: EchoFilter;
  readonly #tally: TrafficTally;
  readonly #outbox: Outbox<Outgoing>;
  #host: BridgeHost | undefined;
  #line: WebSocketLine | undefined;
  #login: WebSocketLogin | undefined;
  #settleFirst: () => void = () => undefined;
  #cancelHeartbeat: Cancel = () => undefined;
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(bridge: WebSocketBridgeSettings, needs: WebSocketBridgeNeeds) {
    this.#bridge = bridge;
    this.#needs = needs;
    this.#tally = new TrafficTally(needs.clock);
    this.#taken = new TakenMessages(bridge.settings);
    this.#given = new GivenMessages(bridge.settings);
    this.#echoes = new EchoFilter(needs.clock, echoWithinMicros);
    this.#outbox = new Outbox({
      queueMax: bridge.settings.queueMax,
      isKept: ({ signal }) => signal.kind === 'event',
      keyOf: ({ signal }) => signal.address,
      send: (message, done) => {
        this.#noteSaying(message);
        this.#line?.send(message.data, done);
      },
      isFull: () => this.#line?.isFull ?? true,
      onSent: () => this.#tally.sent(),
      onRefused: ({ signal }, why) => this.#tally.refuse(signal.address, why),
      words: { kept: 'too many events wait for the server', keys: 'too many values wait for the server' },
    });
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
    const isUp = this.#line?.isUp === true;
    return {
      state: isUp ? 'connected' : 'broken',
      reason: `${this.#summary(isUp)}${this.#tally.refusal}`,
      url: this.#bridge.settings.url,
      ...this.#tally.totals,
    };
  }

  async #start(host: BridgeHost): Promise<void> {
    const { clock, random, secret, networkCards } = this.#needs;
    const { settings } = this.#bridge;
    const { networkCard, pingSeconds } = settings;
    const login = await loginOf(settings, secret);
    if (this.#stopped) throw new UnavailableError('link-closed', 'The bridge was stopped while it started.');
    const first = new Promise<void>((resolve) => (this.#settleFirst = resolve));
    this.#host = host;
    this.#login = login;
    this.#line = new WebSocketLine({
      ...{ login, card: { networkCard, networkCards }, clock, random, pingSeconds },
      onUp: () => this.#comeUp(host),
      onDown: () => this.#goDown(),
      onMessage: (data, isBinary) => this.#take(data, isBinary),
      onDrain: () => this.#outbox.pump(),
    });
    await settleWithin(clock, firstWait, first);
  }

  async #stop(): Promise<void> {
    this.#settleFirst();
    this.#cancelHeartbeat();
    this.#outbox.close();
    await this.#line?.end();
    await Promise.allSettled([this.#started]);
    // One that was on its way when it was stopped.
    await this.#line?.end();
  }

  #comeUp(host: BridgeHost): void {
    this.#settleFirst();
    this.#needs.log.info('WebSocket server is there', {
      url: this.#bridge.settings.url,
      waiting: this.#outbox.waiting,
    });
    for (const message of this.#login?.hello ?? []) this.#say(message);
    this.#beat();
    // What stands takes the place of what waited, so that nothing is said twice.
    host.returned({ whole: () => this.#outbox.open() });
  }

  #goDown(): void {
    this.#cancelHeartbeat();
    this.#outbox.close();
    this.#settleFirst();
  }

  #beat(): void {
    const heartbeat = this.#login?.heartbeat;
    if (!heartbeat) return;
    this.#cancelHeartbeat = this.#needs.clock.after(millis(heartbeat.seconds * 1000), () => {
      this.#say(heartbeat.message);
      this.#beat();
    });
  }

  /** Words of the operator's, which are no signals. */
  #say(message: string): void {
    try {
      this.#line?.send(packedText(message, this.#bridge.settings.format), () => undefined);
    } catch {
      this.#line?.send(message, () => undefined);
    }
  }

  #take(data: Buffer, isBinary: boolean): void {
    if (this.#stopped || this.#bridge.settings.direction === 'out') return;
    this.#tally.saw();
    const found = this.#taken.take(data, isBinary);
    if (typeof found === 'string') return this.#tally.refuse('a message', found);
    const signals = found.filter((signal) => !this.#isEcho(signal));
    this.#tally.took(signals.length);
    if (signals.length > 0) this.#host?.publish(signals);
  }

  #give(signal: Signal): void {
    if (!this.#host || this.#stopped) return this.#tally.refuse(signal.address, 'it is not connected');
    if (this.#bridge.settings.direction === 'in') return this.#tally.refuse(signal.address, 'the bridge only takes');
    const message = this.#given.give(signal);
    if (typeof message === 'string') return this.#tally.refuse(signal.address, message);
    const isLive = signal.kind === 'stream' || signal.kind === 'gesture';
    // It would be old when the server is back.
    if (isLive && !this.#line?.isUp) this.#tally.shed();
    else this.#outbox.put({ signal, ...message });
  }

  /** What comes back is what the message itself would be here, and the signal where the server answers with how it stands. */
  #noteSaying({ signal, data, isFilled }: Outgoing): void {
    const { direction, echo, format } = this.#bridge.settings;
    if (direction !== 'both' || echo === 'none' || (signal.kind === 'event' && echo !== 'all')) return;
    this.#echoes.said(signal.address, printOf(carriedValue(signal)));
    if (!isFilled && (format === 'json' || format === 'msgpack')) return;
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    const back = this.#taken.take(bytes, typeof data !== 'string');
    if (typeof back === 'string') return;
    for (const { address, value } of back) if (address !== signal.address) this.#echoes.said(address, printOf(value));
  }

  #isEcho(signal: Signal): boolean {
    const { direction, echo } = this.#bridge.settings;
    if (direction !== 'both' || echo === 'none' || (signal.kind === 'event' && echo !== 'all')) return false;
    if (this.#echoes.isEcho(signal.address, printOf(carriedValue(signal)))) return true;
    if (signal.kind !== 'event') this.#echoes.contest(signal.address);
    return false;
  }

  #summary(isUp: boolean): string {
    if (isUp) return 'Connected to the server.';
    const waiting = this.#outbox.waiting;
    const held = waiting === 0 ? '' : ` ${waiting} ${waiting === 1 ? 'message waits' : 'messages wait'} for it.`;
    return `${this.#line?.fault ?? 'Not dialled yet.'} Flyrail keeps trying.${held}`;
  }
}

/** A value whatever its type was on the way; short ones tell themselves apart. */
function printOf(value: Value): string {
  const json = formatJson(value);
  return json.length <= 64 ? json : createHash('sha1').update(json).digest('base64');
}
