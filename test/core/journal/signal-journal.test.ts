import { describe, expect, it } from 'vitest';
import { parsePattern } from '../../../src-main/contract/address.ts';
import { UnavailableError } from '../../../src-main/contract/errors.ts';
import { f64 } from '../../../src-main/contract/signal.ts';
import {
  SignalJournal,
  signalJournalLimits,
  type SignalJournalLimits,
} from '../../../src-main/core/journal/signal-journal.ts';
import { messageType, type PublishMessage } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { emptyJournal, MemoryJournalStore, messagesOf } from '../../memory-journal-store.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

function bench(keeps: 'all' | 'commits' = 'all', limits: Partial<SignalJournalLimits> = {}) {
  const clock = new SimulatedClock();
  const store = new MemoryJournalStore(emptyJournal());
  const said: [string, unknown][] = [];
  const say = (message: string, data?: unknown): void => void said.push([message, data]);
  const log = { error: say, warn: say, info: say, debug: say, child: () => log };
  const turns: (() => void)[] = [];
  const journal = new SignalJournal({
    store,
    keeps,
    clock,
    random: { fraction: () => 0, uuid: () => '' },
    log,
    defer: (run) => void turns.push(run),
    limits: { ...signalJournalLimits, ...limits },
  });
  return {
    clock,
    store,
    said,
    journal,
    publish: (address: string, { isCommit = false, value = WireValue.of(f64(1)) } = {}) => {
      const message: PublishMessage = { type: messageType.publish, kind: 'event', address, value };
      journal.record(
        message,
        { name: 'desk', owner: store, fromLocal: false, cause: undefined, isCommit },
        clock.nowMicros(),
      );
    },
    set: (address: string) => {
      const message = { type: messageType.set, address, value: WireValue.of(f64(1)), revision: 1n };
      journal.record(
        message,
        { name: 'desk', owner: store, fromLocal: false, cause: undefined, isCommit: true },
        clock.nowMicros(),
      );
    },
    turn: async () => {
      for (const run of turns.splice(0)) run();
      await clock.advanceAsync(0);
    },
    kept: () => store.journal.signals.map(({ message }) => message.address),
    numbers: () => store.journal.signals.map(({ number }) => number),
  };
}

const kilobyte = WireValue.of({ type: 'string', value: 'x'.repeat(1000) });

