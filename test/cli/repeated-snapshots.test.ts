import { describe, expect, it } from 'vitest';
import { RepeatedSnapshots, rememberedMax } from '../../src-main/cli/repeated-snapshots.ts';
import { f64, type Signal } from '../../src-main/contract/signal.ts';
import type { Received } from '../../src-main/core/client/received.ts';
import { address } from '../core/client/addresses.ts';

const param = (name: string, value: number, revision: bigint, isSnapshot = true): Received => ({
  signal: { kind: 'param', address: address(name), value: f64(value) },
  revision,
  isSnapshot,
});

describe('what was there before', () => {
  it('[CL65] is told once, until it changes', () => {
    const snapshots = new RepeatedSnapshots();
    expect(snapshots.isRepeated(param('/a', 1, 1n))).toBe(false);
    expect(snapshots.isRepeated(param('/a', 1, 1n))).toBe(true);
    expect(snapshots.isRepeated(param('/b', 1, 1n))).toBe(false);
    expect(snapshots.isRepeated(param('/a', 2, 2n, false))).toBe(false);
    // After a reconnect.
    expect(snapshots.isRepeated(param('/a', 2, 2n))).toBe(true);
    // The router began anew, and so did its revisions.
    expect(snapshots.isRepeated(param('/a', 3, 2n))).toBe(false);
  });

  it('[CL65] never keeps a live message back', () => {
    const snapshots = new RepeatedSnapshots();
    const event: Signal = { kind: 'event', address: address('/a'), value: f64(1) };
    for (let i = 0; i < 2; i++) {
      expect(snapshots.isRepeated(param('/a', 1, 1n, false))).toBe(false);
      expect(snapshots.isRepeated({ signal: event, isSnapshot: false })).toBe(false);
    }
  });

  it('[CL65] is remembered for a bounded number of addresses', () => {
    const snapshots = new RepeatedSnapshots();
    for (let i = 0; i <= rememberedMax; i++) snapshots.isRepeated(param(`/a/${i}`, 1, 1n));
    expect(snapshots.isRepeated(param(`/a/${rememberedMax}`, 1, 1n))).toBe(true);
    expect(snapshots.isRepeated(param('/a/0', 1, 1n))).toBe(false);
  });
});
