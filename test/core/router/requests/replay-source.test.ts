import { describe, expect, it } from 'vitest';
import { micros } from '../../../../src-main/contract/units.ts';
import { SignalPacker } from '../../../../src-main/core/journal/signal-packer.ts';
import { decodeFrame } from '../../../../src-main/core/protocol/frame.ts';
import type { PublishMessage } from '../../../../src-main/core/protocol/messages.ts';
import { RouterCounters } from '../../../../src-main/core/router/counters.ts';
import type { PastSignals } from '../../../../src-main/core/router/memory/history.ts';
import { ReplaySource } from '../../../../src-main/core/router/requests/replay-source.ts';
import type { SharedFrame } from '../../../../src-main/core/router/delivery/shared-frame.ts';
import { publish } from '../router-fixture.ts';

function pageOf(messages: readonly PublishMessage[]): PastSignals {
  const packer = new SignalPacker();
  messages.forEach((message, i) => packer.add(message, 'desk', micros(1000 + i)));
  return packer.take(0) ?? { bytes: new Uint8Array(), ends: new Uint32Array(), times: new Float64Array() };
}

function bench(page: PastSignals) {
  const frames: SharedFrame[] = [];
  const counters = new RouterCounters();
  let ends = 0;
  const outbox = { add: (frame: SharedFrame): void => void frames.push(frame) };
  const source = new ReplaySource({ page, outbox, counters, onEnd: () => ends++ });
  const pull = (): boolean => {
    const frame = source.next();
    if (frame) frames.push(frame);
    return frame !== undefined;
  };
  return { frames, counters, pull, ended: () => ends };
}

describe('frames of a replay', () => {
  it('[JR34] come sixteen at a time, never to be left out, and the end is told once', () => {
    const { frames, pull, ended } = bench(pageOf(Array.from({ length: 40 }, (_, i) => publish('stream', '/s', i))));
    const counts: number[] = [];
    while (pull()) counts.push(frames.length);
    expect(counts).toEqual([16, 32]);
    expect(frames).toHaveLength(40);
    expect(ended()).toBe(1);
    expect(frames.every(({ shedding }) => shedding === 'keep')).toBe(true);
    expect(frames.map(({ bytes }) => decodeFrame(bytes).timestamp)).toEqual(
      Array.from({ length: 40 }, (_, i) => BigInt(1000 + i)),
    );
  });

  it('[JR34] come fewer at a time when they are large', () => {
    const value = { type: 'string', value: 'x'.repeat(30_000) } as const;
    const { frames, pull } = bench(pageOf(Array.from({ length: 2 }, () => publish('event', '/e', value))));
    expect(pull()).toBe(false);
    expect(frames).toHaveLength(2);
    const longer = { ...value, value: 'x'.repeat(64_000) };
    const alone = bench(pageOf([publish('event', '/e', longer)]));
    expect(alone.pull()).toBe(false);
    expect(alone.frames).toHaveLength(1);
  });

  it('[JR30] are left out where the bytes make no sense', () => {
    const page = pageOf([publish('event', '/a'), publish('event', '/b'), publish('event', '/c')]);
    page.bytes.fill(0xff, page.ends[0], page.ends[1]);
    const { frames, counters, pull, ended } = bench(page);
    expect(pull()).toBe(false);
    expect(frames.map(({ address }) => address)).toEqual(['/a', '/c']);
    expect(counters.ignoredTotal).toBe(1);
    expect(ended()).toBe(1);
  });
});
