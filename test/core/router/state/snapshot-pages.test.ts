import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress, matcherOf, type Pattern } from '../../../../src-main/contract/address.ts';
import { f64, type Value } from '../../../../src-main/contract/signal.ts';
import { micros } from '../../../../src-main/contract/units.ts';
import { decodeFrame } from '../../../../src-main/core/protocol/frame.ts';
import { messageType } from '../../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../../src-main/core/protocol/wire-value.ts';
import { routerLimits } from '../../../../src-main/core/router/limits.ts';
import { createSnapshotSource } from '../../../../src-main/core/router/state/snapshot-source.ts';
import { ValueTable } from '../../../../src-main/core/router/state/value-table.ts';
import { pattern } from '../router-fixture.ts';

const limits = { ...routerLimits, snapshotParamsMax: 12, scanPerTurnMax: 20 };
const ttl = { seconds: 1, absolute: false };

function open(more = {}) {
  const table = new ValueTable({ ...limits, ...more });
  const write = (name: string, value: Value, isOwn = false): void =>
    void table.write({
      address: parseAddress(name),
      value: WireValue.of(value),
      writer: 'w',
      at: micros(1),
      ttl,
      isOwn,
    });
  return { table, write };
}

function textOf(length: number): Value {
  return { type: 'string', value: 'x'.repeat(length) };
}

/** What is kept, page by page. */
function keptIn({ pages }: ValueTable): number {
  return [...pages].reduce((sum, page) => sum + page.keptBytes, 0);
}

/** Revisions by address, as one who joins now gets them. */
function readAll(table: ValueTable): ReadonlyMap<string, bigint> {
  const source = createSnapshotSource({ table, limits, evenIfEmpty: true, frameBytesMax: 65_547 });
  const found = new Map<string, bigint>();
  for (let frame = source.next(); frame !== undefined && frame !== 'later'; frame = source.next()) {
    const { message } = decodeFrame(frame.bytes);
    if (message.type === messageType.snapshot)
      for (const { address, revision } of message.params) found.set(address, revision);
  }
  return found;
}

interface Act {
  readonly kind: 'write' | 'expire' | 'forget' | 'pull';
  readonly place: number;
  readonly size: number;
}

const acts = fc.array(
  fc.record<Act>({
    kind: fc.constantFrom('write', 'write', 'write', 'expire', 'expire', 'forget', 'pull', 'pull'),
    place: fc.nat(80),
    size: fc.oneof(fc.constant(1), fc.nat(200), fc.nat(30_000)),
  }),
  { maxLength: 300 },
);

interface Reader {
  readonly wanted?: Pattern;
  readonly header?: { readonly timestamp: bigint };
  readonly frameBytesMax: number;
}

const readers = fc.constantFrom<Reader>(
  { frameBytesMax: 65_547 },
  { frameBytesMax: 65_547, header: { timestamp: 5n } },
  { frameBytesMax: 40_000 },
  { frameBytesMax: 65_547, wanted: pattern('/p/**') },
  { frameBytesMax: 65_547, wanted: pattern('/p/1*') },
  { frameBytesMax: 65_547, wanted: pattern('/p/*/x') },
);

const nameOf = (place: number): string =>
  place % 3 === 0 ? `/p/${place}/x` : place % 3 === 1 ? `/p/${place}` : `/q/${place}`;

