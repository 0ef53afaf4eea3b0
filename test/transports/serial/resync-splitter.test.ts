import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { f64 } from '../../../src-main/contract/signal.ts';
import { millis } from '../../../src-main/contract/units.ts';
import { decodeFrame, encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { bytesOfFrame } from '../../../src-main/ports/placed-frame.ts';
import { farewell } from '../../../src-main/transports/serial/farewell.ts';
import { ResyncSplitter } from '../../../src-main/transports/serial/resync-splitter.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { asEvent } from './serial-trunk.ts';

const byteMs = 10_000 / 115_200;

class Bench {
  readonly clock = new SimulatedClock();
  readonly frames: string[] = [];
  skippedBytes = 0;
  readonly splitter = new ResyncSplitter({
    clock: this.clock,
    silentMs: millis(250),
    transferMs: (bytes) => millis(bytes * byteMs),
    onFrame: (frame) => this.frames.push(hex(bytesOfFrame(frame))),
    onSkipped: (bytes) => (this.skippedBytes += bytes),
  });

  /** A copy: chunks belong to the splitter. */
  read(bytes: Uint8Array): void {
    this.splitter.read(Buffer.from(bytes));
  }

  silence(): void {
    this.clock.advance(400);
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const fader = (n: number): Uint8Array =>
  encodeFrame({ type: messageType.set, address: parseAddress(`/fader/${n}`), value: WireValue.of(f64(n)) }).slice();

const good = fc.oneof(
  fc.nat(1000).map(fader),
  fc.uint8Array({ maxLength: 60 }).map(asEvent),
  fc.constantFrom(farewell, encodeFrame({ type: messageType.ping }).slice()),
);
const noise = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 40 }),
  fc
    .array(fc.constantFrom(0x53, 0x01, 0x41, 0x81, 0x21, 0x00, 0xff, 0x20), { minLength: 1, maxLength: 30 })
    .map((list) => Uint8Array.from(list)),
  fc.tuple(good, fc.nat(70)).map(([frame, cut]) => frame.subarray(0, 1 + (cut % (frame.length - 1)))),
);

