import { describe, expect, it } from 'vitest';
import { createRestartDelay } from '../../src-main/shell/restart-delay.ts';

describe('the wait before a restart', () => {
  it('[DS22] grows with failures in a row and stays at five seconds', () => {
    const delay = createRestartDelay();
    const waits = Array.from({ length: 7 }, () => delay.next(10));
    expect(waits).toEqual([100, 500, 1000, 2000, 5000, 5000, 5000]);
    expect(delay.failures).toBe(7);
  });

  it('[DS22] begins anew after a minute of health', () => {
    const delay = createRestartDelay();
    delay.next(10);
    delay.next(59_999);
    expect(delay.next(60_000)).toBe(100);
    expect(delay.failures).toBe(1);
  });
});
