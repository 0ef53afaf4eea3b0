import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mapping, Transform } from '../../../src-main/contract/show.ts';
import { mergeItem, mergeUnseen } from '../../../src-renderer/engine/merge-item.ts';
import { fakeMapping } from '../fake-parts.ts';

const scale = (outMax: number, outMin = 0): Transform => ({
  type: 'scale',
  enabled: true,
  inMin: 0,
  inMax: 1,
  outMin,
  outMax,
});
const clamp = (max: number): Transform => ({ type: 'clamp', enabled: true, min: 0, max });
const invert: Transform = { type: 'invert', enabled: true, min: 0, max: 1 };
const base = fakeMapping(1, { transforms: [scale(255), clamp(1)] });

/** What two windows make of `base` when the second was made from the same form as the first. */
function both(first: Partial<Mapping>, second: Partial<Mapping>): Mapping {
  return mergeItem({ ...base, ...first }, base, { ...base, ...second });
}

describe('two changes of one thing', () => {
  it('[UI87] both stay where they are of different fields, nested ones too', () => {
    const target = { ...base.target, kind: 'event' as const };
    expect(both({ name: 'Front', target: { ...base.target, address: '/osc/1' } }, { enabled: false, target })).toEqual({
      ...base,
      name: 'Front',
      enabled: false,
      target: { ...base.target, address: '/osc/1', kind: 'event' },
    });
    expect(both({ name: 'Front' }, { name: 'Back' }).name).toBe('Back');
  });

  it('[UI87] both stay in a chain: numbers of one step, steps that come, go and change places', () => {
    const chain = (first: Transform[], second: Transform[]) =>
      both({ transforms: first }, { transforms: second }).transforms;
    expect(chain([scale(255, 7), clamp(1)], [scale(99), clamp(1)])).toEqual([scale(99, 7), clamp(1)]);
    expect(chain([clamp(1)], [scale(255), clamp(5)])).toEqual([clamp(5)]);
    expect(chain([clamp(1), scale(255)], [scale(255), clamp(5)])).toEqual([clamp(5), scale(255)]);
    expect(chain([scale(255), clamp(5)], [clamp(1), scale(255)])).toEqual([clamp(5), scale(255)]);
    expect(chain([scale(255), clamp(1), invert], [scale(255), clamp(1), scale(1)])).toEqual([
      scale(255),
      clamp(1),
      invert,
      scale(1),
    ]);
    expect(chain([clamp(1)], [clamp(1)])).toEqual([clamp(1)]);
    expect(chain([scale(255), invert, clamp(1)], [scale(255)])).toEqual([scale(255), invert]);
  });

  it('[UI131] numbers for a step that is gone go into no other, and are refused', () => {
    const two = { ...base, transforms: [scale(10), scale(20)] };
    const typed = { ...two, transforms: [scale(77), scale(20)] };
    const gone = { code: 'unknown-id' };
    expect(() => mergeItem({ ...two, transforms: [scale(20)] }, two, typed)).toThrow(expect.objectContaining(gone));
    expect(() =>
      mergeItem({ ...base, transforms: [clamp(1)] }, base, { ...base, transforms: [scale(5), clamp(1)] }),
    ).toThrow(expect.objectContaining(gone));
    expect(mergeItem({ ...two, transforms: [scale(20), invert, scale(10)] }, two, typed).transforms).toEqual([
      scale(20),
      invert,
      scale(77),
    ]);
  });

  it('[UI171] numbers go into a step whose own numbers changed only between the same neighbours', () => {
    const typed = { ...base, transforms: [scale(77), clamp(1)] };
    const into = (...newest: Transform[]) => mergeItem({ ...base, transforms: newest }, base, typed).transforms;
    expect(into(scale(99, 7), clamp(1), invert)).toEqual([scale(77, 7), clamp(1), invert]);
    expect(into(scale(99, 7), clamp(5))).toEqual([scale(77, 7), clamp(5)]);
    for (const newest of [
      [clamp(1), scale(99)],
      [invert, scale(99), clamp(1)],
      [scale(99), invert, clamp(1)],
    ]) {
      expect(() => into(...newest)).toThrow(expect.objectContaining({ code: 'unknown-id' }));
    }
  });

  it('[UI408] numbers go past edits that nobody saw only into the very same step, and are not missed where they are in', () => {
    const typed = { ...base, transforms: [scale(77), clamp(1)] };
    const into = (...newest: Transform[]) => mergeUnseen({ ...base, transforms: newest }, base, typed).transforms;
    expect(into(scale(255), clamp(5))).toEqual([scale(77), clamp(5)]);
    expect(into(invert, clamp(1), scale(255))).toEqual([invert, clamp(1), scale(77)]);
    expect(into(scale(77), clamp(1), invert)).toEqual([scale(77), clamp(1), invert]);
    expect(() => into(scale(99), clamp(1))).toThrow(expect.objectContaining({ code: 'unknown-id' }));
  });

  it('[UI87] does what was done when nobody else changed anything, and nothing twice', () => {
    const mapping = fc.record({
      name: fc.string(),
      enabled: fc.boolean(),
      groupId: fc.option(fc.string(), { nil: null }),
      transforms: fc.array(fc.constantFrom(scale(1), scale(2), clamp(1), clamp(2), invert), { maxLength: 4 }),
    });
    fc.assert(
      fc.property(mapping, mapping, (before, after) => {
        const done = mergeItem(before, before, after);
        expect(done).toEqual(after);
        expect(mergeItem(done, before, after)).toBe(done);
      }),
      { seed: 7 },
    );
  });
});
