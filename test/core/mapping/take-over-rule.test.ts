import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { f64, type Signal } from '../../../src-main/contract/signal.ts';
import { micros } from '../../../src-main/contract/units.ts';
import { createTakeOverRule } from '../../../src-main/core/mapping/take-over-rule.ts';
import { TargetOwners } from '../../../src-main/core/mapping/target-owners.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { routerLimits } from '../../../src-main/core/router/limits.ts';
import { isRefusal, type ParamRecord } from '../../../src-main/core/router/param-write.ts';
import { ValueTable } from '../../../src-main/core/router/value-table.ts';

const lamp = parseAddress('/lamp');

function bench(isFirst: boolean) {
  const params = new ValueTable(routerLimits);
  const owners = new TargetOwners();
  const write = (address: string, at: number, writer = 'client'): ParamRecord => {
    const value = WireValue.of(f64(0));
    const record = params.write({ address: parseAddress(address), value, writer, at: micros(at) });
    if (isRefusal(record)) throw new Error(record.message);
    return record;
  };
  const running = new Set(['m1', 'm2']);
  const isRunning = (id: string): boolean => running.has(id);
  return {
    params,
    owners,
    write,
    mayTake: createTakeOverRule({ params, name: 'mappings', owners, isRunning, isFirst }),
  };
}

const sent = (kind: 'param' | 'stream'): Signal => ({ kind, address: lamp, value: f64(1) });

describe('whether an edit may set a target', () => {
  it.each([
    ['nobody has set it', undefined, undefined, true],
    ['its source moved since', 1, 'm2', true],
    ['the mapping itself set it', 9, 'm1', true],
    ['a mapping that is gone set it', 9, 'gone', true],
    ['nobody knows which mapping set it', 9, undefined, true],
    ['another mapping set it since', 9, 'm2', false],
  ] as const)('[MP42] depends on who was the latest: %s', (_, at, owner, may) => {
    const { owners, write, mayTake } = bench(false);
    const source = write('/fader', 5);
    if (at !== undefined) write('/lamp', at, 'mappings');
    if (owner !== undefined) owners.set(lamp, owner);
    expect(mayTake('m1', source, sent('param'))).toBe(may);
  });

  it('[MP42] is refused when a client set it since, and for a stream that another mapping sends', () => {
    const { owners, write, mayTake } = bench(false);
    const source = write('/fader', 5);
    write('/lamp', 6, 'phone');
    owners.set(lamp, 'm1');
    expect(mayTake('m1', source, sent('param'))).toBe(false);
    expect(mayTake('m1', source, sent('stream'))).toBe(true);
    expect(mayTake('m2', source, sent('stream'))).toBe(false);
  });

  it('[MP45] finds out at a start who was the latest: the mapping whose source moved last before the target', () => {
    const { owners, write, mayTake } = bench(true);
    const [early, late] = [write('/phone', 3), write('/desk', 5)];
    write('/lamp', 5, 'mappings');
    expect([mayTake('m2', late, sent('param')), mayTake('m1', early, sent('param'))]).toEqual([false, false]);
    expect(owners.of(lamp)).toBe('m2');
    expect(mayTake('m1', write('/phone', 7), sent('param'))).toBe(true);
    expect(mayTake('m1', write('/phone', 8), sent('stream'))).toBe(false);
  });
});
