import { createHash } from 'node:crypto';
import { f64 } from '../../src-main/contract/signal.ts';
import type { Millis } from '../../src-main/contract/units.ts';
import { decodeFrame, encodeFrame } from '../../src-main/core/protocol/frame.ts';
import { isLockDenied } from '../../src-main/core/protocol/lock-answers.ts';
import { messageType, type ErrorMessage, type Message } from '../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../src-main/core/protocol/wire-value.ts';
import type { RouterLimits } from '../../src-main/core/router/limits.ts';
import type { RouterStats } from '../../src-main/core/router/router-stats.ts';
import { createRouter, type Router } from '../../src-main/core/router/router.ts';
import { oneOf, seededChance, wholeNumber, type Chance } from '../seeded-chance.ts';
import { failingLog } from './failing-log.ts';
import { HandFedEnd } from './hand-fed-end.ts';
import { hostileFrames } from './hostile-frames.ts';
import { LifeClock } from './life-clock.ts';
import { SimulatedClock } from '../simulated-clock.ts';

export interface FuzzOutcome {
  readonly hash: string;
  readonly faults: readonly string[];
  readonly frames: number;
  /** by ERROR number */
  readonly refused: Readonly<Record<number, number>>;
  /** of the one that took longest; no part of the hash */
  readonly slowestFrameMs: number;
}

export interface FuzzOptions {
  readonly frames: number;
  /** for the time of a frame; a test that is not about time leaves it out */
  readonly nowMs?: () => number;
}

/** Small, so that every bound is met. */
const limits = {
  sessionsMax: 6,
  helloTimeoutMs: 1000 as Millis,
  subscriptionsPerSessionMax: 8,
  paramsMax: 40,
  paramBytesMax: 20_000,
  timelinesMax: 4,
  announcedMax: 12,
  scheduledMax: 4,
  answersMax: 16,
  resumableMax: 4,
  snapshotParamsMax: 7,
} satisfies Partial<RouterLimits>;

const anyError = new Set([100, 101, 102, 200, 201, 202, 400, 401, 402, 403, 429, 501, 503]);

/** Sessions that say anything at any time against the router, next to one that behaves. After each frame: what was refused
 *  was counted once, told with a number, and changed nothing; no bound was passed; nothing failed. */
export function fuzzSessions(seed: number, { frames, nowMs = () => 0 }: FuzzOptions): FuzzOutcome {
  return new Fuzz(seed, nowMs).run(frames);
}

class Fuzz {
  readonly #chance: Chance;
  readonly #world = new SimulatedClock();
  readonly #clock = new LifeClock(this.#world, 0);
  readonly #router: Router;
  readonly #deferred: (() => void)[] = [];
  readonly #faults: string[] = [];
  readonly #seed: number;
  readonly #nowMs: () => number;
  readonly #bystander = new HandFedEnd();
  #peers: HandFedEnd[] = [];
  #rounds = 0;
  #slowestFrameMs = 0;

