import * as npm from '@clasp-to/core';
import { f64, type Value } from '../../../src-main/contract/signal.ts';
import { decodeFrame, encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { messageType, type Message } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import type { Bench, Case, Figures, Scenario } from '../runner/scenario.ts';

/** The machine may be twice as fast a moment later, so both codecs take turns. What one leaves to the collector is partly
 *  cleared away in the other's turn: turns are alike in time, not in frames, and long beside that. */
const turnMillis = 50;
const framesAtOnce = 1000;

interface Sample {
  readonly name: string;
  /** builds the value anew each time, as a publisher does */
  readonly ours: (n: number) => Message;
  readonly theirs: (n: number) => npm.Message;
}

const colour = (n: number): Value => ({
  type: 'map',
  value: [
    ['r', f64(n)],
    ['g', f64(0.5)],
    ['name', { type: 'string', value: 'amber' }],
  ],
});

const samples: readonly Sample[] = [
  {
    name: 'SET f64, 16-character address',
    ours: (n) => ({ type: messageType.set, address: addressOf(n), value: WireValue.of(f64(n)) }),
    theirs: (n) => ({ type: 'SET', address: addressOf(n), value: n }),
  },
  {
    name: 'SET f64 with revision',
    ours: (n) => ({ type: messageType.set, address: addressOf(n), value: WireValue.of(f64(n)), revision: BigInt(n) }),
    theirs: (n) => ({ type: 'SET', address: addressOf(n), value: n, revision: n }),
  },
  {
    name: 'PUBLISH stream f64 with timestamp',
    ours: (n) => ({
      type: messageType.publish,
      kind: 'stream',
      address: addressOf(n),
      value: WireValue.of(f64(n)),
      timestamp: 1_700_000_000_000_000n,
    }),
    theirs: (n) => ({
      type: 'PUBLISH',
      signal: 'stream',
      address: addressOf(n),
      value: n,
      timestamp: 1_700_000_000_000_000,
    }),
  },
  {
    name: 'SET map of three',
    ours: (n) => ({ type: messageType.set, address: addressOf(n), value: WireValue.of(colour(n)) }),
    theirs: (n) => ({ type: 'SET', address: addressOf(n), value: { r: n, g: 0.5, name: 'amber' } }),
  },
  {
    name: 'BUNDLE of ten SETs',
    ours: (n) => ({
      type: messageType.bundle,
      messages: tenOf((i) => ({ type: messageType.set, address: addressOf(n + i), value: WireValue.of(f64(i)) })),
    }),
    theirs: (n) => ({
      type: 'BUNDLE',
      messages: tenOf((i) => ({ type: 'SET' as const, address: addressOf(n + i), value: i })),
    }),
  },
  {
    name: 'ACK address + revision',
    ours: (n) => ({ type: messageType.ack, address: addressOf(n), revision: BigInt(n) }),
    theirs: (n) => ({ type: 'ACK', address: addressOf(n), revision: n }),
  },
];

const addresses = Array.from({ length: 1000 }, (_, i) => `/desk/fader/${1000 + i}`);
function addressOf(n: number): string {
  return addresses[n % addresses.length] ?? '/';
}

/** By hand: `Array.from` takes as long as our codec does for what is in it. */
function tenOf<T>(make: (i: number) => T): T[] {
  const items: T[] = [];
  for (let i = 0; i < 10; i++) items.push(make(i));
  return items;
}

/** Both codecs turn the same messages into frames and back, in one process, in turns. */
export const codec: Scenario = {
  name: 'codec',
  title: "Frames encoded and decoded, beside those of npm's `@clasp-to/core`.",
  targets: ['none'],
  cases: samples.map(({ name }) => ({ message: name })),
  quickCases: samples.map(({ name }) => ({ message: name })),
  shows: ['encodeRatio', 'decodeRatio', 'encodeNanos', 'decodeNanos'],
  seconds: 1,
  measure,
};

async function measure({ seconds }: Bench, one: Case): Promise<Figures> {
  const sample = samples.find(({ name }) => name === one['message']);
  if (!sample) throw new Error('There is no such message.');
  const frames = Array.from({ length: 1000 }, (_, n) => npm.encodeMessage(sample.theirs(n)));
  const frameOf = (n: number): Uint8Array => frames[n % frames.length] ?? new Uint8Array();
  const encoders: Pair = [(n) => encodeFrame(sample.ours(n)).length, (n) => npm.encodeMessage(sample.theirs(n)).length];
  const decoders: Pair = [
    (n) => decodeFrame(frameOf(n)).message.type,
    (n) => npm.decodeMessage(frameOf(n)).message.type.length,
  ];
  // The compiler works beside what runs, and is done with it only after some hundred thousand frames.
  for (const pair of [encoders, decoders]) inTurns(pair, seconds / 2);
  const [encodeNanos, npmEncodeNanos] = inTurns(encoders, seconds);
  const [decodeNanos, npmDecodeNanos] = inTurns(decoders, seconds);
  return {
    encodeRatio: npmEncodeNanos / encodeNanos,
    decodeRatio: npmDecodeNanos / decodeNanos,
    encodeNanos,
    decodeNanos,
    npmEncodeNanos,
    npmDecodeNanos,
  };
}

/** @param n the number of the frame @returns anything but less than 0, so that the compiler cannot leave it out */
type Run = (n: number) => number;
type Pair = readonly [ours: Run, theirs: Run];

/** Lets each run for a while, again and again. @returns nanoseconds of CPU a frame, of each */
function inTurns([ours, theirs]: Pair, seconds: number): readonly [ours: number, theirs: number] {
  const end = performance.now() + seconds * 1000;
  const [oursTurns, theirsTurns] = [new Turns(ours), new Turns(theirs)];
  do {
    oursTurns.take();
    theirsTurns.take();
  } while (performance.now() < end);
  return [oursTurns.nanosPerFrame, theirsTurns.nanosPerFrame];
}

/** All turns of one codec. */
class Turns {
  readonly #run: Run;
  #frames = 0;
  #micros = 0;

  constructor(run: Run) {
    this.#run = run;
  }

  take(): void {
    const end = performance.now() + turnMillis;
    const start = process.cpuUsage();
    let sum = 0;
    do {
      for (let n = 0; n < framesAtOnce; n++) sum += this.#run(n);
      this.#frames += framesAtOnce;
    } while (performance.now() < end);
    const { user, system } = process.cpuUsage(start);
    this.#micros += user + system;
    if (sum < 0) throw new Error('No frame has less than no bytes.');
  }

  get nanosPerFrame(): number {
    return (this.#micros * 1000) / this.#frames;
  }
}
