import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallSlots } from '../../../src-main/core/realtime/call-slots.ts';

describe('slots that are shared', () => {
  it('[HB2] are given in the order in which they were asked for, never more than there are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(fc.boolean(), { maxLength: 60 }), (max, steps) => {
        const slots = new CallSlots(max);
        const [given, open]: [number[], (() => void)[]] = [[], []];
        let asked = 0;
        for (const isAsking of steps) {
          if (isAsking) {
            const number = asked++;
            slots.ask((giveBack) => {
              given.push(number);
              open.push(giveBack);
            });
          } else open.shift()?.();
          expect(open.length).toBeLessThanOrEqual(max);
          expect(given).toEqual(given.map((_, i) => i));
          // None is free while somebody waits.
          if (given.length < asked) expect(open.length).toBe(max);
        }
      }),
    );
  });

  it('[HB2] go past whoever does not want one any more, and come back once', () => {
    const slots = new CallSlots(1);
    const given: string[] = [];
    let giveBack = (): void => undefined;
    const ask = (who: string): (() => void) =>
      slots.ask((back) => {
        given.push(who);
        giveBack = back;
      });
    ask('a');
    const first = giveBack;
    const cancel = ask('b');
    ask('c');
    ask('d');
    cancel();
    first();
    first();
    expect(given).toEqual(['a', 'c']);
    giveBack();
    expect(given).toEqual(['a', 'c', 'd']);
  });
});
