import type { Address } from '../../contract/address.ts';
import type { HttpBridge as HttpBridgeSettings } from '../../contract/bridges/http.ts';
import type { HttpPoll as PollRow, HttpWebhook as WebhookRow } from '../../contract/bridges/http-fields.ts';
import { type NetworkCard } from '../../contract/device.ts';
import { InputError, UnavailableError } from '../../contract/errors.ts';
import type { Signal } from '../../contract/signal.ts';
import { millis } from '../../contract/units.ts';
import { TrafficTally } from '../../core/realtime/traffic-tally.ts';
import { settleWithin } from '../../core/retry/settle-within.ts';
import { createHttpCaller } from '../../platform/http-caller.ts';
import { requireSecret } from '../../platform/require-secret.ts';
import type { Bridge, BridgeHealth, BridgeHost } from '../../ports/bridge.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HttpCaller } from '../../ports/http-caller.ts';
import type { Log } from '../../ports/log.ts';
import type { Random } from '../../ports/random.ts';
import { HttpHosts } from './http-hosts.ts';
import { headersOf, tlsOf, type Headers, type SecretLookup } from './http-login.ts';
import { HttpPoll } from './http-poll.ts';
import { originOf, wholeUrl } from './row-url.ts';
import { WebhookTarget } from './webhook-target.ts';

export interface HttpBridgeNeeds {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly networkCards: () => readonly NetworkCard[];
  readonly secret?: SecretLookup;
}

/** So long a start waits for the first answers. */
const firstWait = millis(1500);
/** Of one answer; larger ones are refused. */
const answerBytesMax = 1024 * 1024;

/** What the rows of one bridge have in common. */
interface Line {
  readonly host: BridgeHost;
  readonly caller: HttpCaller;
  /** for the server of the bridge alone */
  readonly headers: Headers;
}

/** A client of web servers: what it asks for again and again appears under the prefix, and what is set or happens there is sent.
 *  It is up while servers are away, and asks them for ever.
 *  @see CLASP-WIRE §16; docs/bridges/http.md */
export class HttpBridge implements Bridge {
  readonly #bridge: HttpBridgeSettings;
  readonly #needs: HttpBridgeNeeds;
  readonly #makeCaller: typeof createHttpCaller;
  readonly #hosts: HttpHosts;
  readonly #tally: TrafficTally;
  readonly #hookedOrigins = new Set<string>();
  #polls: readonly HttpPoll[] = [];
  #targets: readonly WebhookTarget[] = [];
  #host: BridgeHost | undefined;
  #caller: HttpCaller | undefined;
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(bridge: HttpBridgeSettings, needs: HttpBridgeNeeds, makeCaller = createHttpCaller) {
    this.#bridge = bridge;
    this.#needs = needs;
    this.#tally = new TrafficTally(needs.clock);
    this.#makeCaller = makeCaller;
    this.#hosts = new HttpHosts(bridge.settings.connections, (origin) => this.#comeBack(origin));
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
    const faults = this.#faults();
    const isBroken = faults.length > 0 && this.#hosts.areAllAway;
    return {
      state: isBroken ? 'broken' : faults.length > 0 ? 'trouble' : 'connected',
      reason: `${this.#summary(faults)}${this.#tally.refusal}`,
      url: this.#url(),
      ...this.#tally.totals,
    };
  }

