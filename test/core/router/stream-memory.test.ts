import { describe, expect, it } from 'vitest';
import { parseAddress, parsePattern } from '../../../src-main/contract/address.ts';
import { toJson } from '../../../src-main/contract/signal.ts';
import { micros } from '../../../src-main/contract/units.ts';
import type { Origin } from '../../../src-main/core/router/delivery.ts';
import { rememberedBytesMax, rememberedMax, StreamMemory } from '../../../src-main/core/router/stream-memory.ts';
import { publish } from './router-fixture.ts';

const all = parsePattern('/**');
const from = (name: string, fromLocal = true): Origin => ({ name, owner: {}, fromLocal, cause: undefined });

function bench() {
  const memory = new StreamMemory();
  let at = 0;
  const note = (address: string, value: number | Uint8Array, origin = from('mappings')): void => {
    const message = publish('stream', address, typeof value === 'number' ? value : { type: 'bytes', value });
    memory.note(message, { address: parseAddress(address), at: micros(++at) }, origin);
  };
  const newest = (pattern = all, notBy = 'nobody') =>
    memory.newest(pattern, notBy).map(({ signal, at: time }) => [signal.address, toJson(signal.value), time]);
  return { memory, note, newest };
}

describe('levels that only streams carry', () => {
  it('[RT72] are remembered with their time, the newest of each address, without those that one participant sent', () => {
    const { note, newest } = bench();
    note('/a/1', 1);
    note('/b/1', 2, from('bridge'));
    note('/a/1', 3);
    expect(newest()).toEqual([
      ['/a/1', 3, 3],
      ['/b/1', 2, 2],
    ]);
    expect(newest(parsePattern('/a/*'), 'mappings')).toEqual([]);
    expect(newest(all, 'bridge')).toEqual([['/a/1', 3, 3]]);
  });

  it('[RT72] are those of clients only where somebody asked for them', () => {
    const { memory, note, newest } = bench();
    const client = from('session', false);
    note('/a', 1, client);
    memory.ask([parsePattern('/sacn/**')]);
    note('/a', 2, client);
    note('/sacn/1/1', 3, client);
    expect(newest()).toEqual([['/sacn/1/1', 3, 3]]);
    memory.ask([]);
    note('/sacn/1/1', 4, client);
    expect(newest()).toEqual([['/sacn/1/1', 3, 3]]);
    memory.clear();
    expect(newest()).toEqual([]);
  });

  it('[RT72] are of samples the last, and nothing of what has no value', () => {
    const { memory, newest } = bench();
    const at = { address: parseAddress('/a'), at: micros(1) };
    const { value: _, ...rest } = publish('stream', '/a');
    memory.note(rest, at, from('mappings'));
    expect(newest()).toEqual([]);
    memory.note({ ...rest, samples: [1, 2] }, at, from('mappings'));
    expect(newest()).toEqual([['/a', 2, 1]]);
  });

  it('[RT72] are bounded in number and bytes: those heard of first are forgotten', () => {
    const { note, newest } = bench();
    for (let i = 0; i <= rememberedMax; i++) note(`/a/${i}`, i);
    expect([newest().length, newest()[0]?.[0]]).toEqual([rememberedMax, '/a/1']);
    const large = new Uint8Array(60_000);
    for (let i = 0; i < 200; i++) note(`/large/${i}`, large);
    expect(newest().length).toBeLessThanOrEqual(rememberedBytesMax / 60_000);
    expect(newest().at(-1)?.[0]).toBe('/large/199');
  });
});
