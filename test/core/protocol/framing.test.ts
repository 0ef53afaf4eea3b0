import type { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import * as ws from 'ws';
import { encodeOnSlab } from '../../../src-main/core/protocol/frame.ts';
import type { PlacedFrame } from '../../../src-main/ports/placed-frame.ts';
import { frameAllFor, frameFor } from '../../../src-main/core/protocol/framing.ts';
import { messageType, type Message } from '../../../src-main/core/protocol/messages.ts';
import { toHex } from './plain-message.ts';

// The types of ws leave its parser out.
const Receiver = Reflect.get(ws, 'Receiver') as new (options: object) => Writable;
const sizes = [1, 125, 126, 127, 65_535, 65_536, 65_547];

describe('framing', () => {
  it.each(sizes)('[PR17] makes a WebSocket message of %i bytes that the library ws reads', async (size) => {
    const frame = Uint8Array.from({ length: size }, (_, i) => i % 251);
    expect(toHex(await readByWs(frameFor('websocket', frame)))).toBe(toHex(frame));
  });

  it.each(sizes)('[PR17] puts the length in front of %i bytes', (size) => {
    const framed = frameFor('length32', new Uint8Array(size).fill(7));
    expect(new DataView(framed.buffer, framed.byteOffset).getUint32(0)).toBe(size);
    expect(framed.subarray(4).every((byte) => byte === 7)).toBe(true);
    expect(framed).toHaveLength(size + 4);
  });

  it.each(['websocket', 'length32', 'none'] as const)(
    '[PR17] joins frames for %s as it makes single ones',
    (framing) => {
      const frames = [...sizes, 48, 49, 0].map((size) => Uint8Array.from({ length: size }, (_, i) => i % 251));
      const slab = new Uint8Array(80_000);
      for (const frame of frames) {
        slab.set(frame, 100);
        const place = { slab, from: 100, start: 100, end: 100 + frame.length };
        expect(toHex(frameAllFor(framing, [place]))).toBe(toHex(frameFor(framing, frame)));
      }
      const places = [1, 125, 126, 70_000].map((end) => ({ slab, from: 0, start: 0, end }));
      const singly = places.map(({ end }) => Buffer.from(frameFor(framing, slab.subarray(0, end))));
      expect(toHex(frameAllFor(framing, places))).toBe(toHex(Buffer.concat(singly)));
    },
  );

  it('[RT221] takes what lies side by side as one, and much of it without copying', () => {
    const few = Array.from({ length: 10 }, (_, n) => encodeOnSlab(message(n)));
    const many = Array.from({ length: 1000 }, (_, n) => encodeOnSlab(message(n)));
    const long = encodeOnSlab(message(1, 'x'.repeat(200)));
    const singly = (frames: readonly PlacedFrame[]): string =>
      toHex(Buffer.concat(frames.map(({ slab, start, end }) => frameFor('websocket', slab.subarray(start, end)))));
    const shuffled = [...many].sort((left, right) => (left.start % 7) - (right.start % 7));
    for (const frames of [few, many, [long], [...few, long, ...many], shuffled, many.filter((_, n) => n % 3 > 0)])
      expect(toHex(frameAllFor('websocket', frames))).toBe(singly(frames));
    const joined = onOneSlab(many);
    expect(frameAllFor('websocket', joined).buffer).toBe(joined[0]?.slab.buffer);
    expect(frameAllFor('websocket', few).buffer).not.toBe(few[0]?.slab.buffer);
  });

  it('[RT221] finds frames for one peer side by side, however many for others come between', () => {
    const own: PlacedFrame[] = [];
    for (let n = 0; n < 500; n++) {
      own.push(encodeOnSlab(message(n), { isForOne: true }));
      encodeOnSlab(message(n));
    }
    const joined = onOneSlab(own);
    expect(frameAllFor('websocket', joined).buffer).toBe(joined[0]?.slab.buffer);
  });

  it('[PR17] leaves a frame as it is where none is wanted', () => {
    const frame = new Uint8Array([1, 2]);
    expect(frameFor('none', frame)).toBe(frame);
  });

  it('[PR18] never touches again what it gave out', () => {
    const given = Array.from({ length: 200 }, (_, n) => frameFor('length32', new Uint8Array(3000 + n).fill(n)));
    given.forEach((framed, n) => expect(framed.subarray(4).every((byte) => byte === n)).toBe(true));
    expect(frameFor('length32', new Uint8Array(300_000))).toHaveLength(300_004);
  });
});

/** Slabs are shared by all tests: one may have ended among the frames. @returns those on the slab that has most of them */
function onOneSlab(frames: readonly PlacedFrame[]): readonly PlacedFrame[] {
  const [one, other] = [frames[0], frames.at(-1)].map((end) => frames.filter(({ slab }) => slab === end?.slab));
  return one && other && one.length > other.length ? one : (other ?? []);
}

function message(n: number, text = ''): Message {
  return { type: messageType.error, code: n, message: text };
}

function readByWs(bytes: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const receiver = new Receiver({ isServer: false, allowSynchronousEvents: true });
    receiver.on('message', (data: Buffer, isBinary: boolean) => (isBinary ? resolve(data) : reject(new Error('text'))));
    receiver.on('error', reject);
    receiver.write(bytes);
  });
}
