import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { UnavailableError } from '../../../src-main/contract/errors.ts';
import { f64, toJson } from '../../../src-main/contract/signal.ts';
import { micros } from '../../../src-main/contract/units.ts';
import { ParamJournal } from '../../../src-main/core/journal/param-journal.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { routerLimits } from '../../../src-main/core/router/limits.ts';
import { ValueTable } from '../../../src-main/core/router/state/value-table.ts';
import { emptyJournal, MemoryJournalStore } from '../../memory-journal-store.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

const limits = { ...routerLimits, paramsMax: 1000, paramBytesMax: 1_000_000, paramsReserved: 0, paramBytesReserved: 0 };

async function bench(journal = emptyJournal(), tableLimits = limits, isRestored = true) {
  const clock = new SimulatedClock();
  const table = new ValueTable(tableLimits);
  const store = new MemoryJournalStore(journal);
  const said: string[] = [];
  const say = (message: string): void => void said.push(message);
  const log = { error: say, warn: say, info: say, debug: say, child: () => log };
  const turns: (() => void)[] = [];
  const kept = new ParamJournal({
    store,
    params: table,
    timelines: { get: () => undefined, watch: () => () => undefined, restore: () => 0 },
    clock,
    random: { fraction: () => 0, uuid: () => '' },
    log,
    defer: (run) => void turns.push(run),
  });
  if (isRestored) await kept.restore();
  return {
    clock,
    table,
    store,
    said,
    kept,
    turns,
    set: (address: string, value: number, more: { isOwn?: boolean; lock?: boolean } = {}) =>
      table.write({
        address: parseAddress(address),
        value: WireValue.of(f64(value)),
        writer: 'w',
        at: micros(5),
        ...more,
      }),
    params: () =>
      Object.fromEntries(
        [...table.records()].map(({ address, value, revision }) => [address, [toJson(value.value), revision]]),
      ),
    /** how many entries each batch had */
    batches: () => store.batches.map(({ chunks }) => chunks.reduce((sum, { bounds }) => sum + bounds.length / 3, 0)),
  };
}

