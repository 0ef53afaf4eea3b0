import * as npm from '@clasp-to/core';
import { decodeFrame, encodeFrame } from '../../src-main/core/protocol/frame.ts';
import { messageType, type Message } from '../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../src-main/core/protocol/wire-value.ts';
import type { Value } from '../../src-main/contract/signal.ts';

// Compares the codec's throughput with @clasp-to/core, one process, interleaved rounds, medians. Run: npx node test/bench/codec.ts

interface Case {
  readonly name: string;
  /** builds the value anew each time, as a publisher does */
  readonly ours: (n: number) => Message;
  readonly theirs: (n: number) => npm.Message;
}

const rounds = 7;
const perRound = 40_000;
const f64 = (value: number): Value => ({ type: 'f64', value });
const colour = (n: number): Value => ({
  type: 'map',
  value: [
    ['r', f64(n)],
    ['g', f64(0.5)],
    ['name', { type: 'string', value: 'amber' }],
  ],
});

const cases: Case[] = [
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
      messages: Array.from({ length: 10 }, (_, i) => ({
        type: messageType.set,
        address: addressOf(n + i),
        value: WireValue.of(f64(i)),
      })),
    }),
    theirs: (n) => ({
      type: 'BUNDLE',
      messages: Array.from({ length: 10 }, (_, i) => ({ type: 'SET' as const, address: addressOf(n + i), value: i })),
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

let sink = 0;
for (const one of cases) {
  const frames = Array.from({ length: 1000 }, (_, n) => npm.encodeMessage(one.theirs(n)));
  const frameOf = (n: number): Uint8Array => frames[n % frames.length] ?? new Uint8Array();
  const runs = {
    oursEncode: (n: number) => (sink += encodeFrame(one.ours(n)).length),
    npmEncode: (n: number) => (sink += npm.encodeMessage(one.theirs(n)).length),
    oursDecode: (n: number) => (sink += decodeFrame(frameOf(n)).message.type),
    npmDecode: (n: number) => (sink += npm.decodeMessage(frameOf(n)).message.type.length),
  };
  const nanos = measure(runs);
  print(one.name, nanos);
}

function measure<K extends string>(runs: Record<K, (n: number) => void>): Record<K, number> {
  const taken = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries<(n: number) => void>(runs)) {
      const start = process.hrtime.bigint();
      for (let n = 0; n < perRound; n++) run(n);
      const nanos = Number(process.hrtime.bigint() - start) / perRound;
      taken.set(name, [...(taken.get(name) ?? []), nanos]);
    }
  }
  const median = (name: string): number => (taken.get(name) ?? []).toSorted((a, b) => a - b)[rounds >> 1] ?? Number.NaN;
  return Object.fromEntries([...taken.keys()].map((name) => [name, median(name)])) as Record<K, number>;
}

function print(name: string, nanos: Record<'oursEncode' | 'npmEncode' | 'oursDecode' | 'npmDecode', number>): void {
  const { oursEncode, npmEncode, oursDecode, npmDecode } = nanos;
  const ratio = (theirs: number, ours: number): string =>
    `${Math.round(theirs)} / ${Math.round(ours)} ns = ${(theirs / ours).toFixed(1)}x`;
  console.log(
    `${name.padEnd(36)} encode ${ratio(npmEncode, oursEncode).padEnd(28)} decode ${ratio(npmDecode, oursDecode)}`,
  );
}
console.log(`(npm / ours, median of ${rounds} interleaved rounds of ${perRound}; checksum ${sink})`);
