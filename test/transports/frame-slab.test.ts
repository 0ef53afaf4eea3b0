import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFrame } from '../../src-main/core/protocol/frame.ts';
import { frameFor } from '../../src-main/core/protocol/framing.ts';
import { messageType, type Message } from '../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../src-main/core/protocol/wire-value.ts';
import { bytesOfFrame, type PlacedFrame } from '../../src-main/ports/placed-frame.ts';
import { FrameSlab } from '../../src-main/transports/frame-slab.ts';

const mask = [0x17, 0x2a, 0xf3, 0x04];

/** The mask, and behind it the payload under it. */
function masked(payload: Uint8Array): DataView {
  return new DataView(Uint8Array.from([...mask, ...payload.map((byte, i) => byte ^ (mask[i & 3] ?? 0))]).buffer);
}

describe('where frames are put as they are unmasked', () => {
  it('[TP22] they stay as they came, short ones with the header that a server writes, whatever comes behind them', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 40 }), (payloads) => {
        const slab = new FrameSlab(512);
        const frames = payloads.map((payload) => slab.unmask(masked(payload), mask.length, payload.length));
        for (const [i, frame] of frames.entries()) {
          const payload = payloads[i] ?? new Uint8Array();
          expect([...bytesOfFrame(frame)]).toEqual([...payload]);
          const isShort = payload.length <= 125;
          expect(frame.from < frame.start).toBe(isShort);
          if (isShort) expect([...sent(frame)]).toEqual([...frameFor('websocket', payload)]);
        }
      }),
    );
  });

  it('[TP22] behind a short SET lies room for a revision, and behind nothing else', () => {
    const slab = new FrameSlab(4096);
    const unmasked = (message: Message): PlacedFrame => {
      const bytes = encodeFrame(message);
      return slab.unmask(masked(bytes), mask.length, bytes.length);
    };
    const set = (text: string): Message => {
      return { type: messageType.set, address: '/a', value: WireValue.of({ type: 'string', value: text }) };
    };
    const sent = [set('short'), set('x'.repeat(105)), set('x'.repeat(106)), { type: messageType.ping } as const];
    const frames = sent.map(unmasked);
    expect(frames.map(({ room }) => room)).toEqual([8, 8, 0, 0]);
    expect(frames.map(({ from }, i) => from - (frames[i - 1]?.end ?? 0))).toEqual([0, 8, 8, 0]);
  });

  it('[TP22] short ones lie side by side, and one larger than a slab has one for itself', () => {
    const slab = new FrameSlab(64);
    const [one, other] = [10, 20].map((size) => slab.unmask(masked(new Uint8Array(size)), mask.length, size));
    expect([other?.slab === one?.slab, other?.from]).toEqual([true, one?.end]);
    const large = slab.unmask(masked(new Uint8Array(1000).fill(7)), mask.length, 1000);
    expect([large.slab === one?.slab, large.end - large.start, large.slab[large.end - 1]]).toEqual([false, 1000, 7]);
  });
});

function sent({ slab, from, end }: PlacedFrame): Uint8Array {
  return slab.subarray(from, end);
}
