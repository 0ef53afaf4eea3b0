import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, describe, expect, it } from 'vitest';
import { LtcBridge } from '../../src-main/bridges/ltc/ltc-bridge.ts';
import { pipedSound } from '../../src-main/bridges/ltc/piped-sound.ts';
import { parseAddress } from '../../src-main/contract/address.ts';
import type { LtcBridge as LtcBridgeSettings } from '../../src-main/contract/bridges/ltc.ts';
import { bool, text, toJson, type Value } from '../../src-main/contract/signal.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { ltcSettings } from '../bridges/bridge-settings.ts';
import { RecordingHost } from '../conformance/bridge.ts';
import { isRunning } from '../is-running.ts';
import { silentLog } from '../silent-log.ts';
import { skipUnless } from '../skip-unless.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { hasProgram, notInstalled } from './find-program.ts';

const bridges: LtcBridge[] = [];
afterEach(async () => {
  for (const bridge of bridges.splice(0)) await bridge.stop();
});

/** Programs in the place of the system's own. */
function programs(some: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, script] of Object.entries(some)) {
    writeFileSync(join(folder, name), script);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

function open(searchPath: string, settings: Partial<LtcBridgeSettings['settings']>) {
  const clock = createSystemClock();
  const show = ltcSettings(settings);
  const soundPorts = pipedSound({ clock, sound: 'auto', channel: show.settings.inputChannel, searchPath });
  const bridge = new LtcBridge(show, { clock, log: silentLog, soundPorts });
  bridges.push(bridge);
  const host = new RecordingHost();
  const last = (path: string): unknown => {
    const signal = host.published.findLast(({ address }) => address === `/ltc/deck/${path}`);
    return signal && toJson(signal.value);
  };
  const set = (path: string, value: Value): void =>
    bridge.apply([{ kind: 'param', address: parseAddress(`/ltc/deck/${path}`), value }]);
  return { bridge, host, last, set };
}

describe('LTC through the pipes of sound programs', () => {
  skipUnless(process.platform === 'linux', 'stands in for the programs of Linux');
  skipUnless(hasProgram('cc') && existsSync('/usr/include/ltc.h'), notInstalled('libltc', 'libltc-dev'));
  const peer = (): string => {
    const path = join(temporaryFolder(), 'ltc-peer');
    execFileSync('cc', ['-O1', '-o', path, 'test/fixtures/ltc-peer.c', '-lltc']);
    return path;
  };

  it("[TC25] locks to libltc's sound as a recording program brings it, and is lost when it ends", async () => {
    const tape = execFileSync(peer(), ['gen', '25', '48000', '100', '1', '0', '0', '0'], { maxBuffer: 2 ** 24 });
    const file = join(temporaryFolder(), 'tape');
    writeFileSync(file, tape);
    // In real time, in pieces of odd sizes; once, since Flyrail starts the program again at once.
    const player = `#!${process.execPath}
      const { existsSync, readFileSync, rmSync } = require('node:fs');
      const file = ${JSON.stringify(file)};
      const tape = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
      const begin = performance.now();
      let at = 0;
      const timer = setInterval(() => {
        const due = Math.min(tape.length, Math.floor((performance.now() - begin) * 96) | 1);
        if (due > at) process.stdout.write(tape.subarray(at, due));
        at = due;
        if (at >= tape.length) { clearInterval(timer); rmSync(file, { force: true }); process.stderr.write('overrun\\nthe cable was pulled\\n'); }
      }, 10);`;
    const { bridge, host, last } = open(programs({ arecord: player }), { direction: 'in', freewheelFrames: 5 });
    await bridge.start(host);
    await until('the lock', () => last('timecode/state') === 'locked');
    expect(bridge.status().state).toBe('connected');
    await until('the end of the tape', () => last('timecode/state') === 'lost');
    expect(last('timecode/rate')).toBe('25');
    expect(Number(last('timecode/frame'))).toBeGreaterThan(90_095);
    expect(Number(last('timecode/frame'))).toBeLessThan(90_120);
    await until('word of the end', () => bridge.status().state === 'broken', 10_000);
    expect(bridge.status().reason).toContain(
      'look at the sound device and its cable. arecord said: the cable was pulled.',
    );
  });

  it('[TC25] locks to the channel that is named, while the other one has loud music', async () => {
    const tape = execFileSync(peer(), ['gen', '25', '48000', '200', '1', '0', '0', '0'], { maxBuffer: 2 ** 24 });
    const file = join(temporaryFolder(), 'tape');
    const both = Buffer.alloc(tape.length * 2);
    for (let at = 0; at + 1 < tape.length; at += 2) {
      both.writeInt16LE(Math.round(30_000 * Math.sin(at * at)), at * 2);
      both.writeInt16LE(tape.readInt16LE(at), at * 2 + 2);
    }
    writeFileSync(file, both);
    const player = `#!${process.execPath}
      if (!process.argv.join(' ').includes('-c 2 ')) process.exit(1);
      const tape = require('node:fs').readFileSync(${JSON.stringify(file)});
      let at = 0;
      const begin = performance.now();
      setInterval(() => {
        const due = Math.min(tape.length, Math.floor((performance.now() - begin) * 192) | 1);
        if (due > at) process.stdout.write(tape.subarray(at, due));
        at = due;
      }, 10);`;
    const right = open(programs({ arecord: player }), { direction: 'in', inputChannel: 'right' });
    const left = open(programs({ arecord: player }), { direction: 'in', inputChannel: 'left' });
    await Promise.all([right.bridge.start(right.host), left.bridge.start(left.host)]);
    await until('the lock', () => right.last('timecode/state') === 'locked');
    expect(left.bridge.status().reason).toContain('no timecode yet');
  });

  it('[TC25] is read by libltc as a playing program gets it', async () => {
    const file = join(temporaryFolder(), 'played');
    const { bridge, host, set } = open(programs({ aplay: `#!/bin/sh\nexec cat >${file}\n` }), {
      direction: 'out',
      rate: '29.97df',
    });
    await bridge.start(host);
    set('timecode/locate', text('00:00:59;00'));
    set('timecode/play', bool(true));
    await until('two seconds of sound', () => existsSync(file) && readFileSync(file).length > 48_000 * 2 * 3, 15_000);
    await bridge.stop();
    const lines = execFileSync(peer(), ['dump', '29.97df', '48000'], { input: readFileSync(file), encoding: 'utf8' });
    const labels = lines.split('\n').map((line) => line.split(' ')[0]);
    const begin = labels.indexOf('00:00:59;28');
    expect(labels.slice(begin, begin + 5)).toEqual([
      '00:00:59;28',
      '00:00:59;29',
      '00:01:00;02',
      '00:01:00;03',
      '00:01:00;04',
    ]);
    expect(bridge.status().refusedTotal).toBe(0);
  });

  it('[TC26] says what a program said that cannot use its device, tries again, and comes back by itself', async () => {
    const door = join(temporaryFolder(), 'card');
    const script = `#!/bin/sh\n[ -e ${door} ] || { echo "ALSA: audio open error: No such file" >&2; exit 1; }\nexec cat >/dev/null\n`;
    const { bridge, host } = open(programs({ aplay: script }), { direction: 'out' });
    await bridge.start(host);
    expect(bridge.status()).toMatchObject({
      state: 'broken',
      reason:
        'This machine has no sound device now: plug it in, or choose one that aplay -L prints. ' +
        'aplay said: ALSA: audio open error: No such file. Flyrail tries again every second.',
    });
    writeFileSync(door, '');
    await until('the device', () => bridge.status().state === 'connected', 5000);
    expect(host.returns).toBe(1);
  });

  it('[TC26] ends a program that does not want to, and names a machine without any', async () => {
    const file = join(temporaryFolder(), 'pid');
    const stubborn = `#!/bin/sh\ntrap '' TERM\necho $$ >${file}\nwhile :; do sleep 0.1; done\n`;
    const { bridge, host } = open(programs({ arecord: stubborn }), { direction: 'in' });
    await bridge.start(host);
    await until('the program', () => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'));
    const pid = Number(readFileSync(file, 'utf8'));
    expect(isRunning(pid)).toBe(true);
    await bridge.stop();
    expect(isRunning(pid)).toBe(false);
    const none = open('/nowhere', { direction: 'both' });
    await none.bridge.start(none.host);
    expect(none.bridge.status().state).toBe('broken');
    expect(none.bridge.status().reason).toContain('This machine has no program for sound');
  });
});
