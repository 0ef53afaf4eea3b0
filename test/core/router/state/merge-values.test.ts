import { describe, expect, it } from 'vitest';
import { fromJson, toJson, type Value } from '../../../../src-main/contract/signal.ts';
import { mergeValues } from '../../../../src-main/core/router/state/merge-values.ts';

const merged = (standing: unknown, update: unknown): unknown =>
  toJson(mergeValues(fromJson(standing), fromJson(update)));

describe('merge', () => {
  it('[RT144] joins maps key by key, also inside each other; keys keep their places and new ones come last', () => {
    const both = merged({ z: 1, pan: { x: 1, y: 2 }, list: [1, 2] }, { new: true, pan: { y: 3 }, list: [9] });
    expect(JSON.stringify(both)).toBe('{"z":1,"pan":{"x":1,"y":3},"list":[9],"new":true}');
  });

  it('[RT144] replaces where one of the two is no map, and takes null as a value', () => {
    expect(merged({ a: 1 }, 5)).toBe(5);
    expect(merged(null, { a: 1 })).toEqual({ a: 1 });
    expect(merged({ a: { b: 1 }, c: 2 }, { a: null })).toEqual({ a: null, c: 2 });
  });

  it('[RT144] keeps the types on the wire, and takes a key that comes twice as it comes last', () => {
    const i64: Value = { type: 'i64', value: 2n ** 60n };
    const twice: Value = {
      type: 'map',
      value: [
        ['k', i64],
        ['k', fromJson('last')],
      ],
    };
    const standing: Value = { type: 'map', value: [['n', i64]] };
    expect(mergeValues(standing, twice)).toEqual({
      type: 'map',
      value: [
        ['n', i64],
        ['k', fromJson('last')],
      ],
    });
  });
});
