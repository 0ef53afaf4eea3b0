import { describe, expect, it } from 'vitest';
import { LtcBridge } from '../../../src-main/bridges/ltc/ltc-bridge.ts';
import { parseAddress } from '../../../src-main/contract/address.ts';
import type { LtcBridge as LtcBridgeSettings } from '../../../src-main/contract/bridges/ltc.ts';
import { bool, f64, text, toJson, type Signal, type Value } from '../../../src-main/contract/signal.ts';
import { timecodeRates } from '../../../src-main/contract/timecode.ts';
import { LtcDecoder } from '../../../src-main/core/timecode/ltc-decoder.ts';
import { LtcEncoder } from '../../../src-main/core/timecode/ltc-encoder.ts';
import { formatTimecode, frameOf, framesPerSecond, timecodeOf } from '../../../src-main/core/timecode/timecode.ts';
import { RecordingHost } from '../../conformance/bridge.ts';
import { describeDeviceBridge } from '../../conformance/device-bridge.ts';
import { silentLog } from '../../silent-log.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { ltcSettings } from '../bridge-settings.ts';
import { FakeSoundPorts } from './fake-sound-ports.ts';

const sampleRate = 48_000;

describeDeviceBridge('LtcBridge', {
  prefix: '/ltc',
  sends: param('/ltc/deck/timecode/play', bool(true)),
  refuses: param('/ltc/deck/timecode/play', text('now')),
  make: (isThere) => {
    const sound = new FakeSoundPorts();
    sound.isThere = isThere;
    const clock = new SimulatedClock();
    return {
      bridge: new LtcBridge(ltcSettings({ direction: 'out' }), { clock, log: silentLog, soundPorts: sound }),
      plugIn: () => sound.plugIn(),
      unplug: () => sound.unplug(),
      pass: (ms) => clock.advanceAsync(ms),
      open: () => sound.open + clock.waiting,
      received: () => sound.played.length,
      close: () => Promise.resolve(),
    };
  },
});