describe('frames on a line with noise', () => {
  it('[TP63] are all found, in order, where noise is followed by silence; wherever chunks end', () => {
    const piece = fc.record({ noise: fc.option(noise, { nil: undefined }), frames: fc.array(good, { maxLength: 5 }) });
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 64 }),
        (pieces, chunkBytes) => {
          const bench = new Bench();
          const wanted: string[] = [];
          for (const { noise: bytes, frames } of pieces) {
            if (bytes) {
              const before = bench.frames.length;
              bench.read(bytes);
              bench.silence();
              // Noise may be a frame by chance.
              wanted.push(...bench.frames.slice(before));
            }
            const all = Buffer.concat(frames);
            for (let at = 0; at < all.length; at += chunkBytes) bench.read(all.subarray(at, at + chunkBytes));
            // A frame whose end looks like a beginning waits for what follows it.
            bench.silence();
            wanted.push(...frames.map(hex));
            expect(bench.frames).toEqual(wanted);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('[TP63] are found without a silence too, all that begin behind what a frame that was cut would have taken', () => {
    fc.assert(
      fc.property(good, fc.nat(200), fc.nat(200), (cutFrame, cut, first) => {
        const bench = new Bench();
        bench.read(cutFrame.subarray(0, 1 + (cut % (cutFrame.length - 1))));
        const sent = Array.from({ length: 40 }, (_, n) => fader(first + n));
        let behind = 0;
        const sure: string[] = [];
        for (const frame of sent) {
          if (behind >= cutFrame.length) sure.push(hex(frame));
          behind += frame.length;
          bench.read(frame);
        }
        expect(sure.length).toBeGreaterThan(30);
        expect(bench.frames.slice(-sure.length)).toEqual(sure);
      }),
      { numRuns: 500 },
    );
  });

  it.each([1, 3, 9, 10, 17, 23])('[TP63] are told from one that lost its bytes from %i on, and took theirs', (cut) => {
    const [lost, next] = [fader(1), fader(2)];
    for (const chunkBytes of [1, 5, 1000]) {
      const bench = new Bench();
      const all = Buffer.concat([lost.subarray(0, cut), next, next]);
      for (let at = 0; at < all.length; at += chunkBytes) bench.read(all.subarray(at, at + chunkBytes));
      bench.silence();
      // In crumbs it cannot be seen that the next one begins in its last bytes.
      const isSeen = cut < lost.length - 4 || chunkBytes === 1000;
      if (isSeen) expect(bench.frames).toEqual([hex(next), hex(next)]);
      else expect(bench.frames.at(-1)).toBe(hex(next));
    }
  });

  it('[TP65] are all that is given out: what noise delivers is a frame that stood there, and every byte is counted once', () => {
    const wild = fc.oneof(noise, good, fc.uint8Array({ minLength: 1, maxLength: 400 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(wild, fc.boolean()), { maxLength: 20 }), (pieces) => {
        const bench = new Bench();
        for (const [bytes, isQuiet] of pieces) {
          bench.read(bytes);
          if (isQuiet) bench.silence();
        }
        bench.silence();
        const all = hex(Buffer.concat(pieces.map(([bytes]) => bytes)));
        let from = 0;
        for (const frame of bench.frames) {
          if (frame !== hex(farewell)) expect(() => decodeFrame(Buffer.from(frame, 'hex'))).not.toThrow();
          from = all.indexOf(frame, from);
          expect(from).toBeGreaterThanOrEqual(0);
          from += frame.length;
        }
        const foundBytes = bench.frames.reduce((sum, frame) => sum + frame.length / 2, 0);
        expect(foundBytes + bench.skippedBytes).toBe(all.length / 2);
        expect(bench.clock.waiting).toBe(0);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a frame whose rest does not come', () => {
  const cut = asEvent(new Uint8Array(60_000).fill(0x20)).subarray(0, 300);

  it('[TP64] is given up after 250 ms of silence, and what stood behind its beginning is given out', () => {
    const bench = new Bench();
    bench.read(Buffer.concat([cut, fader(1), fader(2)]));
    bench.clock.advance(249);
    expect(bench.frames).toEqual([]);
    bench.clock.advance(130);
    expect(bench.frames).toEqual([fader(1), fader(2)].map(hex));
    expect(bench.skippedBytes).toBe(cut.length);
  });

  // Found by seed -1247374796: it holds what looks like a frame that ends one byte behind it.
  const telling = asEvent(Uint8Array.of(0x53, 0x00, 0x00, 0x02, 0x20));

  it('[TP64] is not one that is whole and holds what looks like a beginning: the silence gives it out', () => {
    const bench = new Bench();
    bench.read(telling);
    bench.silence();
    expect([bench.frames, bench.skippedBytes]).toEqual([[hex(telling)], 0]);
  });

  it('[TP64] is not one that is whole where what looks like a beginning in it is waited for in vain, as bytes trickle', () => {
    const bench = new Bench();
    const long = asEvent(Uint8Array.of(...asEvent(new Uint8Array(1000).fill(0x20)).subarray(0, 60)));
    bench.read(long);
    for (let sent = 0; sent < 10; sent++) {
      bench.read(Uint8Array.of(0x20));
      bench.clock.advance(100);
    }
    bench.silence();
    expect([bench.frames, bench.skippedBytes]).toEqual([[hex(long)], 10]);
  });

  it('[TP64] waits as long as bytes come, and goes on where they stopped', () => {
    const bench = new Bench();
    const frame = asEvent(new Uint8Array(60));
    for (const byte of frame) {
      bench.clock.advance(2);
      bench.read(Uint8Array.of(byte));
    }
    expect(bench.frames).toEqual([hex(frame)]);
    expect(bench.clock.waiting).toBe(0);
  });

  it('[TP64] delays what follows without a pause no longer than four times what the line takes for it, and loses none of that', () => {
    const bench = new Bench();
    bench.read(cut);
    const most = 250 + 4 * 60_100 * byteMs + 250;
    let sent = 0;
    for (let passedMs = 0; passedMs < most; passedMs += 100) {
      bench.read(fader(sent++));
      bench.clock.advance(100);
    }
    expect(bench.frames.length).toBeGreaterThan(sent - 3);
    bench.read(fader(sent++));
    expect(bench.frames).toEqual(Array.from({ length: sent }, (_, n) => hex(fader(n))));
  });

  it('[TP64] is not given up while nobody reads, nor after a process that got no time', () => {
    const bench = new Bench();
    const frame = asEvent(new Uint8Array(60));
    bench.read(frame.subarray(0, 30));
    bench.splitter.pause();
    bench.clock.advance(10_000);
    bench.splitter.resume();
    bench.clock.jump(10_000);
    bench.clock.advance(1);
    bench.read(frame.subarray(30));
    expect(bench.frames).toEqual([hex(frame)]);
  });
});
