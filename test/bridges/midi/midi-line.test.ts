import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  aheadMicros,
  byteMicros,
  lastBytesMax,
  MidiLine,
  waitingBytesMax,
} from '../../../src-main/bridges/midi/midi-line.ts';
import type { MidiMessage } from '../../../src-main/bridges/midi/midi-messages.ts';
import { unitOf } from '../../../src-main/bridges/midi/midi-unit.ts';
import { fromJson, integer, type Signal } from '../../../src-main/contract/signal.ts';
import { millis } from '../../../src-main/contract/units.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { event, open, param, plugged } from './midi-scene.ts';

describe('the pace of a MIDI output', () => {
  it('[MI32] is that of a cable: a thousand controllers leave in 0.96 s, a few of them ahead, and what waits is told', async () => {
    const { bridge, clock, ports } = await open();
    bridge.apply(controllers(1000));
    expect(ports.sent.length).toBeLessThan(6);
    expect(bridge.status().reason).toMatch(
      /^Listening; nothing heard yet\. Sending\. 996 messages wait for the MIDI cable, 1\.0 s\./,
    );
    for (let ms = 1; ms <= 957; ms++) {
      clock.advance(millis(1));
      const early = ports.sent.length * 3 * byteMicros - ms * 1000;
      expect(early).toBeLessThanOrEqual(aheadMicros + 3 * byteMicros);
      expect(early).toBeGreaterThan(0);
    }
    expect([ports.sent.length, bridge.status().outTotal]).toEqual([1000, 1000]);
    expect(bridge.status().reason).not.toContain('MIDI cable');
  });

  it('[MI32] is none for a port of its own, and for a device that is said to need none', async () => {
    for (const settings of [{ pace: 'none' }, { mode: 'virtual' }] as const) {
      const { bridge, ports } = await open(settings);
      bridge.apply(controllers(1000));
      expect([ports.sent.length, bridge.status().outTotal]).toEqual([1000, 1000]);
    }
  });

  it('[MI32] rests after a sysex for as long as that takes', () => {
    const { clock, line, left } = scene();
    line.put(
      unitOf([{ type: 'sysex', bytes: Uint8Array.from([0xf0, ...Array<number>(998).fill(1), 0xf7]) }], 'event'),
      false,
    );
    line.put(unitOf([control(1, 1)], 'param'), false);
    clock.advance(millis(316));
    expect(left).toHaveLength(1);
    clock.advance(millis(1));
    expect(left).toHaveLength(2);
  });

  it('[MI33] sends the newest of each controller, while notes, programs with their banks and sysex all keep their order', () => {
    const { clock, line, left } = scene();
    const put = (message: MidiMessage, kind: Signal['kind'] = 'param'): boolean =>
      line.put(unitOf([message], kind), false);
    for (let value = 0; value < 20; value++) put(control(7, value));
    for (const on of [true, false, true, false]) put({ type: 'note', channel: 0, note: 60, velocity: 9, on });
    for (const bank of [1, 2]) {
      put(control(0, bank));
      put({ type: 'program', channel: 0, program: bank });
    }
    for (const data of [1, 2]) put({ type: 'sysex', bytes: Uint8Array.of(0xf0, data, 0xf7) });
    for (const value of [1, 2]) put(control(8, value), 'event');
    put(control(7, 99));
    clock.advance(millis(100));
    expect(left).toEqual([
      ...['control 7=0', 'control 7=1', 'control 7=2', 'control 7=3'],
      ...['note true', 'note false', 'note true', 'note false'],
      ...['control 0=1', 'program 1', 'control 0=2', 'program 2', 'sysex', 'sysex'],
      ...['control 8=1', 'control 8=2', 'control 7=99'],
    ]);
  });

  it('[MI33] sends a numbered parameter in one piece, the newest of each number', () => {
    const { clock, line, left } = scene();
    const nrpn = (number: number, value: number): MidiMessage[] => [
      ...[control(99, 0), control(98, number)],
      ...[control(6, value), control(38, 0)],
    ];
    for (const value of [1, 2, 3]) for (const number of [1, 2]) line.put(unitOf(nrpn(number, value), 'param'), false);
    clock.advance(millis(100));
    const piece = (number: number, value: number): string[] => nrpn(number, value).map(wordsOf);
    expect(left).toEqual([...piece(1, 1), ...piece(2, 3), ...piece(1, 3)]);
  });

  it('[MI33] ends where it was put last, whatever came when, and loses no event on the way', () => {
    const put = fc.record({
      controller: fc.nat(9),
      value: fc.nat(127),
      how: fc.constantFrom('live', 'stands', 'event'),
    });
    fc.assert(
      fc.property(fc.array(fc.oneof(put, fc.nat(20)), { maxLength: 200 }), (steps) => {
        const { clock, line, left } = scene();
        const last = new Map<number, string>();
        const events: string[] = [];
        for (const step of steps) {
          if (typeof step === 'number') {
            clock.advance(millis(step));
            continue;
          }
          // Events are numbered by controllers that nothing else sets.
          const message = control(step.controller + (step.how === 'event' ? 50 : 10), step.value);
          line.put(unitOf([message], step.how === 'event' ? 'event' : 'param'), step.how === 'stands');
          if (step.how === 'event') events.push(wordsOf(message));
          else last.set(step.controller + 10, wordsOf(message));
        }
        clock.advance(millis(1000));
        expect(left.filter((each) => /^control 5/.test(each))).toEqual(events);
        for (const [controller, words] of last)
          expect(left.findLast((each) => each.startsWith(`control ${controller}=`))).toBe(words);
        expect([line.waiting, line.waitingFor, clock.waiting]).toEqual([0, 0, 0]);
      }),
    );
  });

  it('[MI33] lets what is played go before what a device that is back is given, which then is not older', async () => {
    const { bridge, clock, host, ports } = await open();
    ports.outputs = [];
    await clock.advanceAsync(1000);
    const standing = [...controllers(200), param('/midi/keys/ch/0/note/60', integer(1))];
    host.returned = () => bridge.apply(standing, {});
    ports.outputs = [plugged];
    await clock.advanceAsync(1000);
    ports.takeSent();
    bridge.apply([
      event('/midi/keys/ch/0/note', fromJson({ note: 60, velocity: 0, on: false })),
      param('/midi/keys/ch/1/cc/79', integer(99)),
    ]);
    await clock.advanceAsync(4);
    expect(ports.takeSent().slice(0, 2)).toEqual([
      [0x80, 60, 0],
      [0xb1, 79, 99],
    ]);
    await clock.advanceAsync(1000);
    const later = ports.takeSent();
    expect(later.some(([status, first]) => status === 0x90 || (status === 0xb1 && first === 79))).toBe(false);
    expect(bridge.status().outTotal).toBe(201);
  });

  it('[MI34] lets clock and timecode go ahead in time, and counts them', async () => {
    const { bridge, clock, ports } = await open({ sendClock: true, tempo: 125 });
    await clock.advanceAsync(1);
    bridge.apply(controllers(500));
    const late: number[] = [];
    for (let ms = 2; ms < 400; ms++) {
      const before = ports.sent.length;
      clock.advance(millis(1));
      if (ports.sent.slice(before).some(({ bytes }) => bytes[0] === 0xf8)) late.push(ms % 20);
    }
    expect(late).toEqual(Array.from({ length: 19 }, () => 0));
    const bytes = ports.sent.reduce((sum, sent) => sum + sent.bytes.length, 0);
    expect(bytes * byteMicros).toBeLessThanOrEqual(400_000 + aheadMicros + 3 * byteMicros);
  });

  it('[MI34] lets go at its stop what waits and what is down, and counts what waits for an output that goes', async () => {
    const { bridge, ports, clock } = await open();
    bridge.apply([...controllers(50), event('/midi/keys/ch/0/note/60', integer(9))]);
    await bridge.stop();
    expect(ports.takeSent().slice(-3)).toEqual([
      [0xb0, 49, 1],
      [0x90, 60, 9],
      [0x80, 60, 0],
    ]);
    expect(clock.waiting).toBe(0);
    const full = await open();
    full.bridge.apply([event('/midi/keys/ch/0/note/60', integer(9)), ...controllers(1800)]);
    await full.bridge.stop();
    expect(full.ports.sent.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeLessThan(lastBytesMax + 20);
    expect(full.ports.takeSent().at(-1)).toEqual([0x80, 60, 0]);
    const gone = await open();
    const note = (velocity: number): Signal => event('/midi/keys/ch/0/note/60', integer(velocity));
    gone.bridge.apply([note(9), ...controllers(50), note(0)]);
    gone.ports.outputs = [];
    gone.ports.sendFault = 'gone';
    gone.clock.advance(millis(5));
    expect(gone.bridge.status().reason).toMatch(/did not take a message \(gone\).*Not sent meanwhile: 4\d\./);
    gone.ports.sendFault = undefined;
    gone.ports.takeSent();
    gone.ports.outputs = [plugged];
    await gone.clock.advanceAsync(1000);
    expect(gone.ports.takeSent()).toEqual([[0x80, 60, 0]]);
  });

  it('[MI34] refuses further ones once 20 s of the cable wait, and ends of notes only at twice of it', () => {
    const { line } = scene();
    const put = (on: boolean): boolean =>
      line.put(unitOf([{ type: 'note', channel: 0, note: 60, velocity: 9, on }], 'event'), false);
    let admitted = 0;
    while (put(true)) admitted++;
    expect(admitted * 3).toBeGreaterThanOrEqual(waitingBytesMax);
    expect(line.waitingFor).toBeGreaterThan(20_000);
    let ends = 0;
    while (put(false)) ends++;
    expect(line.waiting * 3).toBeLessThan(2 * waitingBytesMax + 3);
    expect(ends).toBeGreaterThan(20_000);
  });
});

function controllers(count: number): Signal[] {
  return Array.from({ length: count }, (_, i) =>
    param(`/midi/keys/ch/${Math.floor(i / 120)}/cc/${i % 120}`, integer(1)),
  );
}

function control(controller: number, value: number): MidiMessage {
  return { type: 'control', channel: 0, controller, value };
}

function scene() {
  const clock = new SimulatedClock();
  const left: string[] = [];
  const line = new MidiLine({
    clock,
    isPaced: true,
    send: ({ messages }) => left.push(...messages.map(wordsOf)),
  });
  return { clock, line, left };
}

function wordsOf(message: MidiMessage): string {
  if (message.type === 'control') return `control ${message.controller}=${message.value}`;
  if (message.type === 'note') return `note ${message.on}`;
  return message.type === 'program' ? `program ${message.program}` : message.type;
}
