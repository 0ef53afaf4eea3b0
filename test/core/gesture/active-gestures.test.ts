import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import type { GesturePhase } from '../../../src-main/contract/signal.ts';
import {
  ActiveGestures,
  gesturesMax,
  gesturesPerOwnerMax,
  gestureSilence,
} from '../../../src-main/core/gesture/active-gestures.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

interface Owner {
  readonly name: string;
}

function bench() {
  const clock = new SimulatedClock();
  const lost: string[] = [];
  const gestures: ActiveGestures<Owner> = new ActiveGestures({
    clock,
    onLost: ({ owner, address, id }) => void lost.push(`${owner.name} ${address} ${id}`),
  });
  const note = (owner: Owner, phase: GesturePhase, id = 1, address = '/touch'): void =>
    gestures.note({ owner, address: parseAddress(address), id }, phase);
  const may = (owner: Owner, id: number): boolean => gestures.mayBegin({ owner, address: parseAddress('/touch'), id });
  return { clock, gestures, lost, may, note };
}

const one: Owner = { name: 'one' };
const other: Owner = { name: 'other' };

describe('gestures under way', () => {
  it('[GE1] are lost when their owner leaves, those of others and those that ended are not', () => {
    const { gestures, lost, note } = bench();
    note(one, 'start', 1);
    note(one, 'start', 2);
    note(one, 'move', 3);
    note(one, 'start', 1, '/pad');
    note(one, 'end', 2);
    note(one, 'cancel', 1, '/pad');
    note(other, 'start', 1);
    gestures.leave(one);
    expect(lost).toEqual(['one /touch 1', 'one /touch 3']);
    gestures.leave(one);
    expect([lost.length, gestures.size]).toEqual([2, 1]);
  });

  it('[GE2] are lost after 30 s without a word, not before, and only once', () => {
    const { clock, gestures, lost, note } = bench();
    note(one, 'start', 1);
    note(one, 'start', 2);
    clock.advance(gestureSilence - 1);
    note(one, 'move', 2);
    expect(lost).toEqual([]);
    clock.advance(1);
    expect(lost).toEqual(['one /touch 1']);
    clock.advance(gestureSilence - 2);
    expect(lost).toHaveLength(1);
    clock.advance(1);
    expect(lost).toEqual(['one /touch 1', 'one /touch 2']);
    expect([gestures.size, clock.waiting]).toEqual([0, 0]);
  });

  it('[GE2] may begin again after they were lost, and a new one is not judged by the silence of the old', () => {
    const { clock, lost, note } = bench();
    note(one, 'start');
    note(one, 'end');
    clock.advance(gestureSilence - 1);
    note(one, 'start');
    clock.advance(2);
    expect(lost).toEqual([]);
  });

  it('[GE3] are bounded for each owner and together; what is under way may go on', () => {
    const { gestures, note, may } = bench();
    for (let id = 0; id < gesturesPerOwnerMax; id++) note(one, 'start', id);
    expect([may(one, 999), may(one, 3), may(other, 1)]).toEqual([false, true, true]);
    note(one, 'start', 999);
    expect(gestures.size).toBe(gesturesPerOwnerMax);
    note(one, 'end', 0);
    expect(may(one, 999)).toBe(true);
    for (let i = 0; gestures.size < gesturesMax; i++) note({ name: `${i}` }, 'start');
    expect(may({ name: 'last' }, 1)).toBe(false);
    gestures.close();
    expect(gestures.size).toBe(0);
  });

  it('[RT285] have room, or not, for several steps one after the other', () => {
    const { gestures, note } = bench();
    const step = (phase: GesturePhase, id: number) => ({ phase, id, address: parseAddress('/touch') });
    for (let id = 2; id < gesturesPerOwnerMax; id++) note(one, 'start', id);
    expect(gestures.mayTake(one, [step('start', 500), step('move', 500), step('move', 501)])).toBe(true);
    expect(gestures.mayTake(one, [step('start', 500), step('start', 501), step('move', 502)])).toBe(false);
    expect(gestures.mayTake(one, [step('start', 500), step('end', 2), step('end', 2), step('start', 501)])).toBe(true);
    expect(gestures.mayTake(one, [step('end', 2), step('start', 2), step('start', 500), step('move', 501)])).toBe(true);
    expect(gestures.mayTake(one, [step('end', 900), ...[500, 501, 502].map((id) => step('start', id))])).toBe(false);
    for (let i = 0; gestures.size < gesturesMax; i++) note({ name: `${i}` }, 'start');
    expect(gestures.mayTake(other, [step('start', 1)])).toBe(false);
    expect(gestures.mayTake(other, [step('end', 1)])).toBe(true);
  });
});
