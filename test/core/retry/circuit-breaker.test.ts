import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { millis } from '../../../src-main/contract/units.ts';
import { createCircuitBreaker, type CircuitBreaker } from '../../../src-main/core/retry/circuit-breaker.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

const seed = 20261121;

function breakerOn(clock: SimulatedClock): CircuitBreaker {
  return createCircuitBreaker({ clock, failuresMax: 3, window: millis(10_000), rest: millis(5000) });
}

function fail(breaker: CircuitBreaker, times: number): void {
  for (let i = 0; i < times; i++) breaker.failed();
}

describe('createCircuitBreaker', () => {
  it('[RY10] opens at the last of so many failures within the window, and says until when', () => {
    const clock = new SimulatedClock();
    const breaker = breakerOn(clock);
    fail(breaker, 2);
    expect([breaker.state(), breaker.tryAcquire(), breaker.retryAt()]).toEqual(['closed', true, undefined]);
    fail(breaker, 1);
    expect([breaker.state(), breaker.tryAcquire(), breaker.retryAt()]).toEqual([
      'open',
      false,
      clock.nowMicros() + 5_000_000,
    ]);
  });

  it('[RY11] forgets failures older than the window, whatever succeeded in between', () => {
    const clock = new SimulatedClock();
    const breaker = breakerOn(clock);
    fail(breaker, 2);
    clock.advance(10_000);
    fail(breaker, 2);
    breaker.succeeded();
    expect(breaker.state()).toBe('closed');
    fail(breaker, 1);
    expect(breaker.state()).toBe('open');
  });

  it('[RY12] lets one try through after its rest: success closes it, failure opens it for as long again', () => {
    const clock = new SimulatedClock();
    const breaker = breakerOn(clock);
    fail(breaker, 3);
    clock.advance(5000);
    expect([breaker.state(), breaker.tryAcquire(), breaker.tryAcquire()]).toEqual(['half-open', true, false]);
    breaker.failed();
    expect([breaker.state(), breaker.retryAt()]).toEqual(['open', clock.nowMicros() + 5_000_000]);
    clock.advance(5000);
    expect(breaker.tryAcquire()).toBe(true);
    breaker.succeeded();
    expect([breaker.state(), breaker.tryAcquire(), breaker.tryAcquire()]).toEqual(['closed', true, true]);
  });

  it('[RY13] takes no notice of what ends while it is open', () => {
    const clock = new SimulatedClock();
    const breaker = breakerOn(clock);
    fail(breaker, 3);
    const until = breaker.retryAt();
    clock.advance(1000);
    breaker.failed();
    breaker.succeeded();
    expect([breaker.state(), breaker.retryAt()]).toEqual(['open', until]);
  });

  it('[RY14] always comes back to a try, after any history', () => {
    const step = fc.constantFrom('failed', 'succeeded', 'tryAcquire', 'wait' as const);
    const property = fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const clock = new SimulatedClock();
      const breaker = breakerOn(clock);
      let out = false;
      for (const each of steps) {
        if (each === 'wait') clock.advance(1700);
        else if (each === 'tryAcquire') out = breaker.tryAcquire() || out;
        else if (breaker.state() !== 'half-open' || out) {
          breaker[each]();
          out = false;
        }
      }
      if (out) breaker.failed();
      clock.advance(5000);
      expect(breaker.retryAt()).toBeUndefined();
      expect(breaker.tryAcquire()).toBe(true);
    });
    fc.assert(property, { seed, numRuns: 3000 });
  });
});