describe('LTC bridge', () => {
  it.each(timecodeRates)(
    '[TC20] plays at %s where it was put, from the begin of a frame on, and silence while it stands',
    async (rate) => {
      const { bridge, clock, sound } = await open({ direction: 'out', rate, volume: 0.25 });
      await clock.advanceAsync(500);
      expect(new Set(sound.played)).toEqual(new Set([0]));
      const label = rate === '29.97df' ? '09:59:59;10' : '09:59:59:10';
      bridge.apply([param('/ltc/deck/timecode/locate', text(label)), param('/ltc/deck/timecode/play', bool(true))]);
      const from = sound.played.length;
      await clock.advanceAsync(4000);
      bridge.apply([param('/ltc/deck/timecode/play', bool(false))]);
      await clock.advanceAsync(200);
      const heard = decoded(sound.played.slice(from), rate);
      const put = frameOf({ hours: 9, minutes: 59, seconds: 59, frames: 10 }, rate);
      const first = heard[0]?.frame ?? 0;
      // Sound is made 40 ms ahead, and the first frame that is heard whole comes after that.
      expect(first - put).toBeGreaterThan(0);
      expect(first - put).toBeLessThan(4);
      const labels = heard.map((_, i) => formatTimecode(timecodeOf(first + i, rate), rate));
      expect(heard.map(({ label: each }) => each)).toEqual(labels);
      expect(heard.length).toBeGreaterThan(4 * framesPerSecond(rate) - 6);
      expect(sound.played.reduce((most, sample) => Math.max(most, sample))).toBeCloseTo(0.25, 2);
      expect(new Set(sound.played.slice(-480))).toEqual(new Set([0]));
      expect(bridge.status().outTotal).toBeGreaterThan(heard.length - 1);
    },
  );

  it('[TC20] plays for minutes without drift against the clock, and leaves nothing out', async () => {
    const { bridge, clock, sound } = await open({ direction: 'out', rate: '29.97df', sampleRate: 44_100 });
    bridge.apply([param('/ltc/deck/timecode/play', bool(true))]);
    let samples = 0;
    let tail: number[] = [];
    for (let minute = 0; minute < 3; minute++) {
      await clock.advanceAsync(60_000);
      samples += sound.played.length;
      tail = sound.played.slice(-44_100);
      sound.played = [];
    }
    // It is 40 ms ahead of the clock, and as much further as the last frame goes.
    expect(samples / 44_100).toBeGreaterThan(180.04 - 0.001);
    expect(samples / 44_100).toBeLessThan(180.04 + 0.035);
    const last = decoded(tail, '29.97df', 44_100).at(-1);
    const endsAt = samples / 44_100 - (tail.length - (last?.endSample ?? 0)) / 44_100;
    expect(((last?.frame ?? 0) + 1) / framesPerSecond('29.97df')).toBeCloseTo(endsAt, 2);
    expect(bridge.status().reason).toBe('Timecode out runs.');
  });

  it('[TC20] follows another timecode and goes along when that jumps', async () => {
    const { bridge, clock, sound } = await open({ direction: 'out', rate: '25' });
    const follow = async (from: number, frames: number): Promise<void> => {
      for (let i = 0; i < frames; i++) {
        bridge.apply([param('/ltc/deck/timecode/follow', f64((from + i) / 25))]);
        await clock.advanceAsync(40);
      }
    };
    await follow(1000, 100);
    await follow(50_000, 100);
    const frames = decoded(sound.played, '25').map(({ frame }) => frame);
    expect(frames.at(-1)).toBeGreaterThan(50_095);
    expect(frames.filter((frame) => frame < 2000).length).toBeGreaterThan(90);
    expect(frames.filter((frame) => frame >= 50_000).length).toBeGreaterThan(90);
  });

  it.each([0.5, 1.5, 2, -1, -0.5, -2])('[TC32] plays at %d times the speed of what it follows', async (speed) => {
    const { bridge, clock, sound } = await open({ direction: 'out', rate: '25', sampleRate: 44_100 });
    for (let i = 0; i < 200; i++) {
      bridge.apply([param('/ltc/deck/timecode/follow', f64((2000 + i * speed) / 25))]);
      await clock.advanceAsync(40);
    }
    const heard = decoded(sound.played, '25', 44_100);
    const frames = heard.map(({ frame }) => frame);
    const way = Math.sign(speed);
    expect(frames).toEqual(frames.map((_, i) => (frames[0] ?? 0) + i * way));
    expect(frames.length).toBeGreaterThan(200 * Math.abs(speed) - 12);
    expect(new Set(heard.map(({ backwards }) => backwards))).toEqual(new Set([speed < 0]));
    const last = heard.at(-1);
    // It is written 40 ms ahead, and up to the end of a frame.
    const playedAt = (last?.endSample ?? 0) / 44_100 / 0.04;
    const edge = (last?.frame ?? 0) + (speed < 0 ? 0 : 1);
    expect(Math.abs(edge - (2000 + playedAt * speed))).toBeLessThan(1);
  });

  it('[TC31] plays on where its timecode is by now once its sound device is back, and under new settings', async () => {
    const { bridge, clock, sound, host } = await open({ direction: 'out', rate: '25' });
    bridge.apply([param('/ltc/deck/timecode/locate', text('01:00:00:00'))]);
    bridge.apply([param('/ltc/deck/timecode/play', bool(true))]);
    await clock.advanceAsync(2000);
    sound.unplug();
    await clock.advanceAsync(10_000);
    sound.plugIn();
    await clock.advanceAsync(2000);
    const [first] = decoded(sound.played, '25');
    expect(first?.frame).toBeGreaterThan(90_000 + 12 * 25);
    expect(bridge.isState()).toBe(false);
    await bridge.stop();
    sound.played = [];
    const next = new LtcBridge(ltcSettings({ direction: 'out', rate: '24' }), {
      clock,
      log: silentLog,
      soundPorts: sound,
    });
    await next.start(host);
    await clock.advanceAsync(1000);
    await next.stop();
    expect(Math.abs((decoded(sound.played, '24')[0]?.frame ?? 0) - (3600 + 14) * 24)).toBeLessThan(4);
  });

  it.each(timecodeRates)('[TC21] finds out that it hears %s, and tells each frame where it is', async (rate) => {
    const { bridge, clock, sound, heard } = await open({ direction: 'in' });
    expect(bridge.status().reason).toBe('Listening; no timecode yet.');
    const encoder = new LtcEncoder({ rate, sampleRate, volume: 0.3 });
    for (let frame = 0; frame < 90; frame++) {
      sound.hear(encoder.encode(timecodeOf(36_000 + frame, rate)));
      await clock.advanceAsync(1000 / framesPerSecond(rate));
    }
    const lines = heard();
    expect(lines.findLast((line) => line.startsWith('timecode/rate'))).toBe(`timecode/rate "${rate}"`);
    expect(lines).toContain('timecode/state "locked"');
    const frames = lines.flatMap((line) => /^timecode\/frame (\d+)/.exec(line)?.[1] ?? []).map(Number);
    // The sound of a frame is there one frame after it began, as the sound says itself.
    expect(Math.abs((frames.at(-1) ?? 0) - 36_090)).toBeLessThanOrEqual(1);
    expect(new Set(frames).size).toBeGreaterThan(80);
    expect(bridge.status().reason).toContain(`at ${rate}, 0.0`);
    expect(bridge.status().seenAt).not.toBeNull();
  });

  it('[TC22] counts on when the sound stops, is lost after the freewheel, and says when a device gives no sound', async () => {
    const { bridge, clock, sound, heard } = await open({ direction: 'in', freewheelFrames: 20 });
    const encoder = new LtcEncoder({ rate: '25', sampleRate, volume: 0.3 });
    for (let frame = 0; frame < 50; frame++) {
      sound.hear(encoder.encode(timecodeOf(1000 + frame, '25')));
      await clock.advanceAsync(40);
    }
    await clock.advanceAsync(500);
    expect(heard()).toContain('timecode/state "freewheel"');
    expect(bridge.status().reason).toMatch(/^Freewheels at 00:00:4\d:\d\d at 25, \d+ frames left\.$/);
    await clock.advanceAsync(1000);
    expect(heard()).toContain('timecode/state "lost"');
    expect(bridge.status().state).toBe('connected');
    await clock.advanceAsync(1000);
    expect(bridge.status()).toMatchObject({ state: 'late', reason: 'The sound device gives no sound.' });
  });

  it('[TC22] refuses in words what it does not take, and leaves other devices alone', async () => {
    const { bridge } = await open({ direction: 'both' });
    const reason = (): string => bridge.status().reason;
    bridge.apply([param('/ltc/other/timecode/play', bool(true))]);
    expect(bridge.status().refusedTotal).toBe(0);
    bridge.apply([param('/ltc/deck/timecode/locate', f64(86_400))]);
    expect(reason()).toContain('A position is a timecode such as 01:02:03:04, or seconds since midnight.');
    bridge.apply([param('/ltc/deck/timecode', text('01:00:00:00'))]);
    expect(reason()).toContain('/ltc/deck/timecode: there is nothing of that address.');
  });

  it('[TC34] refuses to put or run a timecode where it only reads, and goes on reading', async () => {
    const { bridge, clock, sound, heard } = await open({ direction: 'in' });
    const encoder = new LtcEncoder({ rate: '25', sampleRate, volume: 0.3 });
    for (let frame = 0; frame < 50; frame++) {
      sound.hear(encoder.encode(timecodeOf(1000 + frame, '25')));
      await clock.advanceAsync(40);
      if (frame === 25) bridge.apply([param('/ltc/deck/timecode/locate', text('09:00:00:00'))]);
    }
    bridge.apply([param('/ltc/deck/timecode/play', bool(true))]);
    expect(bridge.status()).toMatchObject({
      state: 'connected',
      refusedTotal: 2,
      outTotal: 0,
      reason: expect.stringMatching(
        /^Locked to 00:00:42:\d\d .*Refused: \/ltc\/deck\/timecode\/play: it only reads timecode: its direction is in\.$/,
      ) as string,
    });
    expect(heard().filter((line) => line.startsWith('timecode "09'))).toEqual([]);
    await bridge.stop();
  });

  it('[TC40] tells which signal was refused and why, for 10 s', async () => {
    const { bridge, clock } = await open({ direction: 'out', rate: '29.97df' });
    bridge.apply([param('/ltc/deck/timecode/locate', text('00:01:00;00'))]);
    const refused = { address: '/ltc/deck/timecode/locate', why: 'There is no timecode 00:01:00;00 at 29.97df' };
    expect(bridge.status().refused).toEqual(refused);
    await clock.advanceAsync(10_001);
    expect(bridge.status().refused).toBeUndefined();
    await bridge.stop();
  });

  it('[TC23] says that a device is too slow, and that one of two is away', async () => {
    const { bridge, clock, sound, host } = await open({ direction: 'both', inputDevice: 'hw:1,0' });
    expect(bridge.status().url).toBe('hw:1,0 → default sound output');
    sound.isSlow = true;
    await clock.advanceAsync(100);
    expect(bridge.status().reason).toMatch(/The device was too slow \d+ times\./);
    sound.unplug();
    expect(bridge.status()).toMatchObject({
      state: 'broken',
      reason: 'The sound device is gone. Flyrail tries again every second.',
    });
    sound.plugIn();
    await clock.advanceAsync(1000);
    expect([bridge.status().state, host.returns]).toEqual(['connected', 1]);
  });

  it('[TC36] tries a device that stays away every 5 s after ten tries, and at once when a sound card comes', async () => {
    const { bridge, clock, sound } = await open({ direction: 'both' });
    sound.unplug();
    sound.tries = 0;
    for (let second = 0; second < 10; second++) await clock.advanceAsync(1000);
    expect(sound.tries).toBe(20);
    for (let second = 0; second < 50; second++) await clock.advanceAsync(1000);
    expect(sound.tries).toBe(40);
    expect(bridge.status().reason).toMatch(/Flyrail tries again every 5 s, and when a sound card is plugged in\.$/);
    sound.plugIn();
    await clock.advanceAsync(1000);
    expect(bridge.status().state).toBe('connected');
    sound.unplug();
    sound.tries = 0;
    await clock.advanceAsync(1000);
    expect(sound.tries).toBe(2);
    await bridge.stop();
  });
});

async function open(settings: Partial<LtcBridgeSettings['settings']> = {}) {
  const sound = new FakeSoundPorts();
  const clock = new SimulatedClock();
  const bridge = new LtcBridge(ltcSettings(settings), { clock, log: silentLog, soundPorts: sound });
  const host = new RecordingHost();
  await bridge.start(host);
  const heard = (): string[] =>
    host.published
      .splice(0)
      .map(({ address, value }) => `${address.replace('/ltc/deck/', '')} ${JSON.stringify(toJson(value))}`);
  return { bridge, clock, sound, host, heard };
}

function decoded(samples: readonly number[], rate: (typeof timecodeRates)[number], hertz = sampleRate) {
  const heard: { label: string; frame: number; endSample: number; backwards: boolean }[] = [];
  const decoder = new LtcDecoder(hertz, ({ timecode, endSample, backwards }) =>
    heard.push({ label: formatTimecode(timecode, rate), frame: frameOf(timecode, rate), endSample, backwards }),
  );
  decoder.feed(Float32Array.from(samples));
  return heard;
}

function param(address: string, value: Value): Signal {
  return { kind: 'param', address: parseAddress(address), value };
}
