import { describe, expect, it } from 'vitest';
import { jsonPathText, jsonValuesField, placeTemplate } from '../../../src-main/contract/bridges/value-fields.ts';

describe('fields of values', () => {
  it('[HB17] take paths that lead to one place, and places that begin with a slash', () => {
    const takes = (path: string, to: string) => jsonValuesField.safeParse([{ path, to }]).success;
    expect([takes('$.a[0]', '/x/{1}'), takes('$..a', '/x'), takes('a', '/x'), takes('$', ''), takes('$', 'x')]).toEqual(
      [...[true, false, false, false, false]],
    );
    expect([placeTemplate.safeParse('').success, jsonPathText.safeParse('$.*').success]).toEqual([true, false]);
    expect(jsonValuesField.parse(undefined)).toEqual([]);
  });
});
