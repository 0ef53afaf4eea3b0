import { describe, expect, it } from 'vitest';
import type { Address } from '../../../src-main/contract/address.ts';
import { f64 } from '../../../src-main/contract/signal.ts';
import type { Acknowledgement } from '../../../src-main/core/client/acknowledgement.ts';
import { GivenParams, underWayMax } from '../../../src-main/links/clasp/given-params.ts';

const at = (name: string): Address => `/${name}` as Address;

function bench() {
  const sets: { address: string; value: number; end: (answer: Acknowledgement | Error) => Promise<void> }[] = [];
  const told: string[] = [];
  const given = new GivenParams({
    set: (address, value) =>
      new Promise((resolve, reject) => {
        const end = async (answer: Acknowledgement | Error): Promise<void> => {
          if (answer instanceof Error) reject(answer);
          else resolve(answer);
          await new Promise(setImmediate);
        };
        sets.push({ address, value: (value as { value: number }).value, end });
      }),
    onGiven: ({ address, revision }) => told.push(`given ${address} ${revision}`),
    onRefused: (address, why) => told.push(`refused ${address}: ${why}`),
    onLater: ({ address, revision }) => told.push(`later ${address} ${revision}`),
  });
  const end = (i: number, answer: Acknowledgement | Error) => sets[i]?.end(answer);
  return { given, sets, told, end };
}

const done = (revision: bigint): Acknowledgement => ({ acknowledged: true, revision });

describe('params on their way to the other router', () => {
  it('[LK15] what is heard while a write is under way holds only if it came later', async () => {
    const { given, told, end } = bench();
    const heard = (revision: bigint) => given.hold({ address: at('a'), value: f64(9), revision });
    expect(heard(1n)).toBe(false);
    given.give(at('a'), f64(1));
    expect(heard(4n)).toBe(true);
    await end(0, done(5n));
    given.give(at('a'), f64(2));
    expect(heard(7n)).toBe(true);
    await end(1, done(6n));
    given.give(at('a'), f64(3));
    expect(heard(8n)).toBe(true);
    await end(2, new Error('no'));
    expect(told).toEqual(['given /a 5', 'given /a 6', 'later /a 7', 'refused /a: no', 'later /a 8']);
  });

  it('[LK15] one write of each param is under way, and the newest value follows', async () => {
    const { given, sets, told, end } = bench();
    for (const value of [1, 2, 3]) given.give(at('a'), f64(value));
    expect(sets.map(({ value }) => value)).toEqual([1]);
    given.hold({ address: at('a'), value: f64(9), revision: 99n });
    await end(0, done(1n));
    expect(sets.map(({ value }) => value)).toEqual([1, 3]);
    await end(1, done(2n));
    expect(told).toEqual(['given /a 1', 'given /a 2']);
  });

  it('[LK15] so many are under way at a time, and all get their turn', async () => {
    const { given, sets, end } = bench();
    for (let i = 0; i < underWayMax + 3; i++) given.give(at(`p${i}`), f64(i));
    expect(sets).toHaveLength(underWayMax);
    for (let i = 0; i < 3; i++) await end(i, done(1n));
    expect(sets).toHaveLength(underWayMax + 3);
    given.stop();
    given.give(at('x'), f64(1));
  });
});