describe('the journal of signals', () => {
  it('[JR25] keeps all of them, within a flush interval, in one batch', async () => {
    const { clock, publish, set, kept, store } = bench();
    publish('/a');
    set('/b');
    publish('/c');
    await clock.advanceAsync(199);
    expect(kept()).toEqual([]);
    await clock.advanceAsync(1);
    expect(kept()).toEqual(['/a', '/b', '/c']);
    await clock.advanceAsync(10_000);
    expect(store.signalBatches).toHaveLength(1);
    expect(store.signalBatches[0]?.isDurable).toBe(false);
  });

  it('[JR26] keeps only what was published under commit where params are all that is kept', async () => {
    const { clock, publish, set, kept, store, turn, journal } = bench('commits');
    publish('/a');
    set('/b');
    publish('/c', { isCommit: true });
    const heard: unknown[] = [];
    journal.whenKept((failure) => heard.push(failure));
    expect(heard).toEqual([]);
    await turn();
    expect(heard).toEqual([undefined]);
    expect(kept()).toEqual(['/c']);
    expect(store.signalBatches[0]?.isDurable).toBe(true);
    await clock.advanceAsync(10_000);
    expect(store.signalBatches).toHaveLength(1);
  });

  it('[JR25] is written before the interval is over once much is waiting', async () => {
    const { publish, turn, kept } = bench('all', { flushBytes: 100_000 });
    for (let i = 0; i < 200; i++) publish('/a', { value: kilobyte });
    await turn();
    expect(kept()).toHaveLength(200);
  });

  it('[JR25] is written in batches of a bounded size, so that params get their turn, and what comes meanwhile after it', async () => {
    const { clock, publish, kept, store } = bench('all', { batchBytes: 150_000 });
    let release: () => void = () => undefined;
    store.hold = new Promise((resolve) => (release = resolve));
    for (let i = 0; i < 300; i++) publish(`/${i}`, { value: kilobyte });
    await clock.advanceAsync(200);
    for (let i = 300; i < 600; i++) publish(`/${i}`, { value: kilobyte });
    release();
    await clock.advanceAsync(1000);
    expect(kept()).toEqual(Array.from({ length: 600 }, (_, i) => `/${i}`));
    for (const { chunks } of store.signalBatches) {
      expect(chunks.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeLessThan(150_000);
    }
  });

  it('[JR27] leaves signals out where the disk is too slow, knows where, counts and says it, and goes on', async () => {
    const { clock, publish, store, journal, numbers, said } = bench('all', { pendingBytesMax: 50_000 });
    let release: () => void = () => undefined;
    store.hold = new Promise((resolve) => (release = resolve));
    for (let i = 0; i < 100; i++) publish('/a', { value: kilobyte });
    expect(journal.lostTotal).toBeGreaterThan(45);
    expect(said).toEqual([['the disk is too slow for the journal, signals are left out of it', undefined]]);
    const before = 100 - journal.lostTotal;
    await clock.advanceAsync(200);
    release();
    await clock.advanceAsync(0);
    publish('/b');
    await clock.advanceAsync(200);
    expect(numbers()).toEqual([...Array.from({ length: before }, (_, i) => i + 1), 101]);
    expect(said[1]).toEqual(['signals were left out of the journal', { lost: 100 - before, lostTotal: 100 - before }]);
  });

  it('[JR27] leaves out no commit before twice the bound, and then tells whoever sent it', async () => {
    const { clock, publish, store, journal, kept } = bench('all', { pendingBytesMax: 50_000 });
    store.hold = new Promise(() => undefined);
    for (let i = 0; i < 100; i++) publish('/stream', { value: kilobyte });
    const heard: (string | undefined)[] = [];
    let count = 0;
    while (heard.length === 0 && count < 200) {
      publish('/commit', { isCommit: true, value: kilobyte });
      journal.whenKept((failure) => heard.push(failure));
      count++;
    }
    expect(count).toBeGreaterThan(45);
    expect(count).toBeLessThan(60);
    expect(heard).toEqual(['the disk is too slow for what is to be kept']);
    await clock.advanceAsync(0);
    expect(kept()).toEqual([]);
  });

  it('[JR21] writes again what could not be written, in its order, before what came later', async () => {
    const { clock, publish, store, kept, said } = bench();
    store.fault = new UnavailableError('cannot-write-file', 'the disk is full');
    publish('/a');
    await clock.advanceAsync(200);
    publish('/b');
    await clock.advanceAsync(600);
    store.fault = undefined;
    await clock.advanceAsync(10_000);
    expect(kept()).toEqual(['/a', '/b']);
    expect(said.map(([message]) => message)).toEqual(['signals are not kept', 'signals are kept again']);
  });

  it('[JR21] writes a commit that could not be written so that it survives power loss, also the second time', async () => {
    const { clock, publish, store } = bench();
    store.fault = new UnavailableError('cannot-write-file', 'the disk is full');
    publish('/a', { isCommit: true });
    await clock.advanceAsync(200);
    store.fault = undefined;
    await clock.advanceAsync(10_000);
    expect(store.signalBatches.map(({ isDurable }) => isDurable)).toEqual([true]);
    publish('/b');
    await clock.advanceAsync(200);
    expect(store.signalBatches.map(({ isDurable }) => isDurable)).toEqual([true, false]);
  });

  it('[JR29] prunes at the start, after so much was written, and every ten minutes', async () => {
    const { clock, publish, kept, journal } = bench('all', { keptBytesMax: 20_000, keptMs: 60_000 });
    journal.start();
    for (let i = 0; i < 10; i++) {
      for (let j = 0; j < 10; j++) publish(`/${i}`, { value: kilobyte });
      await clock.advanceAsync(200);
    }
    expect(kept().length).toBeLessThan(30);
    expect(kept().at(-1)).toBe('/9');
    await clock.advanceAsync(600_000);
    expect(kept()).toEqual([]);
    await journal.close();
    expect(clock.waiting).toBe(0);
  });

  it('[JR32] gives to read what was accepted until it was opened, on disk or not, page by page up to the limit', async () => {
    const { clock, publish, store, journal, turn } = bench();
    store.signalsPerCall = 3;
    for (let i = 0; i < 10; i++) publish(`/a/${i}`);
    const open = (limit: number) =>
      journal.history().open({ pattern: parsePattern('/**'), mask: 0xff, from: 0, to: 2 ** 52, limit });
    const reader = open(8);
    await turn();
    publish('/later');
    const found: string[] = [];
    for (let page = await reader.next(); page; page = await reader.next()) {
      expect(page.ends.length).toBeLessThanOrEqual(3);
      found.push(...messagesOf(page).map(({ address }) => address));
    }
    expect(found).toEqual(['/a/0', '/a/1', '/a/2', '/a/3', '/a/4', '/a/5', '/a/6', '/a/7']);
    store.fault = new UnavailableError('cannot-write-file', 'the disk is full');
    const failing = open(8).next();
    const failed = expect(failing).rejects.toMatchObject({ code: 'cannot-write-file' });
    await turn();
    await clock.advanceAsync(0);
    await failed;
  });

  it('[JR9] writes the rest when it closes', async () => {
    const { publish, journal, kept, clock } = bench();
    publish('/a');
    await journal.close();
    publish('/b');
    await clock.advanceAsync(10_000);
    expect(kept()).toEqual(['/a']);
  });
});
