import { describe, expect, it } from 'vitest';
import {
  applyChanges,
  encodeDmx,
  encodeMessage,
  hasParameters,
  parametersData,
  proLabel,
  readHeardFrame,
  readName,
  readParameters,
  readSerialNumber,
} from '../../../src-main/bridges/dmx-usb/pro-messages.ts';

const message = (label: number, ...data: number[]) => ({ label, data: Uint8Array.from(data) });

describe('messages of the USB Pro', () => {
  it('[DU4] are written as the ENTTEC API 1.44 has them', () => {
    expect([...encodeMessage(10, new Uint8Array(0))]).toEqual([0x7e, 10, 0, 0, 0xe7]);
    const dmx = encodeDmx(
      proLabel.sendDmx,
      Uint8Array.from({ length: 512 }, (_, i) => i & 0xff),
    );
    expect([...dmx.subarray(0, 8)]).toEqual([0x7e, 6, 0x01, 0x02, 0, 0, 1, 2]);
    expect([dmx.length, dmx.at(-1), dmx.at(-2)]).toEqual([518, 0xe7, 0xff]);
    expect(encodeDmx(proLabel.sendDmx, new Uint8Array(24)).length).toBe(30);
  });

  it('[DU5] tell firmware, times, rate, number and name', () => {
    const parameters = readParameters(message(3, 44, 1, 9, 1, 40));
    expect(parameters).toEqual({
      firmware: '1.44',
      breakMicros: 9 * 10.67,
      markMicros: 10.67,
      rateHz: 40,
    });
    expect(readSerialNumber(message(10, 0x78, 0x56, 0x34, 0x12))).toBe('12345678');
    expect(readSerialNumber(message(10, 0x78, 0x56, 0x34, 0x00))).toBe('345678');
    expect(readSerialNumber(message(10, 0xff, 0xff, 0xff, 0xff))).toBeUndefined();
    expect(readName(message(77, 0x6b, 0x6a, ...Buffer.from('DMXking.com\0rest')))).toBe('DMXking.com');
    expect(readName(message(78, 1, 0, ...Buffer.from('a\u0007b')))).toBe('a?b');
  });

  it('[DU7] set times to the nearest that the widget has, and only where they differ', () => {
    const now = readParameters(message(3, 44, 1, 9, 1, 40));
    const nothing = { breakMicros: null, markMicros: null, rate: 40 };
    expect(hasParameters(now, nothing)).toBe(true);
    expect(hasParameters(now, { ...nothing, breakMicros: 96, markMicros: 12 })).toBe(true);
    const wanted = { ...nothing, breakMicros: 176, markMicros: 100 };
    expect(hasParameters(now, wanted)).toBe(false);
    expect([...parametersData(now, wanted)]).toEqual([0, 0, 16, 9, 40]);
    expect([...parametersData(now, { ...nothing, breakMicros: 1300 })]).toEqual([0, 0, 122, 1, 40]);
  });

  it('[DU39] set the rate that a widget repeats frames at, and leave one alone that has it', () => {
    const at = (rate: number) => readParameters(message(3, 44, 1, 9, 1, rate));
    const wanted = (rate: number) => ({ breakMicros: null, markMicros: null, rate });
    expect([...parametersData(at(40), wanted(20))]).toEqual([0, 0, 9, 1, 20]);
    expect([hasParameters(at(40), wanted(20)), hasParameters(at(20), wanted(20))]).toEqual([false, true]);
    expect([...parametersData(at(0), wanted(40))]).toEqual([0, 0, 9, 1, 40]);
    expect(hasParameters(at(0), wanted(40))).toBe(false);
  });

  it('[DU40] set 40 for a rate beyond, and leave a widget alone that sends as fast as it can', () => {
    const at = (rate: number) => readParameters(message(3, 44, 1, 9, 1, rate));
    const fast = { breakMicros: null, markMicros: null, rate: 44 };
    expect([...parametersData(at(30), fast)]).toEqual([0, 0, 9, 1, 40]);
    expect([30, 40, 0, 44].map((rate) => hasParameters(at(rate), fast))).toEqual([false, true, true, true]);
  });

  it('[DU11] tell what was heard, and how well', () => {
    expect(readHeardFrame(message(5, 0, 0, 10, 20))).toEqual({
      overflow: false,
      overrun: false,
      startCode: 0,
      levels: Uint8Array.of(10, 20),
    });
    expect(readHeardFrame(message(5, 3, 0xcc, 1))).toMatchObject({ overflow: true, overrun: true, startCode: 0xcc });
    expect(readHeardFrame(message(5, 0))).toMatchObject({ startCode: undefined, levels: new Uint8Array(0) });
  });

  it('[DU12] tell changes: a place in eights, 40 bits, and a byte for each that is set', () => {
    const frame = new Uint8Array(513);
    // From byte 16 on: bytes 16, 23 and 55.
    expect(applyChanges(message(9, 2, 0b1000_0001, 0, 0, 0, 0b1000_0000, 11, 22, 33), frame)).toEqual([16, 23, 55]);
    expect([frame[16], frame[23], frame[55], frame.filter(Boolean).length]).toEqual([11, 22, 33, 3]);
    // The last slot.
    expect(applyChanges(message(9, 64, 1, 0, 0, 0, 0, 99), frame)).toEqual([512]);
  });

  it('[DU5] that are too short, or tell of what is not there, are refused and change nothing', () => {
    const frame = new Uint8Array(513);
    for (const read of [
      () => readParameters(message(3, 1, 2, 3, 4)),
      () => readSerialNumber(message(10, 1, 2, 3)),
      () => readName(message(77, 1)),
      () => readHeardFrame(message(5)),
      () => applyChanges(message(9, 0, 1, 0, 0, 0), frame),
      () => applyChanges(message(9, 0, 3, 0, 0, 0, 0, 77), frame),
      () => applyChanges(message(9, 64, 3, 0, 0, 0, 0, 77, 78), frame),
    ])
      expect(read).toThrow(expect.objectContaining({ code: 'bad-length' }));
    expect(frame.some(Boolean)).toBe(false);
  });
});
