import type { LearnCandidate } from '../../contract/live-events.ts';
import { tryNumber, type Value } from '../../contract/signal.ts';
import { microsToMillis, type Millis } from '../../contract/units.ts';
import type { Delivery } from '../../core/router/delivery/delivery.ts';

/** A rest this many times longer than the usual time between two moves is half a proof that somebody touched it. */
const restsUsual = 14;
/** One move alone has no usual time between two; a button's is about this. */
const loneMoveMs = 120;
/** Some clients send many values at one instant. */
const betweenMovesMinMs = 5;
/** One move alone proves less than a movement. */
const loneMoveWeight = 0.6;
/** So long without a move ends a movement. */
const restMs = 400;
/** What moves for so long without a rest is half as likely a hand. */
const tirelessMs = 4_000;
/** The range seen by then is the noise of a value that never rests; leaving it this many times over is half a proof. */
const noiseSeen = { ms: 1_000, moves: 8 } as const;
const noiseLeft = 20;
/** What cannot be measured (text, a colour) stands between a nudge and a full movement. */
const unmeasuredSpan = 0.25;

/** How one address has behaved since learn began: a control that was touched was still and then moved; a sensor moves at
 *  a steady rate, before learn and after. A few numbers, whatever comes. */
export class HeardAddress {
  /** the range seen, with what it stood at before */
  #low = Number.POSITIVE_INFINITY;
  #high = Number.NEGATIVE_INFINITY;
  #noiseSpan: number | undefined;
  #number: number | undefined;
  #movedAt: number;
  #moves = 0;
  /** before the first move: at least so long */
  #firstRestMs = 0;
  /** between two moves */
  #longestRestMs = 0;
  #restsMs = 0;
  #movementFrom = 0;
  #travel = 0;
  #count = 0;
  #newest: Delivery;
  readonly #firstAt: Millis;

  /** @param first not heard yet, see `hear`
   *  @param before what the address stood at when learn began, and since when it is known to have been still */
  constructor(first: Delivery, before: { readonly value: Value | undefined; readonly stillSince: number }) {
    this.#newest = first;
    this.#firstAt = microsToMillis(first.at);
    this.#movedAt = before.stillSince;
    if (before.value) this.#measure(tryNumber(before.value));
  }

  hear(delivery: Delivery): void {
    const { signal, at } = delivery;
    const now = microsToMillis(at);
    const from = this.#number;
    const to = tryNumber(signal.value);
    this.#newest = delivery;
    this.#count++;
    this.#measure(to);
    if (from !== undefined && to !== undefined) this.#travel += Math.abs(to - from);
    if (signal.kind === 'event' || to === undefined || to !== from) this.#move(now);
    const seen = now - this.#firstAt >= noiseSeen.ms && this.#moves >= noiseSeen.moves;
    if (seen) this.#noiseSpan ??= this.#high - this.#low;
  }

  /** How likely a hand did it, 0..1: still and then moved, or far out of its own noise, and far for its size. */
  get weight(): number {
    if (this.#moves === 0) return 0;
    const tireless = half((this.#movedAt - this.#movementFrom) / tirelessMs, 2);
    return Math.sqrt(this.#span()) * Math.max(this.#rested(), this.#leftNoise()) * (1 - tireless);
  }

  get lastAt(): number {
    return this.#newest.at;
  }

  candidate(): LearnCandidate {
    const { signal, at } = this.#newest;
    const { address, value, kind } = signal;
    const [firstAt, lastAt] = [this.#firstAt, microsToMillis(at)];
    return { address, value, kind, count: this.#count, firstAt, lastAt, travel: this.#travel };
  }

  #measure(value: number | undefined): void {
    if (value === undefined || Number.isNaN(value)) return;
    this.#number = value;
    if (value < this.#low) this.#low = value;
    if (value > this.#high) this.#high = value;
  }

  #move(now: number): void {
    const rest = now - this.#movedAt;
    if (this.#moves === 0) this.#firstRestMs = rest;
    else {
      this.#restsMs += rest;
      this.#longestRestMs = Math.max(rest, this.#longestRestMs);
    }
    if (this.#moves === 0 || rest > restMs) this.#movementFrom = now;
    this.#movedAt = now;
    this.#moves++;
  }

  /** 0..1 */
  #rested(): number {
    const firstIsLongest = this.#firstRestMs >= this.#longestRestMs;
    const longestMs = firstIsLongest ? this.#firstRestMs : this.#longestRestMs;
    const usual = this.#moves - (firstIsLongest ? 1 : 2);
    if (usual <= 0) return loneMoveWeight * half(longestMs / loneMoveMs / restsUsual, 4);
    const usualMs = (this.#restsMs - (firstIsLongest ? 0 : this.#longestRestMs)) / usual;
    return half(longestMs / Math.max(betweenMovesMinMs, usualMs) / restsUsual, 4);
  }

  /** 0..1 */
  #leftNoise(): number {
    if (this.#noiseSpan === undefined || this.#noiseSpan === 0) return 0;
    return half((this.#high - this.#low) / this.#noiseSpan / noiseLeft, 4);
  }

  /** How far it moved for its size: ±3 around 1,500 is next to nothing, 0 to 1 is all. 0..1 */
  #span(): number {
    if (this.#newest.signal.kind === 'event') return 1;
    if (this.#number === undefined) return unmeasuredSpan;
    const size = Math.max(Math.abs(this.#low), Math.abs(this.#high));
    return size === 0 ? 0 : Math.min(1, (this.#high - this.#low) / size);
  }
}

/** 0 at 0, ½ at 1, towards 1 beyond; the steeper, the sharper around 1. */
function half(ratio: number, steepness: number): number {
  const raised = Math.min(ratio, 1e6) ** steepness;
  return raised / (1 + raised);
}
