import { describe, expect, it } from 'vitest';
import { bool, f64, text, toJson } from '../../../src-main/contract/signal.ts';
import { fullFrame, quarterFrame } from '../../../src-main/core/timecode/mtc.ts';
import { timecodeOf } from '../../../src-main/core/timecode/timecode.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import type { FakeMidiPorts } from './fake-midi-ports.ts';
import { open, param, plugged } from './midi-scene.ts';

describe('clock and timecode of a MIDI bridge', () => {
  it('[MI12] reports tempo, jitter and beats of the clock that comes in, and each clock where it is told so', async () => {
    const { bridge, clock, ports, heard } = await open({ clockTicks: true });
    ports.play(0xfa);
    for (let tick = 0; tick < 24 * 8; tick++) {
      ports.play(0xf8);
      clock.advance(60_000 / 120 / 24 + (tick % 2 ? 0.4 : -0.4));
    }
    const lines = heard();
    expect(lines.filter((line) => line.startsWith('event beat'))).toEqual(
      Array.from({ length: 8 }, (_, beat) => `event beat ${beat}`),
    );
    expect(lines.filter((line) => line === 'event clock true')).toHaveLength(192);
    expect(Number(lines.findLast((line) => line.startsWith('param clock/bpm'))?.split(' ')[2])).toBeCloseTo(120, 0);
    expect(Number(lines.findLast((line) => line.startsWith('param clock/jitter'))?.split(' ')[2])).toBeCloseTo(0.4, 1);
    expect(bridge.status().reason).toMatch(/Clock in 1(20\.\d|19\.\d) bpm, jitter 0\.4 ms, 99 % within 0\.4 ms\./);
    clock.advance(500);
    expect(bridge.status().reason).not.toContain('Clock in');
  });

  it('[MI26] tells a tempo of 0 once the clock that comes in stopped, or its input went, once each', async () => {
    const { bridge, clock, ports, heard } = await open();
    const play = (ticks: number): void => {
      for (let tick = 0; tick < ticks; tick++) {
        ports.play(0xf8);
        clock.advance(20);
      }
    };
    const tempos = (): string[] => heard().filter((line) => line.startsWith('param clock/bpm'));
    play(96);
    expect(tempos().at(-1)).toBe('param clock/bpm 125');
    await clock.advanceAsync(2000);
    expect([tempos(), clock.waiting]).toEqual([['param clock/bpm 0'], 1]);
    play(96);
    heard();
    await bridge.stop();
    expect([tempos(), clock.waiting]).toEqual([['param clock/bpm 0'], 0]);
    const few = await open();
    few.ports.play(0xf8, 0xf8);
    few.clock.advance(2000);
    expect(few.heard()).toEqual(['event beat 0']);
  });

  it('[MI13] sends clock without drift, at the tempo that is set, while the output is there', async () => {
    const { bridge, clock, ports } = await open({ sendClock: true, tempo: 120 });
    await clock.advanceAsync(60_000);
    expect(ports.takeSent().filter(([byte]) => byte === 0xf8)).toHaveLength(120 * 24);
    bridge.apply([param('/midi/keys/tempo', f64(90))]);
    clock.advance(60_000);
    expect(ports.takeSent().length).toBe(90 * 24);
    expect(bridge.status().reason).toContain('Clock out 90.0 bpm, 99 % within 0.0 ms.');
    bridge.apply([param('/midi/keys/tempo', f64(5)), param('/midi/keys/tempo', text('fast'))]);
    expect(bridge.status()).toMatchObject({ refusedTotal: 2 });
    expect(bridge.status().reason).toContain('/midi/keys/tempo: a tempo is 20 to 400 bpm');
    const without = await open();
    without.bridge.apply([param('/midi/keys/tempo', f64(90))]);
    expect(without.bridge.status().reason).toContain('sending clock is switched off');
  });

  it('[MI14] follows MTC that comes in, through its freewheel, and shows where it was put', async () => {
    const { bridge, clock, ports, heard } = await open({ freewheelFrames: 25 });
    ports.play(...fullFrame({ timecode: { hours: 1, minutes: 0, seconds: 0, frames: 0 }, rate: '25' }));
    expect(heard()).toEqual(
      expect.arrayContaining([
        'param timecode "01:00:00:00"',
        'param timecode/state "lost"',
        'param timecode/rate "25"',
      ]),
    );
    playMtc(ports, clock, 90_000, 50);
    const lines = heard();
    expect(lines).toContain('param timecode/state "locked"');
    expect(lines.findLast((line) => line.startsWith('param timecode "'))).toBe('param timecode "01:00:02:00"');
    expect(lines).toContain('param timecode/frame 90050');
    expect(bridge.status().reason).toMatch(/Locked to 01:00:0[12]:\d\d at 25, 0\.\d\d frames off\./);
    // Each frame is told once, in its order.
    const frames = lines.flatMap((line) => /^param timecode\/frame (\d+)/.exec(line)?.[1] ?? []).map(Number);
    expect(frames).toEqual(frames.toSorted((a, b) => a - b));
    expect(frames.length).toBeGreaterThan(38);
    clock.advance(600);
    expect(heard()).toContain('param timecode/state "freewheel"');
    clock.advance(2000);
    expect(heard().at(-2)).toBe('param timecode/state "lost"');
    await clock.advanceAsync(0);
    expect(clock.waiting).toBe(1);
    expect(bridge.status().reason).toMatch(/No timecode; it was at 01:00:03:\d\d at 25\./);
  });

  it('[MI15] sends MTC of a position that is put, runs and stops, each quarter frame at its time', async () => {
    const { bridge, clock, ports } = await open({ sendTimecode: true, timecodeRate: '25' });
    await clock.advanceAsync(5000);
    expect(ports.takeSent()).toEqual([]);
    bridge.apply([param('/midi/keys/timecode/locate', text('01:00:00:00'))]);
    expect(ports.takeSent()).toEqual([[...fullFrame({ timecode: timecodeOf(90_000, '25'), rate: '25' })]]);
    bridge.apply([param('/midi/keys/timecode/play', bool(true))]);
    ports.takeSent();
    clock.advance(1999.9);
    const quarters = ports.takeSent();
    expect(quarters).toEqual(
      Array.from({ length: 200 }, (_, quarter) => {
        const named = timecodeOf(90_000 + 2 * Math.floor(quarter / 8), '25');
        return [0xf1, quarterFrame({ timecode: named, rate: '25' }, quarter % 8)];
      }),
    );
    expect(bridge.status().reason).toContain('Timecode out, 99 % within 0.0 ms.');
    bridge.apply([param('/midi/keys/timecode/play', bool(false))]);
    expect(ports.takeSent()[0]).toEqual([...fullFrame({ timecode: timecodeOf(90_049, '25'), rate: '25' })]);
    clock.advance(1000);
    expect(ports.takeSent()).toEqual([]);
    bridge.apply([param('/midi/keys/timecode/locate', text('nowhere'))]);
    expect(bridge.status().reason).toContain('A timecode is written 01:02:03:04, not nowhere');
  });

  it('[MI27] tells an output that is back where its timecode is by now, and one that follows this bridge too', async () => {
    const sends = { input: '', sendTimecode: true, timecodeRate: '25' } as const;
    const { bridge, clock, host, ports } = await open(sends);
    bridge.apply([param('/midi/keys/timecode/locate', text('01:00:00:00'))]);
    bridge.apply([param('/midi/keys/timecode/play', bool(true))]);
    await clock.advanceAsync(2000);
    ports.outputs = [];
    await clock.advanceAsync(8000);
    ports.takeSent();
    ports.outputs = [plugged];
    await clock.advanceAsync(1000);
    const full = (frame: number, rate: '25' | '30'): number[] => [
      ...fullFrame({ timecode: timecodeOf(frame, rate), rate }),
    ];
    expect(ports.takeSent()[0]).toEqual(full(90_000 + 11 * 25, '25'));
    await bridge.stop();
    const next = await open({ ...sends, timecodeRate: '30' }, { clock, before: host });
    expect(next.ports.takeSent()[0]).toEqual(full(108_000 + 11 * 30, '30'));
    clock.advance(1000);
    expect(next.ports.takeSent().length).toBeGreaterThan(110);
    next.bridge.apply([param('/midi/keys/timecode/play', bool(false))]);
    await next.bridge.stop();
    const standing = await open(sends, { clock, before: host });
    expect(standing.ports.takeSent()).toEqual([full(90_000 + 12 * 25, '25')]);
    clock.advance(1000);
    expect(standing.ports.takeSent()).toEqual([]);
  });

  it('[TC8] follows another timecode with its MTC, and what chases that is within a frame of it', async () => {
    const { bridge, clock, ports } = await open({ sendTimecode: true, timecodeRate: '30' });
    const chaser = await open({ input: 'Keys MIDI 1', output: '' }, { clock });
    for (let frame = 0; frame < 300; frame++) {
      bridge.apply([param('/midi/keys/timecode/follow', f64((50_000 + frame) / 30))]);
      for (let step = 0; step < 4; step++) {
        clock.advance(1000 / 30 / 4);
        for (const bytes of ports.takeSent()) chaser.ports.play(...bytes);
      }
    }
    const frames = chaser.heard().flatMap((line) => /^param timecode\/frame (\d+)/.exec(line)?.[1] ?? []);
    expect(Math.abs(Number(frames.at(-1)) - 50_299)).toBeLessThanOrEqual(1);
    expect(frames.length).toBeGreaterThan(250);
    clock.advance(3000);
    expect(ports.takeSent().at(-1)?.[0]).toBe(0xf0);
  });

  it.each([0.5, 1.5, 2, -1, -0.5])('[MI31] sends MTC at %d times the speed of what it follows', async (speed) => {
    const { bridge, clock, ports } = await open({ sendTimecode: true, timecodeRate: '25' });
    const chaser = await open({ output: '' }, { clock });
    let jumps = 0;
    let worst = 0;
    for (let i = 0; i < 250; i++) {
      const frame = 100 + (250 + i) * speed;
      bridge.apply([param('/midi/keys/timecode/follow', f64((frame + 2000) / 25))]);
      for (let step = 0; step < 8; step++) {
        clock.advance(5);
        for (const bytes of ports.takeSent()) {
          if (bytes[0] === 0xf0 && i > 5) jumps++;
          chaser.ports.play(...bytes);
        }
      }
      const at = chaser.host.published.findLast(({ address }) => address.endsWith('/frame'))?.value;
      if (i > 50) worst = Math.max(worst, Math.abs(Number(at && toJson(at)) + 0.5 - (frame + speed + 2000)));
    }
    expect([jumps, worst < 1 + Math.abs(speed)]).toEqual([0, true]);
    expect(chaser.heard().findLast((line) => line.startsWith('param timecode/speed'))).toBe(
      `param timecode/speed ${speed}`,
    );
    expect(chaser.bridge.status().reason).toContain('Locked');
  });
});

/** Plays quarter frames as a tape at 25 frames a second gives them. */
function playMtc(ports: FakeMidiPorts, clock: SimulatedClock, from: number, frames: number): void {
  for (let quarter = 0; quarter < frames * 4; quarter++) {
    const named = timecodeOf(from + 2 * Math.floor(quarter / 8), '25');
    ports.play(0xf1, quarterFrame({ timecode: named, rate: '25' }, quarter % 8));
    clock.advance(10);
  }
}
