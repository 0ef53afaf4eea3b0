import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { integer, type Signal } from '../../../src-main/contract/signal.ts';
import { ToldValues } from '../../../src-main/core/timecode/told-values.ts';

describe('what a bridge told itself', () => {
  it('[TC30] is known by its address and its newest value, where it is meant', () => {
    const told = new ToldValues((address) => address.startsWith('/a/'));
    const param = (address: string, value: number): Signal => ({
      kind: 'param',
      address: parseAddress(address),
      value: integer(value),
    });
    told.note([param('/a/x', 1), param('/b/x', 1), param('/a/x', 2), { ...param('/a/y', 1), kind: 'event' }]);
    expect(
      [param('/a/x', 2), param('/a/x', 1), param('/b/x', 1), param('/a/y', 1)].map((each) => told.has(each)),
    ).toEqual([true, false, false, false]);
    expect(told.has({ ...param('/a/x', 2), kind: 'event' })).toBe(false);
  });
});
