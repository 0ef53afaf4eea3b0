import type { LiveBatch, LiveMapping } from '../../src-main/contract/live-events.ts';
import type { Cancel } from '../../src-main/contract/message-link.ts';
import { matches, tryAddress, tryPattern } from '../../src-main/contract/address.ts';
import { showLimits, type Mapping } from '../../src-main/contract/show.ts';
import { tryNumber, type Value } from '../../src-main/contract/signal.ts';
import { SignalTrace } from '../widgets/signal-trace.ts';
import type { PageClock } from './page-clock.ts';

/** Values in text follow at this pace, so that they can be read. */
export const textRateHz = 15;
/** A mapping that carried nothing for this long is held, not flowing. */
export const flowingMs = 1000;
/** Live values older than this on arrival are said to be late. */
export const lateMs = 250;
/** Traces the page keeps: as many as a show may have mappings. */
export const tracksMax = showLimits.mappings;
/** How long one late batch keeps the picture called late. */
const lateHoldMs = 1000;
const flowingTickEvery = 4;

/** What is known of the signal through one mapping. */
export interface LiveTrack {
  readonly source: SignalTrace;
  readonly target: SignalTrace;
  latest: LiveMapping;
}

/** The newest values and the last four seconds of every mapping. Samples are plain memory: nothing in the page reacts
 *  to one. What is read inside a component follows `beat`, 15 times a second. */
export class LiveValues {
  /** counts up whenever texts are due */
  beat = $state(0);
  /** mappings that carried something within the last second, and whose target took it */
  flowing = $state.raw<ReadonlySet<string>>(new Set());
  /** seconds the picture is behind the engine; 0 while it keeps up */
  lateSeconds = $state(0);

  readonly #clock: PageClock;
  readonly #tracks = new Map<string, LiveTrack>();
  #routes = new Map<string, Mapping>();
  /** mappings of which nothing came since their way changed: what still comes may be of the old one */
  readonly #rerouted = new Set<string>();
  /** engine clock minus page clock, at the shortest way a batch ever took */
  #offset: number | undefined;
  #lateUntil = 0;
  #moved = false;
  #ticks = 0;

  constructor(clock: PageClock) {
    this.#clock = clock;
  }

  /** Starts the beat. */
  start(): Cancel {
    return this.#clock.every(1000 / textRateHz, () => this.#tick());
  }

  /** Forgets everything: another show, or another engine. */
  reset(known: readonly LiveMapping[]): void {
    this.#tracks.clear();
    this.#rerouted.clear();
    this.#routes = new Map();
    this.#offset = undefined;
    for (const mapping of known) this.#record(mapping, 0);
    this.#moved = true;
    this.lateSeconds = 0;
  }

  /** Tells the mappings as they are now. One that listens or sends elsewhere than before has carried nothing yet. */
  followRoutes(mappings: readonly Mapping[]): void {
    const before = this.#routes;
    this.#routes = new Map(mappings.map((mapping) => [mapping.id, mapping]));
    for (const id of this.#rerouted) if (!this.#routes.has(id)) this.#rerouted.delete(id);
    for (const mapping of mappings) {
      const old = before.get(mapping.id);
      if (old === undefined || old === mapping || isSameRoute(old, mapping)) continue;
      this.#rerouted.add(mapping.id);
      if (this.#tracks.delete(mapping.id)) this.#moved = true;
    }
  }

  apply(batch: LiveBatch): void {
    this.#measure(batch.at);
    for (const mapping of batch.mappings) if (!this.#isOfOldRoute(mapping)) this.#record(mapping, mapping.count);
    if (batch.mappings.length > 0) this.#moved = true;
  }

  /** Now, on the engine's clock, in ms. */
  now(): number {
    return this.#clock.now() + (this.#offset ?? 0);
  }

  /** Undefined until the mapping carried something. Reading it inside a component follows the beat. */
  latest(mappingId: string): LiveMapping | undefined {
    this.#followBeat();
    return this.#tracks.get(mappingId)?.latest;
  }

  /** For drawing: does not follow the beat. */
  track(mappingId: string): LiveTrack | undefined {
    return this.#tracks.get(mappingId);
  }

  /** Signals per second through one mapping; follows the beat. */
  rate(mappingId: string): number {
    this.#followBeat();
    return this.#tracks.get(mappingId)?.source.rateAt(this.now()) ?? 0;
  }

  /** Makes whatever is computed here be computed again at the next beat. */
  #followBeat(): number {
    return this.beat;
  }

  #isOfOldRoute(live: LiveMapping): boolean {
    if (!this.#rerouted.has(live.mappingId)) return false;
    const mapping = this.#routes.get(live.mappingId);
    if (mapping && !fits(mapping, live)) return true;
    this.#rerouted.delete(live.mappingId);
    return false;
  }

  #record(mapping: LiveMapping, count: number): void {
    let track = this.#tracks.get(mapping.mappingId);
    if (track) track.latest = mapping;
    else {
      track = { source: new SignalTrace(), target: new SignalTrace(), latest: mapping };
      this.#tracks.set(mapping.mappingId, track);
      // Deleted mappings leave theirs behind; those heard of first go first.
      if (this.#tracks.size > tracksMax) this.#tracks.delete(this.#tracks.keys().next().value ?? '');
    }
    track.source.isEvent = track.target.isEvent = mapping.kind === 'event' || mapping.kind === 'gesture';
    track.source.push(mapping.at, heightValue(mapping.source), count);
    if (mapping.target) track.target.push(mapping.at, heightValue(mapping.target), count);
  }

  #measure(at: number): void {
    const offset = at - this.#clock.now();
    if (this.#offset === undefined || offset > this.#offset) this.#offset = offset;
    const behind = this.#offset - offset;
    if (behind >= lateMs) {
      this.lateSeconds = Math.round(behind / 100) / 10;
      this.#lateUntil = this.#clock.now() + lateHoldMs;
    }
  }

  #tick(): void {
    if (this.lateSeconds > 0 && this.#clock.now() >= this.#lateUntil) this.lateSeconds = 0;
    this.#ticks++;
    if (this.#ticks % flowingTickEvery === 0) this.#updateFlowing();
    // Rates and ages change while nothing arrives; once a second is enough for those.
    if (!this.#moved && this.#ticks % textRateHz !== 0) return;
    this.#moved = false;
    this.beat++;
  }

  #updateFlowing(): void {
    const now = this.now();
    const next = new Set<string>();
    for (const [id, { source, latest }] of this.#tracks) {
      if (latest.refused === null && source.ageAt(now) < flowingMs) next.add(id);
    }
    if (next.size !== this.flowing.size || [...next].some((id) => !this.flowing.has(id))) this.flowing = next;
  }
}

function isSameRoute(left: Mapping, right: Mapping): boolean {
  return left.source.pattern === right.source.pattern && left.target.address === right.target.address;
}

/** Whether this came by the mapping as it is now. A target with places to fill may be anything. */
function fits({ source, target }: Mapping, live: LiveMapping): boolean {
  const [pattern, address] = [tryPattern(source.pattern), tryAddress(live.sourceAddress)];
  if (!pattern || !address || !matches(pattern, address)) return false;
  return live.targetAddress === null || target.address.includes('{') || live.targetAddress === target.address;
}

function heightValue(value: Value): number {
  return tryNumber(value) ?? Number.NaN;
}
