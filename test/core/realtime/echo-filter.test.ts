import { describe, expect, it } from 'vitest';
import { millis } from '../../../src-main/contract/units.ts';
import { EchoFilter, echoesMax } from '../../../src-main/core/realtime/echo-filter.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

describe('echoes', () => {
  it('[MQ2] are what comes back as it was said, as often as it was said, and nothing else', () => {
    const echoes = new EchoFilter(new SimulatedClock());
    echoes.said('a', '1');
    echoes.said('a', '2', 2);
    expect(echoes.isEcho('b', '1')).toBe(false);
    expect(echoes.isEcho('a', '3')).toBe(false);
    expect([echoes.isEcho('a', '1'), echoes.isEcho('a', '1')]).toEqual([true, false]);
    expect([echoes.isEcho('a', '2'), echoes.isEcho('a', '2'), echoes.isEcho('a', '2')]).toEqual([true, true, false]);
  });

  it('[MQ2] that were lost are not waited for once a later one came, nor for ever, nor past their bound', () => {
    const clock = new SimulatedClock();
    const echoes = new EchoFilter(clock);
    for (const print of ['1', '2']) echoes.said('a', print);
    expect([echoes.isEcho('a', '2'), echoes.isEcho('a', '1')]).toEqual([true, false]);
    echoes.said('a', '3');
    clock.advance(millis(5001));
    expect(echoes.isEcho('a', '3')).toBe(false);
    for (let i = 0; i <= echoesMax; i++) echoes.said(`k${i}`, 'x');
    expect([echoes.isEcho('k0', 'x'), echoes.isEcho('k1', 'x')]).toEqual([false, true]);
  });

  it('[MQ2] that the service held while it was away are echoes still', () => {
    const clock = new SimulatedClock();
    const echoes = new EchoFilter(clock);
    echoes.said('old', '1');
    clock.advance(millis(4000));
    echoes.said('a', '1');
    clock.advance(millis(3000));
    const wentAt = clock.nowMicros();
    clock.advance(millis(60_000));
    echoes.resume(wentAt);
    expect([echoes.isEcho('a', '1'), echoes.isEcho('old', '1')]).toEqual([true, false]);
  });
  it('[WJ13] are news when they come last after somebody else spoke, and only then', () => {
    const clock = new SimulatedClock();
    const echoes = new EchoFilter(clock, 1_000_000);
    for (const print of ['1', '2', '3']) echoes.said('a', print);
    expect(echoes.isEcho('a', '1')).toBe(true);
    echoes.contest('a');
    expect([echoes.isEcho('a', '2'), echoes.isEcho('a', '3')]).toEqual([true, false]);
    echoes.said('a', '4');
    expect(echoes.isEcho('a', '4')).toBe(true);
    echoes.contest('a');
    echoes.said('a', '5');
    expect(echoes.isEcho('a', '5')).toBe(true);
    echoes.said('a', '6');
    clock.advance(millis(1001));
    expect(echoes.isEcho('a', '6')).toBe(false);
  });
});