  async #start(host: BridgeHost): Promise<void> {
    const { settings } = this.#bridge;
    const { secret, clock, networkCards } = this.#needs;
    const headers = await headersOf(settings.headers, secret);
    const tls = await tlsOf(settings);
    const card = { networkCard: settings.networkCard, networkCards };
    const caller = this.#makeCaller({ tls, card, answerBytesMax, connectionsMax: settings.connections });
    const line = { host, headers, caller };
    this.#caller = caller;
    const polls = await Promise.all(settings.polls.map((row) => this.#makePoll(row, line)));
    const targets = await Promise.all(settings.webhooks.map((row) => this.#makeTarget(row, line)));
    if (this.#stopped) throw new UnavailableError('link-closed', 'The bridge was stopped while it started.');
    [this.#host, this.#polls, this.#targets] = [host, polls, targets];
    for (const poll of polls) poll.start();
    await settleWithin(clock, firstWait, Promise.all(polls.map(({ first }) => first)));
  }

  async #stop(): Promise<void> {
    for (const poll of this.#polls) poll.stop();
    const lost = this.#targets.reduce((sum, target) => sum + target.stop(), 0);
    if (lost > 0) this.#needs.log.warn('webhooks were not delivered', { bridge: this.#bridge.name, lost });
    this.#caller?.close();
    await Promise.allSettled([this.#started]);
    // One that was made while it was stopped.
    this.#caller?.close();
  }

  async #makePoll(row: PollRow, line: Line): Promise<HttpPoll> {
    const way = await this.#wayOf(row, line);
    return new HttpPoll({ ...way, settings: row, onSignals: (signals) => this.#publish(line.host, signals) });
  }

  async #makeTarget(row: WebhookRow, line: Line): Promise<WebhookTarget> {
    const { eventsMax, eventsWaitSeconds } = this.#bridge.settings;
    const { origin, ...way } = await this.#wayOf(row, line);
    const { signature } = row;
    const secret = signature ? await requireSecret(signature.secretName, this.#needs.secret) : undefined;
    this.#hookedOrigins.add(origin);
    return new WebhookTarget({
      ...way,
      settings: row,
      secret,
      eventsMax,
      eventsWait: millis(eventsWaitSeconds * 1000),
      onSent: () => this.#tally.sent(),
      onRefused: (address, why) => this.#tally.refuse(address, why),
      onSignals: (signals) => this.#publish(line.host, signals),
    });
  }

  /** How a row gets to its server. */
  async #wayOf(row: PollRow | WebhookRow, { caller, headers }: Line) {
    const { url: base, prefix } = this.#bridge.settings;
    const { clock, random, secret } = this.#needs;
    const url = wholeUrl(row.url, base);
    const origin = originOf(url);
    if (origin === undefined)
      throw new InputError('bad-value', `${row.url}: expected a URL such as http://10.0.0.5/state.`);
    const own = await headersOf(row.headers, secret);
    return {
      ...{ prefix, url, origin, caller, clock, random },
      headers: { ...(origin === originOf(base) && headers), ...own },
      slots: this.#hosts.slotsOf(origin),
      onAnswer: () => this.#noteAnswer(origin),
      onAway: () => this.#hosts.isAway(origin),
    };
  }

  #give(signal: Signal): void {
    const { prefix } = this.#bridge.settings;
    const { address, value, kind } = signal;
    if (!this.#host || this.#stopped) return this.#tally.refuse(address, 'it is not connected');
    if (kind === 'timeline')
      return this.#tally.refuse(address, 'a timeline plays where it is set, and its values go out');
    const path = address.slice(prefix.length) as Address;
    if (!address.startsWith(`${prefix}/`) || path === '/')
      return this.#tally.refuse(address, `it is not under ${prefix}`);
    // What stands is handed to whoever comes back: also what he said himself.
    if (kind === 'param' && this.#polls.some((poll) => poll.holds(address, value))) return;
    for (const poll of this.#polls) poll.give(address);
    const targets = this.#targets.filter((target) => target.covers(signal, path));
    for (const target of targets) target.give(signal, path);
    if (targets.length === 0) this.#tally.refuse(path, 'no webhook covers it');
  }

  #publish(host: BridgeHost, signals: readonly Signal[]): void {
    if (this.#stopped) return;
    this.#tally.took(signals.length);
    host.publish(signals);
  }

  #comeBack(origin: string): void {
    if (this.#stopped) return;
    this.#needs.log.info('web server is there again', { bridge: this.#bridge.name, origin });
    // Who is only asked is handed nothing.
    if (this.#hookedOrigins.has(origin)) this.#host?.returned();
  }

  #noteAnswer(origin: string): void {
    if (this.#stopped) return;
    this.#tally.saw();
    this.#hosts.answered(origin);
  }

  #faults(): string[] {
    return [...this.#polls, ...this.#targets].flatMap(({ fault }) => fault ?? []);
  }

  #summary(faults: readonly string[]): string {
    const { polls, webhooks } = this.#bridge.settings;
    const held = this.#targets.map(({ waiting }) => waiting);
    const waiting = counted(
      [held.reduce((sum, { events }) => sum + events, 0), 'event', 'events'],
      [held.reduce((sum, { values }) => sum + values, 0), 'value', 'values'],
    );
    const tail = waiting === '' ? '' : ` ${waiting} to be sent.`;
    const rows = counted([polls.length, 'poll', 'polls'], [webhooks.length, 'webhook', 'webhooks']);
    if (faults.length > 0) {
      const others = faults.length > 1 ? ` Of ${rows} ${faults.length} fail.` : '';
      return `${faults[0]}${others} Flyrail keeps trying.${tail}`;
    }
    return rows === '' ? 'It asks for nothing and sends nothing yet.' : `Works: ${rows}.${tail}`;
  }

  #url(): string {
    const { url, polls, webhooks } = this.#bridge.settings;
    const [first] = [...polls, ...webhooks];
    return url || (first ? (originOf(first.url) ?? first.url) : this.#bridge.settings.prefix);
  }
}

/** `1 event and 3 values wait`, without those of which there are none. */
function counted(...parts: readonly (readonly [number, string, string])[]): string {
  const found = parts.filter(([count]) => count > 0);
  return found.map(([count, one, more]) => `${count} ${count === 1 ? one : more}`).join(' and ');
}
