import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../../src-main/contract/address.ts';
import { f64, type Value } from '../../../../src-main/contract/signal.ts';
import { micros } from '../../../../src-main/contract/units.ts';
import { WireValue } from '../../../../src-main/core/protocol/wire-value.ts';
import { routerLimits } from '../../../../src-main/core/router/limits.ts';
import { isRefusal, type ParamWrite } from '../../../../src-main/core/router/state/param-write.ts';
import { ValueTable } from '../../../../src-main/core/router/state/value-table.ts';

const roomy = {
  ...routerLimits,
  paramsMax: 100,
  paramBytesMax: 1_000_000,
  paramsReserved: 0,
  paramBytesReserved: 0,
};

function write(address: string, value: Value = f64(1), more: Partial<ParamWrite> = {}): ParamWrite {
  return { address: parseAddress(address), value: WireValue.of(value), writer: 'w', at: micros(5), ...more };
}

describe('value table', () => {
  it('[RT35] keeps values on bytes of its own', () => {
    const table = new ValueTable(roomy);
    const frame = new Uint8Array([9, 9, 0, 0, 0, 7, 9, 9]);
    table.write({ ...write('/a'), value: new WireValue(0x04, frame.subarray(2, 6)) });
    frame.fill(0xff);
    expect(table.get('/a')?.value.value).toEqual({ type: 'i32', value: 7 });
    expect(table.get('/a')?.value.data.buffer.byteLength).toBe(4);
  });

  it('[RT36] refuses a new param at its limit, and goes on taking values for those it has', () => {
    const table = new ValueTable({ ...roomy, paramsMax: 2 });
    expect([write('/a'), write('/b')].map((one) => isRefusal(table.write(one)))).toEqual([false, false]);
    expect(table.write(write('/c'))).toMatchObject({ code: 429, address: '/c' });
    expect(table.write(write('/a', f64(2)))).toMatchObject({ revision: 2n });
    expect(table.size).toBe(2);
  });

  it('[RT36] keeps room for mappings and bridges when clients have filled it, and clients may still set what is there', () => {
    const table = new ValueTable({ ...roomy, paramsMax: 1, paramsReserved: 1 });
    table.write(write('/flood'));
    expect(table.write(write('/client'))).toMatchObject({ code: 429 });
    expect(table.write({ ...write('/sacn/1/1'), isOwn: true })).toMatchObject({ revision: 1n });
    expect(table.write({ ...write('/sacn/1/2'), isOwn: true })).toMatchObject({ code: 429 });
    expect(table.write(write('/flood', f64(2)))).toMatchObject({ revision: 2n });
  });

  it('[RT36] refuses a value that would take it past its bytes, and has the room again when a value shrinks', () => {
    const long: Value = { type: 'string', value: 'x'.repeat(500) };
    const table = new ValueTable({ ...roomy, paramBytesMax: 1200 });
    table.write(write('/a', long));
    table.write(write('/b', long));
    expect(table.write(write('/c', long))).toMatchObject({ code: 429 });
    expect(table.write(write('/a', { type: 'string', value: 'x'.repeat(700) }))).toMatchObject({ code: 429 });
    expect(table.get('/a')?.revision).toBe(1n);
    table.write(write('/b', f64(1)));
    expect(table.write(write('/c', long))).toMatchObject({ revision: 1n });
  });

  it('[RT361] does no group of writes whose merges make more than they may beside what came', () => {
    const map = (...keys: readonly string[]): Value => ({ type: 'map', value: keys.map((key) => [key, f64(1)]) });
    const small = write('/m', map('a'));
    const large = write('/m', map('b', 'c', 'd'));
    const oneMerge = large.value.size - 2;
    const table = new ValueTable({ ...roomy, mergedBytesMax: 2 * oneMerge }, () => ({
      strategy: 'merge',
      bounds: undefined,
    }));
    table.write(large);
    expect(table.writeAll([small, small, small])).toMatchObject({ code: 429, address: '/m' });
    expect(table.get('/m')?.revision).toBe(1n);
    expect(table.writeAll([small, small])).toMatchObject([{ revision: 2n }, { revision: 3n }]);
    // What came whole is nobody's merge, however large.
    const whole = write('/n', { type: 'string', value: 'x'.repeat(10 * oneMerge) });
    expect(table.writeAll([whole, whole])).toMatchObject([{ revision: 1n }, { revision: 2n }]);
  });

  it('[RT36] counts all writes of a group together and applies none when one does not fit', () => {
    const table = new ValueTable({ ...roomy, paramsMax: 2 });
    const refused = table.writeAll([write('/a'), write('/a'), write('/b'), write('/c')]);
    expect(refused).toMatchObject({ code: 429, address: '/c' });
    expect(table.size).toBe(0);
    expect(table.writeAll([write('/a'), write('/a'), write('/b')])).toMatchObject([
      { revision: 1n },
      { revision: 2n },
      { revision: 1n },
    ]);
  });

  it('[RT35] keeps the TTL it was given until another one comes', () => {
    const table = new ValueTable(roomy);
    table.write(write('/a', f64(1), { ttl: { seconds: 30, absolute: false }, at: micros(5) }));
    table.write(write('/a', f64(1), { at: micros(9) }));
    expect(table.get('/a')).toMatchObject({ ttl: { seconds: 30, absolute: false, since: 5 }, timestamp: 9 });
  });

  it('[RT12] releases the locks of one holder only', () => {
    const table = new ValueTable(roomy);
    table.write(write('/a', f64(1), { lock: true, writer: 'left' }));
    table.write(write('/b', f64(1), { lock: true, writer: 'stays' }));
    table.releaseLocks('left', ['/a', '/b', '/unknown']);
    expect(table.write(write('/a'))).toMatchObject({ revision: 2n });
    expect(table.write(write('/b'))).toMatchObject({ code: 401 });
  });

  it('[RT12] tells of every lock that ends, and how', () => {
    const table = new ValueTable(roomy);
    const told: string[] = [];
    table.watchUnlocks((address, isSet) => told.push(`${address} ${isSet ? 'set' : 'left'}`));
    for (const address of ['/a', '/b', '/c']) table.write(write(address, f64(1), { lock: true }));
    table.write(write('/a', f64(2), { unlock: true }));
    table.writeAll([write('/b', f64(2)), write('/b', f64(3), { unlock: true })]);
    table.write(write('/d', f64(2), { unlock: true }));
    table.releaseLocks('w', ['/a', '/b', '/c']);
    expect(told).toEqual(['/a set', '/b set', '/c left']);
  });

  it('[RT69] tells of every change of a value, groups too, and of nothing that was refused', () => {
    const table = new ValueTable({ ...roomy, paramsMax: 2 });
    const told: string[] = [];
    const stop = table.watch((address) => void told.push(address));
    table.write(write('/a'));
    table.writeAll([write('/a'), write('/b'), write('/a')]);
    table.write(write('/c'));
    table.writeAll([write('/b'), write('/c')]);
    table.write(write('/b', f64(1), { lock: true }));
    table.releaseLocks('w', ['/b']);
    expect(told).toEqual(['/a', '/a', '/b', '/b']);
    stop();
    table.write(write('/a'));
    expect(told).toHaveLength(4);
  });

  it('[RT69] takes back the params of an earlier run with their revisions, without locks, as far as they fit', () => {
    const before = new ValueTable({ ...roomy, paramsReserved: 9, paramBytesReserved: 1000 });
    before.write(write('/a', f64(1), { lock: true }));
    before.write(write('/a', f64(2)));
    before.write(write('/b'));
    before.write({ ...write('/own'), isOwn: true });
    const table = new ValueTable({ ...roomy, paramsMax: 1, paramsReserved: 1 });
    expect(table.restore({ params: before.records(), floors: { forNew: 4n, forKnown: 0n } })).toBe(2);
    expect([...table.records()].map(({ address }) => address)).toEqual(['/a', '/own']);
    expect(table.write(write('/a', f64(3), { writer: 'other' }))).toMatchObject({ revision: 3n });
    expect(table.revisionFloors.forNew).toBe(4n);
  });

  it('[RT70] forgets what participants in the process wrote last, and goes on above the highest revision', () => {
    const table = new ValueTable({ ...roomy, paramsMax: 2 });
    for (let i = 0; i < 3; i++) table.write({ ...write('/sacn/1/1'), isOwn: true });
    table.write(write('/desk'));
    const told: string[] = [];
    table.watch((address) => void told.push(address));
    table.forgetOwn();
    expect(told).toEqual(['/sacn/1/1']);
    expect([...table.records()].map(({ address }) => address)).toEqual(['/desk']);
    expect(table.write(write('/desk'))).toMatchObject({ revision: 2n });
    expect(table.write(write('/new'))).toMatchObject({ revision: 4n });
    table.forgetOwn();
    expect(table.size).toBe(2);
  });
});
