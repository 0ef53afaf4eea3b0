import { chmodSync, writeFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { temporaryFolder } from '../../temporary-folder.ts';
import type { LanePlan } from '../lane.ts';
import { Tally } from '../tally.ts';

const framesPerSecond = 25;
const sampleRate = 48_000;
const seconds = 900;

/** A tape of libltc's making that plays where `arecord` would: this machine has no sound. Frame numbers come up; unplugged, the sound
 *  device is gone. */
export async function planLtc(): Promise<LanePlan> {
  const folder = temporaryFolder();
  const peer = join(folder, 'ltc-peer');
  execFileSync('cc', ['-O1', '-o', peer, 'test/fixtures/ltc-peer.c', '-lltc']);
  const tape = join(folder, 'tape');
  const count = String(seconds * framesPerSecond);
  const begin = `exec ${peer} gen ${framesPerSecond} ${sampleRate} ${count} 1 0 0 0 > ${tape}`;
  execFileSync('sh', ['-c', begin]);
  const arecord = join(folder, 'arecord');
  const cable = join(folder, 'cable');
  writeFileSync(cable, '');
  writeFileSync(arecord, playerOf(tape, cable));
  chmodSync(arecord, 0o755);
  return Promise.resolve({
    id: 'deck',
    env: { PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` },
    bridge: { kind: 'ltc', settings: { direction: 'in', sound: 'alsa', prefix: '/ltc', device: 'deck' } },
    begin: ({ hear }) => {
      const frames = new Tally('LTC, in', 'flow');
      let last = -1;
      hear('/ltc/deck/timecode/frame', (frame) => {
        // The tape is its own clock: its numbers are known when they come.
        if (frame !== last) frames.sent(frame);
        last = frame;
        frames.came(frame);
      });
      return Promise.resolve({
        tallies: [frames],
        perSecond: 1,
        turn: () => undefined,
        unplug: () => rm(cable),
        plug: () => writeFile(cable, ''),
      });
    },
  });
}

/** Plays a file in real time, as long as there is a cable. */
function playerOf(tape: string, cable: string): string {
  return `#!${process.execPath}
const { existsSync, openSync, readSync } = require('node:fs');
const tape = openSync(${JSON.stringify(tape)});
const begin = performance.now();
const bytesPerMs = ${(sampleRate * 2) / 1000};
let at = 0;
setInterval(() => {
  if (!existsSync(${JSON.stringify(cable)})) {
    console.error('arecord: main:831: audio open error: No such file or directory');
    process.exit(1);
  }
  const due = Math.floor((performance.now() - begin) * bytesPerMs) & ~1;
  const piece = Buffer.alloc(due - at);
  const read = readSync(tape, piece, 0, piece.length, at);
  at += read;
  process.stdout.write(piece.subarray(0, read));
}, 10);
`;
}
