import { describe, expect, it } from 'vitest';
import { burstPauseMs, KeyBurst } from '../../../src-renderer/widgets/key-burst.ts';

describe('a burst of keys', () => {
  it('[UI46] is one gesture until the hand rests or leaves the field', () => {
    const burst = new KeyBurst();
    const first = burst.press(0);
    expect(burst.press(burstPauseMs)).toBe(first);
    expect(burst.press(2 * burstPauseMs)).toBe(first);
    const second = burst.press(3 * burstPauseMs + 1);
    expect(second).not.toBe(first);
    burst.end();
    expect(burst.press(3 * burstPauseMs + 2)).not.toBe(second);
  });
});
