import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src-main/contract/address.ts';
import { SentRates } from '../../src-main/engine/sent-rates.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import { param } from './supervisor-bench.ts';

describe('how often addresses leave', () => {
  it('[SU61] is known of the busiest one, for this second and the one before', () => {
    const clock = new SimulatedClock();
    const rates = new SentRates(clock);
    expect(rates.busiest).toBe(0);
    rates.sent([param('/a/1', 1), param('/a/2', 1), param('/a/1', 2)]);
    expect(rates.busiest).toBe(2);
    clock.advance(1000);
    rates.sent([param('/a/2', 1)]);
    expect(rates.busiest).toBe(2);
    clock.advance(1000);
    expect(rates.busiest).toBe(1);
    clock.advance(5000);
    expect(rates.busiest).toBe(0);
  });

  it('[SU57] is known of an address for as long', () => {
    const clock = new SimulatedClock();
    const rates = new SentRates(clock);
    const wasSent = (): boolean => rates.wasSent(parseAddress('/a/1'));
    rates.sent([param('/a/1', 1)]);
    expect([wasSent(), rates.wasSent(parseAddress('/a/2'))]).toEqual([true, false]);
    clock.advance(1500);
    expect(wasSent()).toBe(true);
    clock.advance(1500);
    expect(wasSent()).toBe(false);
  });

  it('[SU61] is bounded to 4096 addresses of a second', () => {
    const rates = new SentRates(new SimulatedClock());
    rates.sent(Array.from({ length: 5000 }, (_, index) => param(`/a/${index}`, 1)));
    const knows = (index: number): boolean => rates.wasSent(parseAddress(`/a/${index}`));
    expect([knows(4095), knows(4096)]).toEqual([true, false]);
  });
});
