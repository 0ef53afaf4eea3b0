import { describe, expect, it } from 'vitest';
import type { Address } from '../../../src-main/contract/address.ts';
import { f64 } from '../../../src-main/contract/signal.ts';
import { publish, RouterFixture, set } from './router-fixture.ts';

/** of one small message after another in a turn */
const stepMicros = 1000;

describe('the time at which the router accepted a message', () => {
  it('[RT400] is at most eight small messages old in a turn that lasts, and never turns back', async () => {
    const fixture = new RouterFixture();
    const [one, other] = [await fixture.join(), await fixture.join()];
    const lamp = fixture.router.openLocal('lamp');
    const stamps: { at: number; age: number; isLocal: boolean }[] = [];
    fixture.router.tap(({ at, fromLocal }) =>
      stamps.push({ at, age: fixture.clock.nowMicros() - at, isLocal: fromLocal }),
    );
    for (let n = 0; n < 60; n++) {
      if (n % 23 === 22) lamp.publish([{ kind: 'param', address: '/lamp' as Address, value: f64(n) }]);
      else if (n % 2 === 0) one.send(set('/one', n));
      else other.send(publish('stream', '/other', n));
      for (let i = 0; i < 20; i++) await Promise.resolve();
      fixture.clock.advance(stepMicros / 1000);
    }
    expect(stamps).toHaveLength(60);
    expect(stamps.map(({ at }) => at)).toEqual(stamps.map(({ at }) => at).toSorted((left, right) => left - right));
    expect(Math.max(...stamps.map(({ age }) => age))).toBeLessThanOrEqual(8 * stepMicros);
    expect(stamps.filter(({ isLocal }) => isLocal).every(({ age }) => age === 0)).toBe(true);
  });
});
