import { describe, expect, it } from 'vitest';
import { f64 } from '../../../src-main/contract/signal.ts';
import { rangeFault } from '../../../src-main/core/access/range-fault.ts';

describe('a range of a token', () => {
  it('[AC4] says what is allowed', () => {
    expect(rangeFault([0, 1], f64(2))).toBe('Only numbers from 0 to 1 are allowed here by the token.');
    expect(rangeFault([0, 1], f64(0))).toBeUndefined();
  });
});
