import { describe, expect, it } from 'vitest';
import { tryNumber, type Signal } from '../../src-main/contract/signal.ts';
import { playDemo } from '../../src-main/engine/demo-player.ts';
import { SimulatedClock } from '../simulated-clock.ts';

describe('demo player', () => {
  it('[EA20] moves four waves within 0..1 and taps a key once a second, until it is stopped', () => {
    const clock = new SimulatedClock();
    const heard: Signal[] = [];
    const stop = playDemo({ publish: (signals) => void heard.push(...signals) }, clock);
    clock.advance(10_000);
    const wave = heard
      .filter(({ address }) => address === '/demo/wave/1')
      .map(({ value }) => tryNumber(value) ?? Number.NaN);
    expect(wave.length).toBeGreaterThan(290);
    expect(Math.min(...wave)).toBeLessThan(0.05);
    expect(Math.max(...wave)).toBeGreaterThan(0.95);
    expect(wave.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(new Set(heard.map(({ address }) => address)).size).toBe(5);
    expect(heard.filter(({ kind }) => kind === 'event')).toHaveLength(10);
    stop();
    const before = heard.length;
    clock.advance(5000);
    expect(heard).toHaveLength(before);
  });
});
