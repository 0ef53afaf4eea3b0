import { describe, expect, it } from 'vitest';
import { parseAddress, parsePattern } from '../../../../src-main/contract/address.ts';
import { toJson } from '../../../../src-main/contract/signal.ts';
import { micros } from '../../../../src-main/contract/units.ts';
import type { Origin } from '../../../../src-main/core/router/delivery/delivery.ts';
import {
  rememberedBytesMax,
  rememberedMax,
  StreamMemory,
} from '../../../../src-main/core/router/memory/stream-memory.ts';
import { publish } from '../router-fixture.ts';

const all = parsePattern('/**');
const from = (name: string, fromLocal = true): Origin => ({ name, owner: {}, fromLocal, cause: undefined });

function bench() {
  const memory = new StreamMemory();
  let at = 0;
  const note = (address: string, value: number | Uint8Array, origin = from('mappings')): void => {
    const message = publish('stream', address, typeof value === 'number' ? value : { type: 'bytes', value });
    memory.note(message, { address: parseAddress(address), at: micros(++at), origin });
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
      ['/b/1', 2, 2],
      ['/a/1', 3, 3],
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
    memory.clear();
    expect(newest()).toEqual([]);
  });

  it('[RT72] are of samples the last, and nothing of what has no value', () => {
    const { memory, newest } = bench();
    const streamed = { address: parseAddress('/a'), at: micros(1), origin: from('mappings') };
    const { value: _, ...rest } = publish('stream', '/a');
    memory.note(rest, streamed);
    expect(newest()).toEqual([]);
    memory.note({ ...rest, samples: [1, 2] }, streamed);
    expect(newest()).toEqual([['/a', 2, 1]]);
  });

  it('[RT72] are forgotten when something else came to the address, also a stream that nobody asks for', () => {
    const { memory, note, newest } = bench();
    memory.ask([parsePattern('/sacn/**')]);
    note('/sacn/1/1', 1, from('session', false));
    memory.ask([]);
    note('/sacn/1/1', 0, from('session', false));
    expect(newest()).toEqual([]);
    note('/a', 1);
    memory.forget(parseAddress('/a'));
    expect(newest()).toEqual([]);
  });

  it('[RT72] are bounded in number and bytes: those that were still the longest are forgotten', () => {
    const { note, newest } = bench();
    for (let i = 0; i < rememberedMax; i++) note(`/a/${i}`, i);
    note('/a/0', 7);
    note('/b', 1);
    const left = newest().map(([address]) => address);
    expect(left).toHaveLength(rememberedMax * 0.9);
    expect([left.includes('/a/1'), left.slice(-2)]).toEqual([false, ['/a/0', '/b']]);
    const large = new Uint8Array(8000);
    for (let i = 0; i < 400; i++) note(`/large/${i}`, large);
    expect(newest().length).toBeLessThanOrEqual(rememberedBytesMax / 8000);
    expect(newest().at(-1)?.[0]).toBe('/large/399');
    note('/larger', new Uint8Array(9000));
    expect(newest(parsePattern('/larger'))).toEqual([]);
  });

  it('[RT72] of the show are not forgotten however much clients send', () => {
    const { memory, note, newest } = bench();
    memory.ask([parsePattern('/sacn/**')]);
    note('/sacn/1/1', 1);
    for (let i = 0; i < 1000; i++) note(`/sacn/x/${i}`, new Uint8Array(8000), from('session', false));
    expect(newest(parsePattern('/sacn/1/1'))).toHaveLength(1);
  });
});
