import { describe, expect, it } from 'vitest';
import { parseAddress, type Address } from '../../../src-main/contract/address.ts';
import { f64, toJson } from '../../../src-main/contract/signal.ts';
import { micros } from '../../../src-main/contract/units.ts';
import { ParamBatch } from '../../../src-main/core/journal/param-batch.ts';
import { EntryPacker, readEntries, unpackParams } from '../../../src-main/core/journal/param-entries.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { routerLimits } from '../../../src-main/core/router/limits.ts';
import { ValueTable } from '../../../src-main/core/router/state/value-table.ts';

const limits = { ...routerLimits, paramsMax: 10_000, paramBytesMax: 10_000_000 };
const addressOf = (i: number): Address => parseAddress(`/desk/fader/${i}/with/a/name/of/some/length`);

function bench(count: number) {
  const table = new ValueTable(limits);
  const set = (i: number, value: number): void => {
    table.write({ address: addressOf(i), value: WireValue.of(f64(value)), writer: 'w', at: micros(5) });
  };
  for (let i = 0; i < count; i++) set(i, 1);
  const changed = new Set(Array.from({ length: count }, (_, i) => addressOf(i)));
  const timelines = { get: () => undefined };
  const packer = new EntryPacker();
  const batch = new ParamBatch({ changed, changedTimelines: new Set(), params: table, timelines, packer });
  table.watch((address, before) => batch.note(address, before));
  return { table, set, batch, changed };
}

describe('a batch of params', () => {
  it('[JR53] has each as it stood when the batch began, whatever changes, comes or goes while it is packed', async () => {
    const { table, set, batch } = bench(3000);
    let turns = 0;
    const chunks = await batch.pack(() => {
      if (turns++ === 0) {
        set(0, 2);
        set(2999, 2);
        set(2999, 3);
        set(3000, 2);
        table.forgetOwn();
      }
      return Promise.resolve();
    });
    expect(turns).toBeGreaterThan(1);
    const params = chunks.flatMap((chunk) => [...unpackParams(chunk)]);
    expect(params.map((param) => param && toJson(param.value.value))).toEqual(Array.from({ length: 3000 }, () => 1));
    expect(table.get(addressOf(2999))?.value.value).toEqual(f64(3));
  });

  it('[JR7] gives all back when it could not be written, packed or not', async () => {
    const { batch } = bench(3000);
    const stop = new Error('stop');
    await expect(batch.pack(() => Promise.reject(stop))).rejects.toBe(stop);
    const back = new Set<Address>();
    batch.giveBack(back, new Set());
    expect(back.size).toBe(3000);
  });

  it('[JR4] has nothing of a param that is gone but its address', async () => {
    const { table, batch, changed } = bench(2);
    changed.add(addressOf(7));
    const chunks = await batch.pack(() => Promise.resolve());
    expect(table.size).toBe(2);
    expect(chunks.flatMap(({ bounds }) => [...bounds])).toHaveLength(9);
    expect(chunks.flatMap((chunk) => [...readEntries(chunk)])).toHaveLength(2);
  });
});
