import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NewestMap } from '../../../src-main/core/bounds/newest-map.ts';

const step = fc.oneof(
  fc.record({ set: fc.nat(9) }),
  fc.record({ delete: fc.nat(9) }),
  fc.record({ clear: fc.constant(true) }),
);

describe('a map of what was set last', () => {
  it('[BO01] holds the newest up to its bound, each with its last value, oldest first', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.array(step, { maxLength: 60 }), (max, steps) => {
        const map = new NewestMap<number, string>(max);
        let model: [number, string][] = [];
        for (const [i, each] of steps.entries()) {
          if ('set' in each) {
            map.set(each.set, `${i}`);
            model = [...model.filter(([key]) => key !== each.set), [each.set, `${i}`] as [number, string]].slice(-max);
          } else if ('delete' in each) {
            map.delete(each.delete);
            model = model.filter(([key]) => key !== each.delete);
          } else {
            map.clear();
            model = [];
          }
          expect([...map.values()]).toEqual(model.map(([, value]) => value));
          for (let key = 0; key < 10; key++) {
            const known = model.find(([each]) => each === key);
            expect([map.has(key), map.get(key)]).toEqual([known !== undefined, known?.[1]]);
          }
          expect(map.size).toBe(model.length);
        }
      }),
    );
  });

  it('[BO02] forgets the oldest tenth at once where it is large', () => {
    const map = new NewestMap<number, number>(1000);
    for (let i = 0; i < 1000; i++) map.set(i, i);
    map.set(0, 0);
    expect(map.size).toBe(1000);
    map.set(1000, 1000);
    expect([map.size, map.has(0), map.has(101), map.has(102)]).toEqual([900, true, false, true]);
    expect([...map.values()].slice(-2)).toEqual([0, 1000]);
  });
});