  constructor(seed: number, nowMs: () => number) {
    this.#seed = seed;
    this.#nowMs = nowMs;
    this.#chance = seededChance(seed);
    let ids = 0;
    const random = { fraction: this.#chance, uuid: () => `session ${ids++}` };
    const log = failingLog((text) => this.#complain(text));
    const defer = (run: () => void): void => void this.#deferred.push(run);
    this.#router = createRouter({ clock: this.#clock, random, log, defer, name: 'fuzzed', limits });
  }

  run(frames: number): FuzzOutcome {
    this.#router.accept(this.#bystander);
    this.#bystander.feed(encodeFrame({ type: messageType.hello, version: 1, name: 'bystander', features: [] }));
    const hostile = hostileFrames(this.#seed, frames);
    for (const [index, frame] of hostile.entries()) {
      this.#step(frame, index);
      if (index % 10 === 9) this.#checkBystander(index);
    }
    this.#everyoneLeaves();
    const refused = this.#router.stats().refusedTotal;
    const hash = createHash('sha256').update(this.#state()).update(JSON.stringify(refused)).digest('hex');
    return { hash, faults: this.#faults, frames, refused, slowestFrameMs: this.#slowestFrameMs };
  }

  #complain(text: string): void {
    this.#faults.push(text);
  }

  #step(frame: Uint8Array, index: number): void {
    const peer = this.#somePeer();
    if (this.#chance() < 0.1) this.#advance(wholeNumber(this.#chance, 1, 3000));
    const before = this.#look(frame);
    peer.take();
    const startedMs = this.#nowMs();
    try {
      peer.feed(frame);
      this.#turns();
    } catch (error) {
      this.#complain(`frame ${index} got out: ${error instanceof Error ? (error.stack ?? '') : String(error)}`);
    }
    this.#slowestFrameMs = Math.max(this.#slowestFrameMs, this.#nowMs() - startedMs);
    this.#judge(before, this.#look(frame), { peer, index });
    this.#checkBounds(index);
    if (this.#chance() < 0.03) peer.close('closes in the middle');
  }

  #judge(before: Look, after: Look, { peer, index }: { peer: HandFedEnd; index: number }): void {
    const refusals = sum(after.stats.refusedTotal) - sum(before.stats.refusedTotal);
    const got = peer.take();
    const errors = got.filter((message): message is ErrorMessage => message.type === messageType.error);
    // Who gives requests ids hears of a lock that is denied by an ACK.
    const isTold =
      errors.length > 0 || got.some((message) => message.type === messageType.ack && isLockDenied(message));
    for (const { code, message } of errors)
      if (!anyError.has(code) || message === '') this.#complain(`frame ${index} got ERROR ${code} "${message}"`);
    if (refusals === 0) return;
    if (refusals > 1) this.#complain(`frame ${index} was counted as refused ${refusals} times`);
    if (after.table !== before.table && peer.closedBecause === undefined)
      this.#complain(`frame ${index} was refused and changed the state`);
    if (peer.closedBecause !== undefined) return;
    if (!isTold && peer.isGreeted) this.#complain(`frame ${index} was refused without a word`);
    if (
      after.stats.messagesTotal !== before.stats.messagesTotal ||
      after.stats.subscriptions !== before.stats.subscriptions
    )
      this.#complain(`frame ${index} was refused and had an effect`);
    if (after.announced !== before.announced) this.#complain(`frame ${index} was refused and announced something`);
  }

  #checkBounds(index: number): void {
    const { params, sessions } = this.#router.stats();
    const timelines = this.#router.timelines.list().length;
    if (params > limits.paramsMax) this.#complain(`frame ${index}: ${params} params`);
    if (sessions > limits.sessionsMax) this.#complain(`frame ${index}: ${sessions} sessions`);
    if (timelines > limits.timelinesMax) this.#complain(`frame ${index}: ${timelines} timelines`);
  }

  /** One that behaves gets all of its answers, whatever the others do. */
  #checkBystander(index: number): void {
    const end = this.#bystander;
    end.take();
    const value = WireValue.of(f64(++this.#rounds));
    const address = `/bystander/${this.#seed}`;
    const messages: Message[] = [{ type: messageType.ping }, { type: messageType.set, address, value }];
    for (const message of messages) end.feed(encodeFrame(message));
    this.#turns();
    const types = new Set(end.take().map(({ type }) => type));
    const isFull = this.#rounds === 1 && types.has(messageType.error);
    if (end.closedBecause !== undefined || !types.has(messageType.pong) || !(types.has(messageType.ack) || isFull))
      this.#complain(`frame ${index}: the bystander is left without an answer (${String(end.closedBecause)})`);
  }

  #everyoneLeaves(): void {
    for (const peer of this.#peers) peer.close('leaves');
    this.#bystander.close('leaves');
    this.#router.timelines.clear();
    // The furthest bundle is 900 s after the beginning.
    this.#advance(1_000_000);
    const { sessions, subscriptions } = this.#router.stats();
    const locked = [...this.#router.params.records()].filter(({ holder }) => holder !== undefined).length;
    if (sessions + subscriptions + locked > 0)
      this.#complain(`${sessions} sessions, ${subscriptions} subscriptions and ${locked} locks are left`);
    const mayWait = [...this.#router.params.records()].some(({ ttl }) => ttl) ? 1 : 0;
    // A bundle outlives its session, for a day at most, and bytes that were changed may ask for that.
    if (this.#clock.waiting > mayWait + 1) this.#complain(`${this.#clock.waiting} timers are left`);
  }

  #somePeer(): HandFedEnd {
    this.#peers = this.#peers.filter(({ closedBecause }) => closedBecause === undefined);
    if (this.#peers.length > 0 && this.#chance() < 0.9) return oneOf(this.#chance, this.#peers);
    const peer = new HandFedEnd();
    this.#router.accept(peer);
    if (peer.closedBecause !== undefined) return this.#peers[0] ?? peer;
    this.#peers.push(peer);
    if (this.#chance() < 0.8) {
      const version = this.#chance() < 0.1 ? 9 : 1;
      peer.isGreeted = version === 1;
      const resume = this.#chance() < 0.5 ? { resume: `secret ${wholeNumber(this.#chance, 0, 5)}` } : {};
      const hello: Message = {
        type: messageType.hello,
        version,
        name: 'hostile',
        features: ['timeline'],
        ...resume,
      };
      peer.feed(encodeFrame(hello, { timestamp: BigInt(this.#clock.nowMicros()) }));
      this.#turns();
    }
    return peer;
  }

  #look(frame: Uint8Array): Look {
    return { stats: this.#router.stats(), table: this.#state(), announced: isAnnounce(frame) ? this.#announced() : '' };
  }

  #state(): string {
    const records = [...this.#router.params.records()].map(
      ({ address, value, revision, holder, ttl }) =>
        `${address} ${revision} ${value.value.type} ${Buffer.from(value.data).toString('hex')} ${holder} ${JSON.stringify(ttl)}`,
    );
    const timelines = this.#router.timelines.list().map(([address, { status }]) => `${address} ${status.state}`);
    return [...records, ...timelines].join('\n');
  }

  #announced(): string {
    this.#bystander.take();
    this.#bystander.feed(encodeFrame({ type: messageType.query, pattern: '/**' }));
    this.#turns();
    return JSON.stringify(this.#bystander.take().filter(({ type }) => type === messageType.result));
  }

  #advance(ms: number): void {
    this.#turns();
    try {
      for (let left = ms; left > 0; left -= 50) {
        this.#world.advance(Math.min(50, left));
        this.#turns();
        if (this.#clock.waiting === 0) break;
      }
    } catch (error) {
      this.#complain(`a timer failed: ${error instanceof Error ? (error.stack ?? '') : String(error)}`);
    }
  }

  #turns(): void {
    for (let turns = 0; this.#deferred.length > 0; turns++) {
      if (turns > 10_000) return this.#complain('the turns never end');
      for (const run of this.#deferred.splice(0)) run();
    }
  }
}

interface Look {
  readonly stats: RouterStats;
  readonly table: string;
  readonly announced: string;
}

function isAnnounce(frame: Uint8Array): boolean {
  try {
    return decodeFrame(frame).message.type === messageType.announce;
  } catch {
    return false;
  }
}

function sum(counts: Readonly<Record<number, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
