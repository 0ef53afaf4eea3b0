import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePattern } from '../../src-main/contract/address.ts';
import { micros } from '../../src-main/contract/units.ts';
import { SignalPacker } from '../../src-main/core/journal/signal-packer.ts';
import { messageType } from '../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../src-main/core/protocol/wire-value.ts';
import { DiskSignalStore } from '../../src-main/platform/disk-signal-store.ts';
import type { PackedSignals, SignalRest } from '../../src-main/ports/journal-store.ts';
import { messagesOf } from '../memory-journal-store.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const text = 'x'.repeat(400);

/** `count` events of about 420 bytes, at the times from `first` on. */
function chunk(first: number, count = 20): PackedSignals {
  const packer = new SignalPacker();
  for (let at = first; at < first + count; at++) {
    const value = WireValue.of({ type: 'string', value: `${at} ${text}` });
    packer.add({ type: messageType.publish, kind: 'event', address: '/a', value }, 'desk', micros(at));
  }
  const packed = packer.take(0);
  if (!packed) throw new Error('nothing was packed');
  return packed;
}

function readAll(store: DiskSignalStore): { times: number[]; damaged: number } {
  const times: number[] = [];
  let damaged = 0;
  let rest: SignalRest | undefined;
  do {
    const page = store.read({ pattern: parsePattern('/**'), mask: 0xff, from: 0, to: 2 ** 52, limit: 1e9, rest });
    messagesOf(page).forEach(({ value }, i) => {
      expect(value?.value).toEqual({ type: 'string', value: `${page.times[i]} ${text}` });
    });
    times.push(...page.times);
    damaged += page.damaged;
    ({ rest } = page);
  } while (rest);
  return { times, damaged };
}

/** A file of 100 chunks, closed in order. */
function filled(): { path: string; folder: string } {
  const folder = temporaryFolder();
  const path = join(folder, 'signals.sqlite');
  const store = new DiskSignalStore(path);
  for (let i = 0; i < 100; i++) store.append({ chunks: [chunk(i * 20)], isDurable: i === 99 });
  store.close();
  return { path, folder };
}

const all = Array.from({ length: 2000 }, (_, i) => i);

describe('signals on disk', () => {
  it('[JR30] come back but for the tail of a file that was cut off, and go on', () => {
    const { path } = filled();
    truncateSync(path, statSync(path).size - 5 * 4096 - 1000);
    const store = new DiskSignalStore(path);
    const { setAside } = store.append({ chunks: [chunk(3000)], isDurable: true });
    expect(setAside?.saved).toBeGreaterThan(90);
    const { times, damaged } = readAll(store);
    expect(damaged).toBe(0);
    expect(times.slice(-20)).toEqual(Array.from({ length: 20 }, (_, i) => 3000 + i));
    const old = times.slice(0, -20);
    expect(old).toEqual(all.slice(0, old.length));
    expect(old.length).toBe((setAside?.saved ?? 0) * 20);
    expect(store.append({ chunks: [chunk(4000)], isDurable: true })).toEqual({ setAside: null });
    store.close();
  });

  it('[JR30] come back but for what was touched, wherever bits were flipped or zero was written; nothing wrong is given', () => {
    const { path, folder } = filled();
    const whole = readFileSync(path);
    const damage = fc.record({
      from: fc.nat(40 * 4096).map((back) => Math.max(4096, whole.length - back)),
      length: fc.integer({ min: 1, max: 9000 }),
      byte: fc.nat(255),
    });
    let round = 0;
    fc.assert(
      fc.property(damage, ({ from, length, byte }) => {
        const spoilt = join(folder, `${round++}.sqlite`);
        writeFileSync(spoilt, Buffer.from(whole).fill(byte, from, Math.min(from + length, whole.length)));
        const store = new DiskSignalStore(spoilt);
        const before = readAll(store);
        store.append({ chunks: [chunk(3000)], isDurable: true });
        const { times } = readAll(store);
        store.close();
        const old = times.slice(0, -20);
        expect(times.at(-1)).toBe(3019);
        expect(old).toEqual(old.toSorted((a, b) => a - b));
        expect(new Set(old).size).toBe(old.length);
        expect(old.length).toBeGreaterThan(1400);
        expect(before.times.length).toBeGreaterThan(1400);
      }),
      { seed: 20261121, numRuns: 25 },
    );
  });

  it('[JR30] are put aside when nothing in the file makes sense, and begin anew', () => {
    const { path, folder } = filled();
    writeFileSync(path, 'not a database, certainly not one of ours');
    const store = new DiskSignalStore(path);
    const { setAside } = store.append({ chunks: [chunk(3000)], isDurable: true });
    expect(setAside).toMatchObject({ saved: 0 });
    expect(readFileSync(setAside?.path ?? '', 'utf8')).toMatch(/^not a database/);
    expect(readAll(store).times).toHaveLength(20);
    store.close();
    expect(readdirSync(folder)).toContain('signals.sqlite');
  });

  it('[JR30] say when a chunk is not as it was written, and give the others', () => {
    const { path } = filled();
    const db = new Database(path);
    db.exec('UPDATE chunk SET signals = zeroblob(length(signals)) WHERE first = 21');
    db.close();
    const store = new DiskSignalStore(path);
    const { times, damaged } = readAll(store);
    expect(damaged).toBe(1);
    expect(times).toEqual(all.filter((at) => at < 20 || at >= 40));
    store.close();
  });

  it('[JR30] begin anew when somebody deletes the file', () => {
    const { path, folder } = filled();
    const store = new DiskSignalStore(path);
    expect(readAll(store).times).toEqual(all);
    rmSync(folder, { recursive: true });
    expect(store.append({ chunks: [chunk(3000)], isDurable: true })).toEqual({ setAside: null });
    expect(readAll(store).times).toHaveLength(20);
    store.close();
    expect(readdirSync(folder)).toContain('signals.sqlite');
  });

  it('[JR29] take no more room than they may, however much was written', () => {
    const path = join(temporaryFolder(), 'signals.sqlite');
    const store = new DiskSignalStore(path);
    const bytesMax = 500_000;
    for (let i = 0; i < 400; i++) {
      store.append({ chunks: [chunk(i * 100, 100)], isDurable: false });
      if (i % 5 === 4) while (store.prune({ bytesMax, before: micros(0) }));
    }
    const { times } = readAll(store);
    expect(times.at(-1)).toBe(39_999);
    expect(times.length).toBeGreaterThan(900);
    store.close();
    expect(statSync(path).size).toBeLessThan(2 * bytesMax);
  });

  it('[JR28] know where signals are missing: numbers go on over what was lost and over a restart', () => {
    const path = join(temporaryFolder(), 'signals.sqlite');
    const first = new DiskSignalStore(path);
    first.append({ chunks: [chunk(0), { ...chunk(20), lost: 7 }], isDurable: false });
    first.close();
    const second = new DiskSignalStore(path);
    second.append({ chunks: [chunk(40)], isDurable: false });
    second.close();
    const db = new Database(path, { readonly: true });
    expect(db.prepare('SELECT first FROM chunk ORDER BY first').pluck().all()).toEqual([1, 28, 48]);
    db.close();
  });
});
