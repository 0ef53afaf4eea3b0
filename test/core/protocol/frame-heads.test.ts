import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src-main/contract/errors.ts';
import { f64 } from '../../../src-main/contract/signal.ts';
import { decodeFrame, decodePlaced, encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { FrameHeads } from '../../../src-main/core/protocol/frame-heads.ts';
import { messageType, type Message } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import type { PlacedFrame } from '../../../src-main/ports/placed-frame.ts';
import { messages } from './arbitraries.ts';
import { toHex } from './plain-message.ts';

/** Behind the header of a short WebSocket message, as frames lie that came from clients. */
function among(bytes: Uint8Array): PlacedFrame {
  const slab = Uint8Array.from([0x82, bytes.length & 0x7f, ...bytes]);
  return { slab, from: 0, start: 2, end: slab.length };
}

const set = (address: string, value = 1): Message => ({
  type: messageType.set,
  address,
  value: WireValue.of(f64(value)),
});

/** What a frame says, or why it is refused, to be compared. */
function read(run: () => ReturnType<typeof decodeFrame>): unknown {
  try {
    const { message, qos, timestamp } = run();
    return [toHex(encodeFrame({ ...message })), qos, timestamp];
  } catch (error) {
    if (error instanceof AppError) return [error.code, error.message];
    throw error;
  }
}

const damages = fc.record({
  at: fc.nat({ max: 200 }),
  byte: fc.nat({ max: 255 }),
  cut: fc.nat({ max: 3 }),
  more: fc.nat({ max: 3 }),
});

describe('what a frame begins with', () => {
  it('[PR22] is read the same whether or not it was met before, whatever has become of the rest', () => {
    fc.assert(
      fc.property(messages, fc.array(damages, { maxLength: 8 }), (message, harms) => {
        const bytes = encodeFrame(message);
        for (let time = 0; time < 2; time++)
          expect(read(() => decodePlaced(among(bytes)))).toEqual(read(() => decodeFrame(bytes)));
        for (const { at, byte, cut, more } of harms) {
          const harmed = Uint8Array.from([
            ...bytes.subarray(0, bytes.length - cut),
            ...new Uint8Array(more).fill(byte),
          ]);
          harmed[at % Math.max(1, harmed.length)] = byte;
          expect(read(() => decodePlaced(among(harmed)))).toEqual(read(() => decodeFrame(harmed)));
        }
      }),
      { numRuns: 600 },
    );
  });

  it('[PR22] says what a SET or PUBLISH of one scalar is about, and nothing of any other message', () => {
    const heads = new FrameHeads();
    const known = (message: Message): unknown => {
      const frame = among(encodeFrame(message));
      const { size, code, address } = heads.find(frame) ?? {};
      heads.learn(frame, 'address' in message ? (message.address ?? '') : '');
      return [size, code, address];
    };
    const publish = { type: messageType.publish, kind: 'event', address: '/e' } as const;
    const text = WireValue.of({ type: 'string', value: 'text' });
    for (const message of [
      { ...set('/a'), value: text },
      { ...set('/a'), revision: 1n },
      { ...set('/a'), lock: true },
      { ...publish, value: text },
      { ...publish, samples: [1] },
      { ...publish, value: WireValue.of(f64(1)), timestamp: 1n },
      publish,
      set(`/${'a'.repeat(90)}`),
      { type: messageType.get, address: '/a' },
      { type: messageType.ping },
    ] as Message[])
      for (let time = 0; time < 2; time++) expect(known(message)).toEqual([undefined, undefined, undefined]);
    for (const message of [set('/a'), { ...publish, value: WireValue.of({ type: 'bool', value: true }) }]) {
      expect(known(message)).toEqual([undefined, undefined, undefined]);
      expect(known(message)).toEqual([
        expect.any(Number),
        expect.any(Number),
        'address' in message ? message.address : '',
      ]);
    }
  });

  it('[PR22] is known of the last thousands of addresses, and of no more than so many', () => {
    const heads = new FrameHeads();
    const frames = Array.from({ length: 80_000 }, (_, n) => among(encodeFrame(set(`/desk/${n}/level`))));
    for (const [n, frame] of frames.entries()) if (!heads.find(frame)) heads.learn(frame, `/desk/${n}/level`);
    const known = frames.flatMap((frame, n) => (heads.find(frame)?.address === `/desk/${n}/level` ? [n] : []));
    expect(known.length).toBeGreaterThan(16_000);
    expect(known.length).toBeLessThanOrEqual(32_768);
  });
});
