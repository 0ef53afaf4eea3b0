import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matches, parseAddress, tryPattern, type Address } from '../../../../src-main/contract/address.ts';
import { SubscriptionIndex } from '../../../../src-main/core/router/subscriptions/subscription-index.ts';
import { pattern } from '../router-fixture.ts';

function index(cachedMax = 100): SubscriptionIndex<object, readonly object[]> {
  return new SubscriptionIndex(cachedMax, (found) => [...new Set(found)]);
}

const segment = fc.constantFrom('a', 'b', 'ab', 'ba', '');
const addresses = fc
  .array(segment, { minLength: 1, maxLength: 5 })
  .map((parts) => `/${parts.join('/')}`)
  .filter((text) => text !== '/' && !text.includes('//'))
  .map((text) => parseAddress(text));
const patterns = fc
  .array(fc.oneof(segment, fc.constantFrom('*', '**', 'a*', '*b', 'a*b')), { minLength: 1, maxLength: 5 })
  .map((parts) => tryPattern(`/${parts.join('/')}`))
  .filter((text) => text !== undefined);

describe('subscription index', () => {
  it('[RT30] finds exactly the subscriptions whose pattern covers the address, while they come and go', () => {
    const steps = fc.array(
      fc.oneof(
        { weight: 3, arbitrary: patterns.map((text) => ({ add: text })) },
        { weight: 1, arbitrary: fc.nat().map((remove) => ({ remove })) },
        { weight: 3, arbitrary: addresses.map((look) => ({ look })) },
      ),
      { minLength: 5, maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, (commands) => {
        const subject = index(3);
        const model: { pattern: ReturnType<typeof pattern> }[] = [];
        for (const command of commands) {
          if ('add' in command) {
            const subscription = { pattern: command.add };
            model.push(subscription);
            subject.add(subscription.pattern, subscription);
          } else if ('remove' in command) {
            const [gone] = model.splice(command.remove % Math.max(1, model.length), 1);
            if (gone) subject.remove(gone.pattern, gone);
          } else {
            const expected = model.filter((subscription) => matches(subscription.pattern, command.look));
            expect(new Set(subject.targetsOf(command.look))).toEqual(new Set(expected));
          }
        }
      }),
      { numRuns: 2000, seed: 20_261_121 },
    );
  });

  it('[RT30] asks for the subscribers of an address once, until somebody comes or goes who matters', () => {
    let asked = 0;
    const subject = new SubscriptionIndex<object, number>(100, (found) => {
      asked++;
      return found.length;
    });
    const address = parseAddress('/a/b');
    const wildcard = {};
    expect([subject.targetsOf(address), subject.targetsOf(address), asked]).toEqual([0, 0, 1]);
    subject.add(pattern('/other'), {});
    expect([subject.targetsOf(address), asked]).toEqual([0, 1]);
    subject.add(pattern('/a/*'), wildcard);
    expect([subject.targetsOf(address), asked]).toEqual([1, 2]);
    subject.remove(pattern('/a/*'), wildcard);
    expect([subject.targetsOf(address), asked]).toEqual([0, 3]);
  });

  it('[RT31] remembers no more addresses than its limit', () => {
    let asked = 0;
    const subject = new SubscriptionIndex<object, number>(10, () => asked++);
    const look = (i: number): Address => parseAddress(`/a/${i}`);
    for (let i = 0; i < 11; i++) subject.add(pattern(`/a/${i}`), {});
    for (let i = 0; i < 11; i++) subject.targetsOf(look(i));
    subject.targetsOf(look(10));
    expect(asked).toBe(11);
    subject.targetsOf(look(0));
    expect(asked).toBe(12);
  });

  it('[RT224] gives addresses that the same patterns cover the very same answer, until one of them changes', () => {
    const subject = index(100);
    const [wide, deep, exact] = [{}, {}, {}];
    subject.add(pattern('/a/*'), wide);
    const [one, two, elsewhere] = ['/a/1', '/a/2', '/b'].map(parseAddress) as [Address, Address, Address];
    expect(subject.targetsOf(two)).toBe(subject.targetsOf(one));
    expect(subject.targetsOf(elsewhere)).toEqual([]);
    subject.add(pattern('/a/2'), exact);
    expect([subject.targetsOf(one), subject.targetsOf(two)]).toEqual([[wide], [exact, wide]]);
    subject.add(pattern('/**'), deep);
    expect([subject.targetsOf(one), subject.targetsOf(elsewhere)]).toEqual([[wide, deep], [deep]]);
    subject.remove(pattern('/a/2'), exact);
    subject.remove(pattern('/**'), deep);
    expect(subject.targetsOf(two)).toBe(subject.targetsOf(one));
  });

  it('[RT31] stays quick on patterns made to be slow', () => {
    const subject = index();
    const slow = `/${'**/a/'.repeat(8)}z`;
    for (let i = 0; i < 1000; i++) subject.add(pattern(`${slow}${i}`), { i });
    const start = performance.now();
    expect(subject.targetsOf(parseAddress(`/${'a/'.repeat(62)}b`))).toEqual([]);
    // A walk that tried every split of 62 parts among 8 wildcards would take hours.
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
