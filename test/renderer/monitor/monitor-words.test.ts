import { describe, expect, it } from 'vitest';
import { integer, text } from '../../../src-main/contract/signal.ts';
import { EntryRing } from '../../../src-renderer/monitor/entry-ring.ts';
import { describeBatch, describeEntry, entriesAsText, setNumberIn } from '../../../src-renderer/monitor/entry-text.ts';
import { movingRuns } from '../../../src-renderer/monitor/moving-runs.ts';
import { placeFlags } from '../../../src-renderer/monitor/place-flags.ts';
import { barMs, barsMax, flagsMax, RateHistory } from '../../../src-renderer/monitor/rate-history.svelte.ts';
import { monitorEntry } from './entries.ts';

describe('entry text', () => {
  it('[UI64] writes what is shown as lines with tabs, values as JSON', () => {
    const entries = [
      monitorEntry(1, { value: text('two\nlines\tand a tab') }),
      monitorEntry(2, {
        direction: 'out',
        device: 'node-a',
        address: '/sacn/1/1',
        value: integer(186),
        because: 'set 3, 0.31 ms later',
      }),
    ];
    const lines = entriesAsText(entries).split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toBe('time\tdirection\tdevice\tkind\taddress\tvalue\tbecause');
    expect(lines[1]).toMatch(
      /^\d\d:\d\d:20\.001\tin\tfoh-desk\tparam\t\/desk\/fader\/1\t"two\\nlines\\tand a tab"\toperator touch$/,
    );
    expect(lines[2]).toMatch(/\tout\tnode-a\tparam\t\/sacn\/1\/1\t186\tset 3, 0.31 ms later$/);
    expect(lines.every((line) => line === '' || line.split('\t').length === 7)).toBe(true);
  });

  it('[RT158] says of a batch how many samples came, how fast and between what', () => {
    const batch = { count: 5, rate: 100, lowest: 0.1, highest: 0.9 };
    expect(describeBatch(batch)).toBe('5 samples at 100 a second, from 0.100 to 0.900; the last is the value');
    expect(describeBatch({ ...batch, rate: null })).toContain('5 samples, from');
  });

  it('[UI65] says in a sentence what happened, and finds the set that caused it', () => {
    expect(describeEntry(monitorEntry(1))).toMatch(/^\/desk\/fader\/1 came in from foh-desk at \d\d:\d\d:20\.001\.$/);
    expect(describeEntry(monitorEntry(1, { direction: 'own', device: 'flyrail' }))).toContain('was made by Flyrail at');
    expect(setNumberIn('set 12, 0.31 ms later')).toBe(12);
    expect(setNumberIn('set by hand')).toBeUndefined();
    expect(setNumberIn('offset 3')).toBeUndefined();
  });
});

describe('entry ring', () => {
  it('[UI60] gives back what it holds in order, before and after it is full', () => {
    const ring = new EntryRing<number>(3);
    expect(ring.toArray()).toEqual([]);
    for (const value of [1, 2, 3, 4, 5]) ring.push(value);
    expect(ring.toArray()).toEqual([3, 4, 5]);
    expect([ring.at(-1), ring.at(0), ring.at(2), ring.at(3)]).toEqual([undefined, 3, 5, undefined]);
    ring.clear();
    ring.push(6);
    expect(ring.toArray()).toEqual([6]);
  });
});

describe('strip trace', () => {
  it('[UI85] colours only what moved, with the way to and from it', () => {
    expect(movingRuns([])).toEqual([]);
    expect(movingRuns([0, 0, 0])).toEqual([]);
    expect(movingRuns([0, 0, 4, 0, 0, 0, 1, 1])).toEqual([
      [1, 3],
      [5, 7],
    ]);
    expect(movingRuns([3, 0, 3, 0, 0])).toEqual([[0, 3]]);
  });
});

describe('rate history', () => {
  it('[UI66] folds seconds into bars that keep the busiest one', () => {
    const history = new RateHistory();
    for (const [second, rate] of [10, 40, 20, 5, 0, 7].entries()) history.add(second * 1000, rate, 0);
    expect(history.bars).toEqual([
      { from: 0, peak: 40, trouble: false },
      { from: barMs, peak: 7, trouble: false },
    ]);
  });

  it('[UI66] marks the bar in which something was lost, not what was lost before', () => {
    const history = new RateHistory();
    history.add(0, 1, 12);
    history.add(barMs, 1, 12);
    history.add(2 * barMs, 1, 13);
    expect(history.bars.map((bar) => bar.trouble)).toEqual([false, false, true]);
  });

  it('[UI66] remembers ten minutes and 24 flags, and starts anew when the clock was set back', () => {
    const history = new RateHistory();
    for (let bar = 0; bar < 500; bar++) history.add(bar * barMs, bar, 0);
    expect(history.bars).toHaveLength(barsMax);
    for (let i = 0; i < 99; i++) history.flag({ at: i, text: 'broken', tone: 'fault' });
    expect(history.flags).toHaveLength(flagsMax);
    history.add(0, 1, 0);
    expect(history.bars).toHaveLength(1);
  });
});

describe('flags on the ribbon', () => {
  const xOf = (at: number) => at;
  const flag = (at: number, text: string) => ({ at, text, tone: 'fault' as const });

  it('[UI66] gives every text room of its own, the newest first, and drops what has none', () => {
    const placed = placeFlags([flag(100, 'oldest'), flag(400, 'a'), flag(401, 'b'), flag(402, 'c')], { xOf });
    expect(placed.map(({ flag: { text }, row }) => [text, row])).toEqual([
      ['oldest', 0],
      ['a', undefined],
      ['b', 1],
      ['c', 0],
    ]);
  });

  it('[UI66] writes no text that would begin left of the ribbon', () => {
    expect(placeFlags([flag(10, 'truss-2 broken')], { xOf })[0]?.row).toBeUndefined();
  });

  it('[UI157] counts what comes again and again at its newest flag', () => {
    const again = [200, 701, 706, 712].map((at) => flag(at, 'stage broken'));
    const placed = placeFlags(again, { xOf });
    expect(placed.map(({ text, row }) => row !== undefined && text)).toEqual([
      'stage broken',
      false,
      false,
      'stage broken ×3',
    ]);
  });

  it('[UI157] lets neither a text nor the line of a flag lie on a text, nor on what stands at the right', () => {
    let textsTotal = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const flags = Array.from({ length: 12 }, (_, i) => flag((seed * (i + 7) * 7919) % 840, `device ${i % 5} broken`));
      const right = seed % 2 === 0 ? 750 : undefined;
      const placed = placeFlags(
        flags.toSorted((one, other) => one.at - other.at),
        { xOf, right },
      );
      const texts = placed.filter(({ row }) => row !== undefined);
      textsTotal += texts.length;
      for (const { x, text, row } of texts) {
        const left = x - text.length * 6;
        if (row === 0) expect(x, `seed ${seed}`).toBeLessThanOrEqual(right ?? 840);
        const lines = placed.filter((other) => other.x < x && (other.row ?? 2) <= (row ?? 2));
        expect(
          lines.filter((line) => line.x > left).map(({ text: crossing }) => crossing),
          `seed ${seed}`,
        ).toEqual([]);
      }
    }
    expect(textsTotal).toBeGreaterThan(200);
  });
});
