import { parseAddress } from '../../src-main/contract/address.ts';
import type { LearnBatch } from '../../src-main/contract/live-events.ts';
import { f64, type Signal } from '../../src-main/contract/signal.ts';
import type { Delivery } from '../../src-main/core/router/delivery/delivery.ts';
import { followLearn } from '../../src-main/engine/feeds/learn-feed.ts';
import { SimulatedClock } from '../simulated-clock.ts';

/** Fractions 0..1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Said {
  readonly atMs: number;
  readonly address: string;
  readonly value: number;
  readonly kind: 'param' | 'event' | 'stream';
}

/** What speaks on a network, beginning before learn does (at 0 ms). */
export class LearnRig {
  readonly random: () => number;
  readonly #said: Said[] = [];

  constructor(seed: number) {
    this.random = seeded(seed);
  }

  /** @param valueAt given the time
   *  @param everyMs mean time between two; `jitter` 0: even, 1: at random */
  noisy(address: string, valueAt: (ms: number) => number, more: Partial<Noise> = {}): void {
    const { everyMs = 50, jitter = 0, kind = 'param', fromMs = -3_000, untilMs = 8_000 } = more;
    for (let at = fromMs + this.random() * everyMs; at < untilMs;) {
      this.#said.push({ atMs: at, address, value: valueAt(at), kind });
      at += everyMs * (1 - jitter - jitter * Math.log(1 - this.random()));
    }
  }

  say(address: string, said: Pick<Said, 'atMs' | 'value'> & Partial<Pick<Said, 'kind'>>): void {
    this.#said.push({ kind: 'param', ...said, address });
  }

  /** Moves evenly from one value to another. */
  sweep(address: string, { atMs, forMs, from, to, everyMs = 20 }: Sweep): void {
    for (let t = everyMs; t <= forMs; t += everyMs)
      this.say(address, { atMs: atMs + t, value: from + ((to - from) * t) / forMs });
  }

  /** Learns from 0 ms to `untilMs`. @returns what was told last */
  async learn(untilMs: number): Promise<LearnBatch> {
    const clock = new SimulatedClock();
    const params = new Map<string, Signal>();
    const taps = new Set<(delivery: Delivery) => void>();
    let heard: LearnBatch = { candidates: [], among: 0 };
    let now = -10_000;
    const say = ({ atMs, address, value, kind }: Said): void => {
      clock.advance(atMs - now);
      now = atMs;
      const signal: Signal = { kind, address: parseAddress(address), value: f64(value) };
      if (kind === 'param') params.set(address, signal);
      for (const run of taps) run({ signal, from: 'desk', fromLocal: false, at: clock.nowMicros() });
    };
    const tap = (run: (delivery: Delivery) => void) => {
      taps.add(run);
      return () => taps.delete(run);
    };
    const said = this.#said.toSorted((left, right) => left.atMs - right.atMs);
    for (const each of said.filter(({ atMs }) => atMs <= 0)) say(each);
    clock.advance(-now);
    now = 0;
    const router = { tap, current: () => [...params.values()] };
    const stop = followLearn({ router, clock, send: (batch) => (heard = batch) });
    for (const each of said.filter(({ atMs }) => atMs > 0 && atMs <= untilMs)) say(each);
    await clock.advanceAsync(untilMs - now + 200);
    stop();
    return heard;
  }
}

interface Noise {
  readonly everyMs: number;
  readonly jitter: number;
  readonly kind: Said['kind'];
  readonly fromMs: number;
  readonly untilMs: number;
}

interface Sweep {
  readonly atMs: number;
  readonly forMs: number;
  readonly from: number;
  readonly to: number;
  readonly everyMs?: number;
}
