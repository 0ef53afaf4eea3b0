import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../../src-main/contract/errors.ts';
import { ControlReader } from '../../../src-main/core/hid/control-reader.ts';
import { layoutOfDescriptor } from '../../../src-main/core/hid/descriptor-layout.ts';
import { LocalUsages } from '../../../src-main/core/hid/local-usages.ts';
import { descriptorBytesMax, parseReportDescriptor } from '../../../src-main/core/hid/report-descriptor.ts';
import { keyName, usageName } from '../../../src-main/core/hid/usage-names.ts';
import { bootKeyboard, bootMouse, gamePad, plainPad } from '../../fixtures/hid/descriptors.ts';

describe('descriptions of reports', () => {
  it('[HI2] reads the keyboard and the mouse of the HID specification', () => {
    const keyboard = parseReportDescriptor(bootKeyboard);
    expect(keyboard.hasIds).toBe(false);
    expect(
      keyboard.fields.map(({ type, bit, bits, count, isConstant, isArray }) => [
        type,
        bit,
        bits,
        count,
        isConstant,
        isArray,
      ]),
    ).toEqual([
      ['input', 0, 1, 8, false, false],
      ['input', 8, 8, 1, true, true],
      ['output', 0, 1, 5, false, false],
      ['output', 5, 3, 1, true, true],
      ['input', 16, 8, 6, false, true],
    ]);
    expect(keyboard.fields[0]?.usageAt(7)).toBe(0x0007_00e7);
    const mouse = parseReportDescriptor(bootMouse);
    expect(mouse.fields.map(({ isRelative, logicalMin, logicalMax }) => [isRelative, logicalMin, logicalMax])).toEqual([
      [false, 0, 1],
      [false, 0, 1],
      [true, -127, 127],
    ]);
    expect(mouse.fields.map(({ application }) => application)).toEqual([0x0001_0002, 0x0001_0002, 0x0001_0002]);
  });

  it('[HI2] keeps each report apart by its number, and gives back what was pushed', () => {
    const { fields, hasIds } = parseReportDescriptor(
      Uint8Array.of(
        0x05,
        1,
        0x75,
        8,
        0x95,
        1,
        0x85,
        1,
        0x09,
        0x30,
        0x81,
        2,
        0xa4,
        0x85,
        2,
        0x95,
        2,
        0x09,
        0x31,
        0x81,
        2,
        0xb4,
        0x09,
        0x32,
        0x81,
        2,
      ),
    );
    expect(hasIds).toBe(true);
    expect(fields.map(({ report, bit, count }) => [report, bit, count])).toEqual([
      [1, 0, 1],
      [2, 0, 2],
      [1, 8, 1],
    ]);
  });

  it('[HI2] reads usages with their page, spans of them, the last one for all behind it, and the first of alternatives', () => {
    const usages = new LocalUsages();
    usages.item(0, 0x000c_00e9, 4);
    usages.item(1, 1, 1);
    usages.item(2, 3, 1);
    expect([0, 1, 2, 3, 4, 99].map((index) => usages.at(index, 9))).toEqual([
      ...[0x000c_00e9, 0x0009_0001, 0x0009_0002],
      ...[0x0009_0003, 0x0009_0003, 0x0009_0003],
    ]);
    const alternatives = new LocalUsages();
    alternatives.item(10, 1, 1);
    alternatives.item(0, 0x30, 1);
    alternatives.item(0, 0x31, 1);
    alternatives.item(10, 0, 1);
    expect([0, 1].map((index) => alternatives.at(index, 1))).toEqual([0x0001_0030, 0x0001_0030]);
    expect(new LocalUsages().at(0, 1)).toBe(0);
  });

  it('[HI3] refuses what is cut off, nests too deep, is too long or does not add up, with the place', () => {
    const faults: [number[], string][] = [
      [[0x26, 0xff], 'bad-length'],
      [[0xfe, 9], 'bad-length'],
      [[0xa1, 1], 'bad-message'],
      [[0xc0], 'bad-message'],
      [[0xb4], 'bad-message'],
      [[0x85, 0], 'bad-message'],
      [[0x76, 0xff, 0xff, 0x96, 0xff, 0xff, 0x81, 2], 'bad-length'],
      [Array.from({ length: 66 }, (_, at) => (at % 2 === 0 ? 0xa1 : 1)), 'too-deep'],
      [Array.from({ length: 40 }, () => 0xa4), 'too-deep'],
      [Array.from({ length: descriptorBytesMax + 1 }, () => 0), 'bad-length'],
    ];
    for (const [bytes, code] of faults)
      expect(() => parseReportDescriptor(Uint8Array.from(bytes))).toThrow(expect.objectContaining({ code }) as Error);
  });

  it('[HI3] gives fields or a refusal for any bytes, in bounded time, and controls of it never throw', () => {
    const items = fc.oneof(
      fc.constantFrom(
        [0x81, 2],
        [0x81, 0],
        [0x91, 2],
        [0xa1, 1],
        [0xc0],
        [0x75, 8],
        [0x75, 1],
        [0x95, 6],
        [0x09, 0x30],
        [0x09, 0x39],
      ),
      fc.constantFrom(
        [0x05, 1],
        [0x05, 7],
        [0x05, 9],
        [0x19, 1],
        [0x29, 16],
        [0x15, 0],
        [0x25, 0x7f],
        [0x26, 0xff, 0],
        [0x85, 3],
      ),
      fc.array(fc.nat(255), { maxLength: 5 }),
    );
    let read = 0;
    fc.assert(
      fc.property(fc.array(items, { maxLength: 60 }), fc.uint8Array({ maxLength: 70 }), (parts, report) => {
        const controls = controlsOf(Uint8Array.from(parts.flat()));
        if (!controls) return;
        read++;
        const reader = new ControlReader(controls, 0.1);
        for (const change of [...reader.take(report), ...reader.release()])
          if (change.is === 'axis') expect(Math.abs(change.value)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 1500 },
    );
    expect(read).toBeGreaterThan(100);
  });

  it('[HI4] makes controls of a game pad as it describes itself, away is up', () => {
    const { controls } = layoutOfDescriptor(parseReportDescriptor(gamePad));
    expect(
      controls.map(
        ({ name, kind, byte, bit, bits, centre, invert }) =>
          `${name} ${kind} ${byte}.${bit}+${bits} ${centre} ${invert}`,
      ),
    ).toEqual([
      'x axis 1.0+8 128 false',
      'y axis 2.0+8 128 true',
      'z axis 3.0+8 128 false',
      'rz axis 4.0+8 128 true',
      'hat hat 5.0+4 null false',
      ...Array.from(
        { length: 14 },
        (_, at) => `button/${at + 1} button ${5 + ((at + 4) >> 3)}.${(at + 4) % 8}+1 null false`,
      ),
      'rx axis 8.0+8 null false',
      'ry axis 9.0+8 null false',
    ]);
  });

  it('[HI4] makes keys, lamps and steps of a keyboard and a mouse, and takes names for usages', () => {
    const keyboard = layoutOfDescriptor(parseReportDescriptor(bootKeyboard), { '0008/0002': 'lamp' });
    expect(keyboard.controls.map(({ name, kind }) => `${name} ${kind}`)).toContain('key codes');
    expect(keyboard.controls[0]).toMatchObject({ name: 'key/left-ctrl', kind: 'button', byte: 0, bit: 0 });
    expect(keyboard.outputs.map(({ name, byte, bit }) => `${name} ${byte}.${bit}`)).toEqual([
      'led/num-lock 1.0',
      'lamp 1.1',
      'led/scroll-lock 1.2',
      'led/compose 1.3',
      'led/kana 1.4',
    ]);
    expect(keyboard.reports).toEqual([{ id: '0', send: 'output', bytes: '00', length: 2, crc32: '', heard: [] }]);
    const mouse = layoutOfDescriptor(parseReportDescriptor(bootMouse));
    expect(mouse.controls.map(({ name, kind, relative }) => `${name} ${kind} ${relative}`)).toEqual([
      'button/1 button false',
      'button/2 button false',
      'button/3 button false',
      'x jog true',
      'y jog true',
    ]);
  });

  it('[HI4] takes Z and Rz for triggers where another second stick is named before them', () => {
    const axes = Object.fromEntries(
      layoutOfDescriptor(parseReportDescriptor(plainPad)).controls.map((each) => [each.name, each.centre]),
    );
    expect(axes).toEqual({ x: 128, y: 128, rx: 128, ry: 128, z: null, rz: null });
  });

  it('[HI4] has words for usages, and their numbers where there are none', () => {
    expect([0x0001_0039, 0x0002_00c4, 0x0009_0003, 0x000c_00e9, 0xff00_0001, 0x0008_004b].map(usageName)).toEqual([
      ...['hat', 'accelerator', 'button/3', 'media/e9', 'usage/ff00-1', 'led/75'],
    ]);
    expect([0x04, 0x1d, 0x1e, 0x27, 0x3a, 0x73, 0x28, 0xa0].map(keyName)).toEqual([
      'a',
      'z',
      '1',
      '0',
      'f1',
      'f24',
      'enter',
      'a0',
    ]);
  });
});

function controlsOf(bytes: Uint8Array) {
  try {
    return layoutOfDescriptor(parseReportDescriptor(bytes)).controls;
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError);
    return undefined;
  }
}
