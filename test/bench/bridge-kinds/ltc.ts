import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { LtcDecoder } from '../../../src-main/core/timecode/ltc-decoder.ts';
import { LtcEncoder } from '../../../src-main/core/timecode/ltc-encoder.ts';
import { timecodeOf } from '../../../src-main/core/timecode/timecode.ts';
import { soundSockets } from '../stand-ins/sound-programs.ts';
import type { FarEnd, OverheadKind } from './overhead-kind.ts';

const rate = '25';
const [framesPerSecond, sampleRate] = [25, 48_000];
/** As `arecord` brings it for Flyrail. */
const blockMs = 10;
/** 01:00:00:00 */
const firstFrame = 90_000;
const sound = { prefix: '/ltc', sound: 'alsa', sampleRate, rate } as const;
const left =
  'In the place of `arecord` and `aplay` stand programs of the bench (socat and a socket): sound cards and what ALSA holds back, about ' +
  '200 ms with `aplay`, are not measured.';

/** A tape that runs by its own clock. How far from a frame's begin in the sound its number is told. */
export const ltcChase: OverheadKind = {
  kind: 'ltc-chase',
  bridge: { kind: 'ltc', settings: { ...sound, direction: 'in', device: 'tape' } },
  addresses: { in: '/ltc/tape/timecode/frame' },
  perSecond: framesPerSecond,
  note: `ltc-chase: 25 frames a second of a tape, and how far from where each begins in the sound it is told. ${left}`,
  open: async () => {
    const { server, close } = await listenAt(soundSockets.record);
    let begin = 0;
    let timer: NodeJS.Timeout | undefined;
    server.on('connection', (socket: Socket) => {
      clearInterval(timer);
      begin = performance.now();
      timer = playTo(socket, begin);
    });
    const end: FarEnd = {
      send: () => undefined,
      dueAt: (frame) => begin + ((frame - firstFrame) * 1000) / framesPerSecond,
      onNumber: () => undefined,
      close: () => {
        clearInterval(timer);
        close();
      },
    };
    return end;
  },
};

/** Timecode that is put somewhere else again and again while it runs: when the first frame from there has been played. */
export const ltcLocate: OverheadKind = {
  kind: 'ltc-locate',
  bridge: { kind: 'ltc', settings: { ...sound, direction: 'out', device: 'reader' } },
  addresses: { out: '/ltc/reader/timecode/locate' },
  perSecond: 5,
  startsBy: '/ltc/reader/timecode/play',
  note: `ltc-locate: 5 positions a second for a timecode that runs, until the first whole frame from there is in the sound, which takes a frame of 40 ms and is made 40 ms ahead. ${left}`,
  open: async () => {
    const { server, close } = await listenAt(soundSockets.play);
    const end: FarEnd = {
      send: () => undefined,
      onNumber: () => undefined,
      close,
    };
    server.on('connection', (socket: Socket) => {
      const decoder = new LtcDecoder(sampleRate, ({ timecode: { hours, minutes, seconds } }) =>
        end.onNumber((hours * 60 + minutes) * 60 + seconds),
      );
      let rest: Buffer = Buffer.alloc(0);
      socket.on('data', (chunk: Buffer) => {
        const bytes = Buffer.concat([rest, chunk]);
        rest = bytes.subarray(bytes.length & ~1);
        decoder.feed(Float32Array.from({ length: bytes.length >> 1 }, (_, i) => bytes.readInt16LE(i * 2) / 32_768));
      });
    });
    return end;
  },
};

/** Plays the tape as a sound card does: by the clock, in blocks. */
function playTo(socket: Socket, begin: number): NodeJS.Timeout {
  const encoder = new LtcEncoder({ rate, sampleRate, volume: 0.5 });
  let frame = firstFrame;
  let made: number[] = [];
  let played = 0;
  return setInterval(() => {
    const due = Math.floor(((performance.now() - begin) * sampleRate) / 1000) - played;
    while (made.length < due) made.push(...encoder.encode(timecodeOf(frame++, rate)));
    const block = Buffer.alloc(due * 2);
    for (let i = 0; i < due; i++) block.writeInt16LE(Math.round((made[i] ?? 0) * 32_767), i * 2);
    made = made.slice(due);
    played += due;
    if (socket.writable) socket.write(block);
  }, blockMs);
}

interface Listening {
  readonly server: Server;
  /** the programs at it end by that */
  close(): void;
}

async function listenAt(path: string): Promise<Listening> {
  rmSync(path, { force: true });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    sockets.add(socket);
  }).listen(path);
  await once(server, 'listening');
  return {
    server,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      rmSync(path, { force: true });
    },
  };
}
