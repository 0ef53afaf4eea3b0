import { describe, expect, it } from 'vitest';
import { serialScaleField } from '../../../src-main/contract/bridges/serial-scale.ts';

describe('the scale of a serial message', () => {
  it('[SL26] is none, or one of a span that has two ends', () => {
    expect(serialScaleField.parse(undefined)).toBeNull();
    expect(serialScaleField.parse({})).toEqual({ fromLow: 0, fromHigh: 1023, toLow: 0, toHigh: 1, limit: true });
    const { error } = serialScaleField.safeParse({ fromLow: 1, fromHigh: 1 });
    expect(error?.issues[0]).toMatchObject({
      path: ['fromHigh'],
      message: expect.stringContaining('differ') as string,
    });
  });
});
