import { describe, expect, it } from 'vitest';
import { SignalTrace, traceSamplesMax } from '../../../src-renderer/widgets/signal-trace.ts';

describe('signal trace', () => {
  it('[UI2] remembers the newest samples first and forgets the oldest past its maximum', () => {
    const trace = new SignalTrace();
    for (let i = 0; i < traceSamplesMax + 10; i++) trace.push(i, i / 1000);
    expect(trace.size).toBe(traceSamplesMax);
    expect(trace.timeAt(0)).toBe(traceSamplesMax + 9);
    expect(trace.timeAt(traceSamplesMax - 1)).toBe(10);
  });

  it('[UI2] stands on 0 to 1 and widens to what was seen beyond', () => {
    const trace = new SignalTrace();
    trace.push(0, 0.5);
    expect(trace.heightOf(0.5)).toBe(0.5);
    trace.push(1, 200);
    expect(trace.heightOf(100)).toBe(0.5);
    trace.expectRange(255, 0);
    expect(trace.heightOf(255)).toBe(1);
    expect(trace.heightOf(300)).toBe(1);
  });

  it('[UI2] draws what has no height, such as text, as a full tick', () => {
    expect(new SignalTrace().heightOf(Number.NaN)).toBe(1);
  });

  it('[UI2] counts signals per second, also those that share one sample, and slow ones over four seconds', () => {
    const trace = new SignalTrace();
    for (let i = 0; i < 44; i++) trace.push(3000 + i * 20, 0, 2);
    expect(trace.rateAt(3900)).toBe(88);
    const slow = new SignalTrace();
    slow.push(0, 1);
    slow.push(2000, 1);
    expect(slow.rateAt(3500)).toBe(0.5);
    expect(slow.rateAt(9000)).toBe(0);
  });
});
