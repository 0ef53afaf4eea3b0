import { describe, expect, it } from 'vitest';
import type { Address } from '../../../src-main/contract/address.ts';
import { fromJson } from '../../../src-main/contract/signal.ts';
import { ChangedValues, changedValuesMax } from '../../../src-main/core/realtime/changed-values.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

describe('what changes between answers', () => {
  const clock = new SimulatedClock();
  const a = '/a' as Address;

  it('[HB11] is told once, and anew after it was given another value', () => {
    const changed = new ChangedValues(clock);
    const look = (value: unknown) => changed.look(a, fromJson(value), clock.nowMicros());
    expect([look(1), look(1), look(2), look({ x: [1] }), look({ x: [1] })]).toEqual([
      'first',
      'same',
      'changed',
      'changed',
      'same',
    ]);
    expect([changed.holds(a, fromJson({ x: [1] })), changed.holds(a, fromJson(2))]).toEqual([true, false]);
    changed.give(a);
    clock.advance(1);
    expect([changed.holds(a, fromJson({ x: [1] })), look({ x: [1] })]).toEqual([false, 'first']);
    changed.forget();
    expect(look({ x: [1] })).toBe('first');
  });

  it('[HB12] is past where it was asked for before another value was given', () => {
    const changed = new ChangedValues(clock);
    const askedAt = clock.nowMicros();
    clock.advance(5);
    changed.give(a);
    expect(changed.look(a, fromJson(1), askedAt)).toBe('past');
    clock.advance(1);
    expect(changed.look(a, fromJson(1), clock.nowMicros())).toBe('first');
  });

  it('[HB11] is remembered of so many addresses', () => {
    const changed = new ChangedValues(clock);
    const look = (i: number) => changed.look(`/${i}` as Address, fromJson(1), clock.nowMicros());
    for (let i = 0; i <= changedValuesMax; i++) look(i);
    expect([look(changedValuesMax), look(0)]).toEqual(['same', 'first']);
  });
});
