import { describe, expect, it } from 'vitest';
import { millis } from '../../../src-main/contract/units.ts';
import { Refusals } from '../../../src-main/core/realtime/refusals.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

describe('Refusals', () => {
  it('[TC40] counts, and tells the newest with its whole address for 10 s', () => {
    const clock = new SimulatedClock();
    const refusals = new Refusals(clock);
    expect([refusals.total, refusals.words(), refusals.shown()]).toEqual([0, '', {}]);
    const long = `/keys/${'x'.repeat(80)}`;
    refusals.add('/keys/a', 'the value is no level');
    refusals.add(long, 'A position is a timecode.');
    const words = ` Refused: /keys/${'x'.repeat(53)}…: A position is a timecode.`;
    expect([refusals.total, refusals.words()]).toEqual([2, words]);
    expect(refusals.shown()).toEqual({ refused: { address: long, why: 'A position is a timecode' } });
    clock.advance(millis(10_000));
    expect(refusals.shown().refused?.address).toBe(long);
    clock.advance(millis(1));
    expect([refusals.shown(), refusals.words()]).toEqual([{}, words]);
  });
});
