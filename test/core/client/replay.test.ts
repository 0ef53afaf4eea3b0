import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { f64 } from '../../../src-main/contract/signal.ts';
import { micros } from '../../../src-main/contract/units.ts';
import type { PastPage, PastPages } from '../../../src-main/core/client/past-pages.ts';
import type { Received } from '../../../src-main/core/client/received.ts';
import { replay, type ReplayRequest } from '../../../src-main/core/client/replay.ts';
import type { ReplayMessage } from '../../../src-main/core/protocol/messages.ts';
import { address, pattern } from './addresses.ts';

interface Kept {
  readonly at: number;
  readonly number: number;
}

/** A router that has kept these, oldest first. */
class KeptPast implements Pick<PastPages, 'ask' | 'pageMax'> {
  readonly pageMax = 1000;
  readonly asked: ReplayMessage[] = [];
  readonly kept: Kept[];

  constructor(kept: Kept[]) {
    this.kept = kept;
  }

  ask(message: ReplayMessage): Promise<PastPage> {
    this.asked.push(message);
    const { limit = 0 } = message;
    const found = within(this.kept, Number(message.from), Number(message.to ?? 2 ** 50)).slice(0, limit);
    return Promise.resolve({ signals: found.map(receivedOf), isFull: found.length >= limit });
  }
}

function within(kept: readonly Kept[], from: number, to: number): Kept[] {
  return kept.filter(({ at }) => at >= from && at <= to);
}

function receivedOf({ at, number }: Kept): Received {
  const signal = { kind: 'event', address: address('/e'), value: f64(number) } as const;
  return { signal, isSnapshot: false, pastAt: micros(at) };
}

async function collect(past: KeptPast, request?: ReplayRequest): Promise<number[]> {
  const found: number[] = [];
  for await (const { signal } of replay(past, pattern('/e'), request)) {
    found.push(signal.value.type === 'f64' ? signal.value.value : -1);
  }
  return found;
}

/** Times rise by these steps, so many stand still. */
function keptWith(steps: readonly number[]): Kept[] {
  let at = 10;
  return steps.map((step, number) => ({ at: (at += step), number }));
}

describe('a replay', () => {
  it('[CL92] gives each signal once and in order, however many have the time at which a page ends', async () => {
    const runs = fc.record({
      steps: fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 900 })), { maxLength: 12 }),
      from: fc.nat(30),
      span: fc.nat(40),
      limit: fc.option(fc.integer({ min: 1, max: 4000 })),
    });
    await fc.assert(
      fc.asyncProperty(runs, async ({ steps, from, span, limit }) => {
        const kept = keptWith(steps.flatMap(([step, count]) => [step, ...Array.from({ length: count }, () => 0)]));
        const request = { from: micros(from), to: micros(from + span), ...(limit !== null && { limit }) };
        const wanted = within(kept, from, from + span).slice(0, limit ?? Infinity);
        expect(await collect(new KeptPast(kept), request)).toEqual(wanted.map(({ number }) => number));
      }),
      { seed: 20261122, numRuns: 100 },
    );
  });

  it('[CL92] has what comes while it is read, up to the last page', async () => {
    const past = new KeptPast(keptWith(Array.from({ length: 1000 }, () => 1)));
    const found: number[] = [];
    for await (const { signal } of replay(past, pattern('/e'))) {
      if (found.push(Number('value' in signal.value && signal.value.value)) === 500)
        past.kept.push({ at: 1010, number: 1000 }, { at: 1011, number: 1001 });
    }
    expect(found).toEqual(Array.from({ length: 1002 }, (_, i) => i));
  });

  it('[CL93] asks for the next page when the one before is used up, and for none after its limit or its reader is done', async () => {
    const past = new KeptPast(keptWith(Array.from({ length: 5000 }, () => 1)));
    let count = 0;
    for await (const _ of replay(past, pattern('/e'))) {
      expect(past.asked).toHaveLength(1 + Math.floor(count / 1000));
      if (++count === 2500) break;
    }
    expect(past.asked.map(({ limit }) => limit)).toEqual([1000, 1001, 1001]);
    past.asked.length = 0;
    expect(await collect(past, { limit: 1000 })).toHaveLength(1000);
    expect(past.asked.map(({ limit }) => limit)).toEqual([1000]);
    past.asked.length = 0;
    expect(await collect(past, { limit: 7 })).toHaveLength(7);
    expect(past.asked.map(({ limit }) => limit)).toEqual([7]);
  });

  it('[CL94] refuses what cannot be asked, and more of one time than a router gives, with a code', async () => {
    const past = new KeptPast([]);
    for (const request of [{ from: -1 }, { to: 0.5 }, { from: 2, to: 1 }, { limit: 0 }, { limit: 1.5 }]) {
      const asked = collect(past, request as unknown as ReplayRequest);
      await expect(asked).rejects.toMatchObject({ code: 'bad-arguments' });
    }
    await expect(replay(past, 'no slash' as never).next()).rejects.toMatchObject({ code: 'bad-pattern' });
    expect(past.asked).toEqual([]);
    const all = Array.from({ length: 1_000_000 }, () => receivedOf({ at: 1, number: 1 }));
    const flood = { pageMax: 1_000_000, ask: () => Promise.resolve({ signals: all, isFull: true }) };
    let last: unknown;
    try {
      for await (const _ of replay(flood, pattern('/e')));
    } catch (error) {
      last = error;
    }
    expect(last).toMatchObject({ code: 'too-many-items' });
  });
});
