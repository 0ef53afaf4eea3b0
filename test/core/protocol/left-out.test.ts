import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countLeftOut, formatLeftOut, tryLeftOut } from '../../../src-main/core/protocol/left-out.ts';

describe('what a slow peer did not get', () => {
  it('[RT202] is read again from the text of its ERROR, and from no other text', () => {
    const counts = fc.nat(2 ** 40);
    fc.assert(
      fc.property(fc.record({ samples: counts, moves: counts, values: counts }), (leftOut) => {
        expect(tryLeftOut(formatLeftOut(leftOut))).toEqual(leftOut);
        expect(countLeftOut(leftOut)).toBe(leftOut.samples + leftOut.moves + leftOut.values);
      }),
    );
    for (const text of ['', 'The router has all its 4 sessions in use.', 'You read too slowly: some were left out.'])
      expect(tryLeftOut(text)).toBeUndefined();
  });
});
