import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hidControlSchema, type HidControl } from '../../../src-main/contract/hid-control.ts';
import { ControlReader, speaksOf, type ControlChange } from '../../../src-main/core/hid/control-reader.ts';
import { endsOf, hatOf, scaled } from '../../../src-main/core/hid/control-scale.ts';

describe('controls of a report', () => {
  it('[HI5] tells buttons and rows of them once each time, and those at rest as first', () => {
    const reader = new ControlReader([control({ name: 'go', byte: 0, bit: 3 }), row()], 0);
    expect(told(reader.take(bytes('08 00 01 00')))).toEqual(['go 1', 'key/1 0 first', 'key/2 1', 'key/3 0 first']);
    expect(told(reader.take(bytes('08 00 01 00')))).toEqual([]);
    expect(told(reader.take(bytes('00 01 01 00')))).toEqual(['go 0', 'key/1 1']);
  });

  it('[HI6] leads an axis with a centre from -1 to 1 and one without from 0 to 1, with its dead zone', () => {
    const stick = control({ name: 'x', kind: 'axis', byte: 0, bits: 8, centre: 128 });
    expect([0, 64, 128, 192, 255].map((raw) => scaled(raw, stick, 0))).toEqual([-1, -0.5, 0, 0.5039, 1]);
    expect([0, 117, 118, 138, 139, 255].map((raw) => scaled(raw, stick, 0.08))).toEqual([-1, -0.0065, 0, 0, 0.0072, 1]);
    const trigger = control({ name: 'l2', kind: 'axis', byte: 0, bits: 8 });
    expect([0, 51, 255].map((raw) => scaled(raw, trigger, 0.08))).toEqual([0, 0.2, 1]);
    expect(scaled(51, { ...trigger, invert: true }, 0)).toBe(0.8);
    expect(Object.is(scaled(128, { ...stick, invert: true }, 0), 0)).toBe(true);
  });

  it('[HI6] keeps every axis within its ends, whatever the bits, and never turns back', () => {
    fc.assert(
      fc.property(
        fc.record({
          bits: fc.integer({ min: 2, max: 32 }),
          signed: fc.boolean(),
          dead: fc.double({ min: 0, max: 0.9, noNaN: true }),
        }),
        fc.boolean(),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 9 }),
        ({ bits, signed, dead }, centred, places) => {
          const { min, max } = endsOf({ bits, signed, min: null, max: null });
          const centre = centred ? Math.floor((min + max) / 2) : null;
          const axis = control({ name: 'x', kind: 'axis', byte: 0, bits, signed, centre });
          const values = places
            .toSorted((one, other) => one - other)
            .map((place) => scaled(min + Math.round(place * (max - min)), axis, dead));
          expect(values.every((value) => value >= (centred ? -1 : 0) && value <= 1)).toBe(true);
          expect(values).toEqual(values.toSorted((one, other) => one - other));
        },
      ),
    );
  });

  it('[HI6] tells a hat as x and y, and anything beside the eight as rest', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7].map(hatOf)).toEqual([
      { x: 0, y: 1 },
      { x: 1, y: 1 },
      { x: 1, y: 0 },
      { x: 1, y: -1 },
      { x: 0, y: -1 },
      { x: -1, y: -1 },
      { x: -1, y: 0 },
      { x: -1, y: 1 },
    ]);
    for (const rest of [8, 15, -1]) expect(hatOf(rest)).toEqual({ x: 0, y: 0 });
    const reader = new ControlReader([control({ name: 'pad', kind: 'hat', byte: 0, bits: 4, min: 1 })], 0);
    expect(told(reader.take(bytes('03')))).toEqual(['pad/x 1', 'pad/y 0 first']);
    expect(told(reader.take(bytes('00')))).toEqual(['pad/x 0']);
  });

  it('[HI7] tells the steps of a jog over the end of its counter, and not where it stood at first', () => {
    const reader = new ControlReader([control({ name: 'jog', kind: 'jog', byte: 0, bits: 8 })], 0);
    expect(['fe', 'ff', '01', '00', 'ff'].map((report) => told(reader.take(bytes(report))))).toEqual([
      [],
      ['jog +1'],
      ['jog +2'],
      ['jog -1'],
      ['jog -1'],
    ]);
    const dial = control({ name: 'dial', kind: 'jog', byte: 0, bits: 8, signed: true, relative: true });
    const turned = new ControlReader([dial], 0);
    expect(['02', '02', 'ff', '00'].map((report) => told(turned.take(bytes(report))))).toEqual([
      ['dial +2'],
      ['dial +2'],
      ['dial -1'],
      [],
    ]);
  });

  it('[HI7] tells a shuttle in its steps', () => {
    const shuttle = control({ name: 'shuttle', kind: 'shuttle', byte: 0, bits: 8, signed: true, min: -7, max: 7 });
    const reader = new ControlReader([shuttle], 0.5);
    expect(['01', '07', 'f9', '00'].flatMap((report) => told(reader.take(bytes(report))))).toEqual([
      'shuttle 0.1429',
      'shuttle 1',
      'shuttle -1',
      'shuttle 0',
    ]);
  });

  it('[HI8] tells keys of a list of codes, and nothing while too many are pressed', () => {
    const codes = control({ name: 'key', kind: 'codes', byte: 2, bits: 8, count: 6 });
    const reader = new ControlReader([codes], 0);
    expect(told(reader.take(bytes('00 00 04 05 00 00 00 00')))).toEqual(['key/a 1', 'key/b 1']);
    expect(told(reader.take(bytes('00 00 01 01 01 01 01 01')))).toEqual([]);
    expect(told(reader.take(bytes('00 00 05 3a 00 00 00 00')))).toEqual(['key/a 0', 'key/f1 1']);
    expect(told(reader.release())).toEqual(['key/b 0', 'key/f1 0']);
  });

  it('[HI9] hears only the report of its number, with the bytes that it must have', () => {
    const push = control({ name: 'push', report: 1, byte: 5, bits: 8, when: [{ byte: 1, is: 3 }] });
    const reader = new ControlReader([push], 0);
    expect(told(reader.take(bytes('01 00 00 00 00 01')))).toEqual([]);
    expect(told(reader.take(bytes('02 03 00 00 00 01')))).toEqual([]);
    expect(told(reader.take(bytes('01 03 00 00 00')))).toEqual([]);
    expect(told(reader.take(bytes('01 03 00 00 00 01')))).toEqual(['push 1']);
    expect(speaksOf(bytes('01 03'), push)).toBe(true);
  });

  it('[HI28] has one control in several reports, told apart by number and length', () => {
    const ways = [
      control({ name: 'x', kind: 'axis', report: 1, byte: 1, bits: 8, centre: 128, lengths: [4, 8] }),
      control({ name: 'x', kind: 'axis', report: 1, byte: 2, bits: 8, centre: 128, lengths: [5] }),
      control({ name: 'x', kind: 'axis', report: 2, byte: 3, bits: 8, centre: 128 }),
    ];
    const reader = new ControlReader(ways, 0);
    const say = (hexes: string) => told(reader.take(bytes(hexes)));
    expect([say('01 ff 80 80'), say('01 80 ff 80 80'), say('02 80 80 ff')]).toEqual([['x 1'], [], []]);
    expect([say('01 ff 80'), say('02 ff ff 00'), say('01 80 80 80 80 80 80 80')]).toEqual([[], ['x -1'], ['x 0']]);
  });

  it('[HI14] lets go of all that is held, and brings what has a centre there', () => {
    const stick = control({ name: 'x', kind: 'axis', byte: 0, bits: 8, centre: 128 });
    const fader = control({ name: 'fader', kind: 'axis', byte: 1, bits: 8 });
    const hat = control({ name: 'hat', kind: 'hat', byte: 2, bits: 4 });
    const reader = new ControlReader([stick, fader, hat, control({ name: 'go', byte: 3 })], 0);
    reader.take(bytes('ff ff 00 01'));
    expect(told(reader.release())).toEqual(['x 0', 'hat/y 0', 'go 0']);
    expect(told(reader.release())).toEqual([]);
    // It stands again at once where it stood.
    expect(told(reader.take(bytes('ff ff 08 01')))).toEqual(['x 1', 'go 1']);
  });

  it('[HI5] takes any report of any length without throwing', () => {
    const controls = [
      row(),
      control({ name: 'x', kind: 'axis', byte: 9, bits: 31 }),
      control({ name: 'k', kind: 'codes', byte: 1, bits: 7, count: 9 }),
    ];
    const reader = new ControlReader(controls, 0.1);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (report) => void reader.take(report)));
  });
});

export function bytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.split(' ').map((byte) => Number.parseInt(byte, 16)));
}

function control(some: Partial<HidControl>): HidControl {
  return hidControlSchema.parse(some);
}

function row(): HidControl {
  return control({ name: 'key', kind: 'buttons', byte: 1, bits: 8, count: 3 });
}

function told(changes: readonly ControlChange[]): string[] {
  return changes.map((change) => {
    if (change.is === 'jog') return `${change.name} ${change.steps > 0 ? '+' : ''}${change.steps}`;
    const value = change.is === 'button' ? Number(change.pressed) : change.value;
    return `${change.name} ${value}${change.isFirst ? ' first' : ''}`;
  });
}