/** Acts on a table while one reads a SNAPSHOT of it from before. */
function play(list: readonly Act[], reader: Reader): void {
  const { table, write } = open();
  for (let place = 0; place < 80; place++) write(nameOf(place), f64(place), place % 5 === 0);
  // Somebody joined before, and all is encoded.
  readAll(table);
  const covers = reader.wanted ? matcherOf(reader.wanted) : () => true;
  const expected = new Set([...table.records()].map(({ address }) => address).filter(covers));
  let given = 0;
  const { wanted, ...more } = reader;
  const options = { table, limits, evenIfEmpty: true, onGiven: (count: number) => void (given += count), ...more };
  const source = createSnapshotSource(wanted ? { ...options, pattern: wanted } : options);
  const seen = new Set<string>();
  let received = 0;
  const pull = (): boolean => {
    const frame = source.next();
    if (frame === undefined || frame === 'later') return frame === 'later';
    expect(frame.size).toBeLessThanOrEqual(reader.frameBytesMax);
    const { message, timestamp } = decodeFrame(frame.bytes);
    if (message.type !== messageType.snapshot) throw new Error('This is no SNAPSHOT.');
    expect(timestamp).toBe(reader.header?.timestamp);
    expect(message.params.length).toBeLessThanOrEqual(limits.snapshotParamsMax);
    for (const { address, value, revision } of message.params) {
      const now = table.get(address);
      expect([revision, value.data]).toEqual([now?.revision, now?.value.data]);
      expect(now && covers(now.address)).toBe(true);
      seen.add(address);
      received++;
    }
    return true;
  };
  for (const { kind, place, size } of list) {
    if (kind === 'pull') pull();
    else if (kind === 'write') write(nameOf(place), size === 1 ? f64(place) : textOf(size), place % 5 === 0);
    else if (kind === 'expire') {
      table.expire(parseAddress(nameOf(place)));
      expected.delete(parseAddress(nameOf(place)));
    } else if (place === 0) {
      table.forgetOwn();
      for (let each = 0; each < 80; each += 5) expected.delete(parseAddress(nameOf(each)));
    }
  }
  while (pull());
  for (const address of expected) expect(seen).toContain(address);
  expect(given).toBe(received);
  expect(readAll(table)).toEqual(new Map([...table.records()].map(({ address, revision }) => [address, revision])));
  expect(keptIn(table)).toBe(table.pages.keptBytes);
}

describe('all params, in pages', () => {
  it('[RT241] come whole to who reads on while they are written, grow, come and go: each as it stands by then', () => {
    fc.assert(
      fc.property(acts, readers, (list, reader) => play(list, reader)),
      { numRuns: 120, seed: 20_261_122 },
    );
  });

  it('[RT241] of a page that has grown past a frame go to the end, those of a page that is nearly empty too', () => {
    const { table, write } = open({ snapshotParamsMax: 16 });
    for (let i = 0; i < 32; i++) write(`/p/${i}`, f64(i));
    const [first, second] = table.pages;
    for (let i = 0; i < 4; i++) write(`/p/${i}`, textOf(20_000));
    if (!first || !second) throw new Error('There are no pages.');
    table.pages.fit(first);
    expect([first.places.size, [...table.pages].map(({ places }) => places.size)]).toEqual([3, [3, 16, 13]]);
    write('/p/2', f64(2));
    readAll(table);
    for (let i = 0; i < 2; i++) table.expire(parseAddress(`/p/${i}`));
    expect([...table.pages].map(({ places }) => places.size)).toEqual([16, 14]);
    expect(keptIn(table)).toBe(table.pages.keptBytes);
    expect([...table.pages].map(({ sizeBytes }) => sizeBytes)).toEqual(
      [...table.pages].map(({ places }) => [...places].reduce((sum, { record }) => sum + (record?.sizeBytes ?? 0), 0)),
    );
  });

  it('[RT242] are kept encoded up to a bound, and given whole beyond it', () => {
    const { table, write } = open({ snapshotKeptBytesMax: 3000 });
    for (let i = 0; i < 200; i++) write(`/p/${i}`, textOf(50));
    const kept: number[] = [];
    let given = 0;
    const onGiven = (count: number): void => void (given += count);
    const source = createSnapshotSource({ table, limits, evenIfEmpty: true, frameBytesMax: 65_547, onGiven });
    for (let frame = source.next(); frame !== undefined; frame = source.next()) kept.push(keptIn(table));
    expect(given).toBe(200);
    expect(Math.max(...kept)).toBeGreaterThan(1000);
    expect(Math.max(...kept)).toBeLessThanOrEqual(3000);
    for (let i = 0; i < 200; i++) table.expire(parseAddress(`/p/${i}`));
    expect(keptIn(table)).toBe(table.pages.keptBytes);
  });
});
