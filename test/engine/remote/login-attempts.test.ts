import { describe, expect, it } from 'vitest';
import {
  createLoginAttempts,
  freeTries,
  longestWait,
  triesOfAll,
} from '../../../src-main/engine/remote/login-attempts.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

const year = 365 * 86_400_000;

/** Tries as often as it may, from so many sources. @param knowsOne they log in rightly in between, with another PIN
 *  @returns the wrong tries that it got in a year */
function triesInAYear(sources: number, knowsOne = false): number {
  const clock = new SimulatedClock();
  const attempts = createLoginAttempts(clock);
  const end = clock.nowMicros() + year * 1000;
  let wrong = 0;
  while (clock.nowMicros() < end) {
    let shortest = Infinity;
    for (let source = 0; source < sources; source++) {
      const peer = `10.0.0.${source}`;
      if (knowsOne && attempts.take(peer) === 0) attempts.right(peer);
      const wait = attempts.take(peer);
      if (wait === 0) wrong++;
      shortest = Math.min(shortest, wait);
    }
    clock.advance(Math.max(shortest, 1000));
  }
  return wrong;
}

describe('tries of PINs', () => {
  it('[RS17] waits longer after every wrong PIN of a source, up to an hour', () => {
    const clock = new SimulatedClock();
    const attempts = createLoginAttempts(clock);
    const waits: number[] = [];
    for (let i = 0; i < 20; i++) {
      if (attempts.take('10.0.0.9') === 0 && i < freeTries - 1) continue;
      const wait = attempts.take('10.0.0.9');
      waits.push(wait);
      clock.advance(wait);
    }
    expect(waits.slice(0, 5)).toEqual([1000, 2000, 4000, 8000, 16_000]);
    expect(Math.max(...waits)).toBe(longestWait);
  });

  it('[RS17] takes all addresses that one IPv6 network has for one source, and IPv4 over IPv6 for IPv4', () => {
    const attempts = createLoginAttempts(new SimulatedClock());
    for (let i = 0; i < freeTries; i++) expect(attempts.take(`2001:db8::${i}`)).toBe(0);
    expect(attempts.take('2001:db8:0:0:ffff::1')).toBeGreaterThan(0);
    expect(attempts.take('2001:db8:0:1::1')).toBe(0);
    for (let i = 0; i < freeTries; i++) attempts.take('10.0.0.9');
    expect(attempts.take('::ffff:10.0.0.9')).toBeGreaterThan(0);
  });

  it('[RS17] lets all strangers together try so often and no more, and does not shut out who logged in before', () => {
    const attempts = createLoginAttempts(new SimulatedClock());
    expect(attempts.take('10.0.0.1')).toBe(0);
    attempts.right('10.0.0.1');
    let tries = 0;
    for (let source = 0; source < 500; source++)
      if (attempts.take(`10.1.${source >> 8}.${source & 255}`) === 0) tries++;
    expect(tries).toBe(triesOfAll);
    expect(attempts.take('10.2.0.1')).toBeGreaterThan(0);
    expect(attempts.take('10.0.0.1')).toBe(0);
  });

  it('[RS17] leaves a PIN of six digits unguessed for years, by one source, by many, and by who knows another PIN', () => {
    const found = [triesInAYear(1), triesInAYear(40), triesInAYear(40, true)];
    console.log(
      `PINs tried in a simulated year: one source ${found[0]}, 40 sources ${found[1]}, 40 insiders ${found[2]}`,
    );
    // With three PINs set each try is one in 333 333; with one, in a million.
    expect(found[0]).toBeLessThan(9_000);
    expect(found[1]).toBeLessThan(26_500);
    expect(found[2]).toBeLessThan(53_000);
    expect(Math.min(...found)).toBeGreaterThan(1_000);
  });
});