describe('params over a restart', () => {
  it('[JR58] writes nothing when it closes if it could not be restored', async () => {
    const { kept, batches, said } = await bench(emptyJournal(), limits, false);
    await kept.close();
    expect([batches(), said]).toEqual([[], []]);
  });

  it('[JR6] are written within a flush interval, the newest of each address, and not again', async () => {
    const { clock, set, batches, store } = await bench();
    for (let i = 0; i < 10; i++) set('/a', i);
    set('/b', 1);
    await clock.advanceAsync(199);
    expect(batches()).toEqual([]);
    await clock.advanceAsync(1);
    expect(batches()).toEqual([2]);
    await clock.advanceAsync(10_000);
    expect(batches()).toEqual([2]);
    set('/b', 2);
    await clock.advanceAsync(200);
    expect(batches()).toEqual([2, 1]);
    const next = await bench(store.journal);
    expect(next.params()).toEqual({ '/a': [9, 10n], '/b': [2, 2n] });
  });

  it('[JR6] are written while the batch before is on its way, after it', async () => {
    const { clock, set, store, batches } = await bench();
    let release: () => void = () => undefined;
    store.hold = new Promise((resolve) => (release = resolve));
    set('/a', 1);
    await clock.advanceAsync(200);
    set('/a', 2);
    await clock.advanceAsync(1000);
    expect(batches()).toEqual([]);
    release();
    await clock.advanceAsync(200);
    expect(batches()).toEqual([1, 1]);
    expect((await bench(store.journal)).params()).toEqual({ '/a': [2, 2n] });
  });

  it('[JR6] are packed over several turns when they are many', async () => {
    const { clock, set, turns, store, batches } = await bench(emptyJournal(), { ...limits, paramsMax: 5000 });
    for (let i = 0; i < 4000; i++) set(`/desk/fader/${i}/with/a/name/of/some/length`, i);
    await clock.advanceAsync(200);
    let count = 0;
    for (let run = turns.shift(); run; run = turns.shift()) {
      if (count++ === 0) set('/desk/fader/3999/with/a/name/of/some/length', 7);
      run();
      await clock.advanceAsync(0);
    }
    expect(count).toBeGreaterThan(2);
    expect(batches()).toEqual([4000]);
    await clock.advanceAsync(200);
    expect(batches()).toEqual([4000, 1]);
    const back = (await bench(store.journal, { ...limits, paramsMax: 5000 })).params();
    expect(Object.keys(back)).toHaveLength(4000);
    expect(back['/desk/fader/3999/with/a/name/of/some/length']).toEqual([7, 2n]);
  });

  it('[JR7] are tried again when the disk refuses, and it is said once', async () => {
    const { clock, set, store, said, batches } = await bench();
    store.fault = new UnavailableError('cannot-write-file', 'the disk is full');
    set('/a', 1);
    await clock.advanceAsync(200);
    set('/b', 1);
    await clock.advanceAsync(200 + 400 + 800);
    expect(said).toEqual(['params are not kept over a restart']);
    store.fault = undefined;
    await clock.advanceAsync(10_000);
    expect(batches()).toEqual([2]);
    expect(said).toEqual(['params are not kept over a restart', 'params are kept again']);
    expect((await bench(store.journal)).params()).toEqual({ '/a': [1, 1n], '/b': [1, 1n] });
  });

  it('[JR5] come back without those that make no sense, and that is said', async () => {
    const first = await bench();
    first.set('/a', 1);
    first.set('/b', 1);
    await first.kept.close();
    first.store.journal.entries.get('/a')?.fill(0xff);
    const next = await bench(first.store.journal);
    expect(next.params()).toEqual({ '/b': [1, 1n] });
    expect(next.said).toEqual(['some kept params make no sense and are left out', 'params are back']);
  });

  it('[JR8] lose what another show wrote itself, go on above its revisions, and keep what clients set', async () => {
    const first = await bench();
    first.kept.showOnTable('gala');
    first.set('/desk', 1);
    for (let i = 0; i < 5; i++) first.set('/sacn/1/1', i, { isOwn: true });
    first.kept.showOnTable('gala');
    expect(Object.keys(first.params())).toEqual(['/desk', '/sacn/1/1']);
    await first.kept.close();

    const second = await bench(first.store.journal);
    second.kept.showOnTable('tour');
    expect(second.params()).toEqual({ '/desk': [1, 1n] });
    await second.kept.close();

    const third = await bench(second.store.journal);
    third.kept.showOnTable('tour');
    expect(third.params()).toEqual({ '/desk': [1, 1n] });
    expect(third.set('/sacn/1/1', 9, { isOwn: true })).toMatchObject({ revision: 6n });
  });

  it('[JR8] remember the show also when it comes while a batch is on its way', async () => {
    const { clock, kept, set, store } = await bench();
    let release: () => void = () => undefined;
    store.hold = new Promise((resolve) => (release = resolve));
    set('/a', 1);
    await clock.advanceAsync(200);
    kept.showOnTable('gala');
    release();
    await clock.advanceAsync(200);
    expect(store.journal.notes.showId).toBe('gala');
  });

  it('[JR9] are written when the journal closes, also what came during a write; nothing is written afterwards', async () => {
    const { clock, set, store, kept, said } = await bench();
    set('/a', 1);
    await clock.advanceAsync(200);
    set('/a', 2);
    await kept.close();
    set('/a', 3);
    await clock.advanceAsync(10_000);
    expect(store.closed).toBe(true);
    expect(clock.waiting).toBe(0);
    expect((await bench(store.journal)).params()).toEqual({ '/a': [2, 2n] });
    expect(said).toEqual([]);
  });

  it('[JR9] are given up when the disk hangs at the end', async () => {
    const { clock, set, store, kept, said } = await bench();
    store.hold = new Promise(() => undefined);
    set('/a', 1);
    const closed = kept.close();
    await clock.advanceAsync(800);
    await closed;
    expect(said).toEqual(['the disk did not answer in time, the last params may be missing']);
  });

  it('[JR12] are older than what is moved now, also when the machine has put its clock back', async () => {
    const first = await bench();
    first.set('/a', 1);
    first.table.write({
      address: parseAddress('/b'),
      value: WireValue.of(f64(1)),
      writer: 'mappings',
      at: micros(first.clock.nowMicros() + 3_600_000_000),
      movedAt: micros(first.clock.nowMicros() + 3_599_000_000),
    });
    await first.kept.close();
    const next = await bench(first.store.journal);
    const now = next.clock.nowMicros();
    expect(next.table.get('/b')).toMatchObject({ timestamp: now, movedAt: now - 1_000_000 });
    expect(next.table.get('/a')?.movedAt).toBeLessThan(now - 1_000_000);
    next.set('/c', 1);
    await next.kept.close();
    const third = await bench(next.store.journal);
    expect(third.table.get('/b')?.movedAt).toBe(now - 1_000_000);
  });
});
