import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LimitError } from '../../../src-main/contract/errors.ts';
import { decodeFrame, decodePlaced, encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { messageType, type PublishMessage } from '../../../src-main/core/protocol/messages.ts';
import { frameAsItCame } from '../../../src-main/core/protocol/publish-codec.ts';
import type { PlacedFrame } from '../../../src-main/ports/placed-frame.ts';
import { messages } from './arbitraries.ts';
import { carried, decoded, encoded } from './coding.ts';
import { fromHex, plain, toHex } from './plain-message.ts';

const publish: PublishMessage = { type: messageType.publish, kind: 'stream', address: '/v' };

describe('PUBLISH', () => {
  it('[PR13] reads an unknown signal code as event and an unknown phase as start', () => {
    expect(decoded('20e000022f7600')).toMatchObject({ kind: 'event' });
    expect(decoded('206700022f7600')).toMatchObject({ kind: 'gesture', phase: 'start' });
  });

  it('[PR13] gives a phase to gestures only', () => {
    expect(decoded('204100022f7600')).toMatchObject({ phase: undefined });
  });

  it('[PR12] reads a rate where four bytes are left', () => {
    expect(carried({ ...publish, rate: 60 })).toEqual({ ...publish, rate: 60 });
    expect(decoded(`${encoded(publish)}00003c`)).toEqual(publish);
    expect(decoded(`${encoded({ ...publish, id: 1, timestamp: 2n })}0000003c`)).toEqual({
      ...publish,
      id: 1,
      timestamp: 2n,
      rate: 60,
    });
  });

  it('[RT220] is passed on as it came', () => {
    fc.assert(
      fc.property(messages, (message) => {
        const frame = encodeFrame(message).slice();
        const { message: received } = decodeFrame(frame);
        expect(toHex(encodeFrame(received))).toBe(toHex(frame));
        // A sender may say what it means in bytes that nobody else would write.
        expect(plain(decodeFrame(encodeFrame(received)).message)).toEqual(plain(message));
      }),
    );
  });

  it.each([
    ['an unknown kind', '20e000022f7600', '202000022f7600'],
    ['an unknown phase', '206700022f7600', '206000022f7600'],
    ['a phase where there is none', '204100022f7600', '204000022f7600'],
    ['bytes behind its fields', '204000022f7600ffffff', '204000022f7600'],
  ])('[RT220] is written as everybody reads it where it came with %s', (_, payload, written) => {
    const size = (payload.length / 2).toString(16).padStart(4, '0');
    const { message } = decodeFrame(fromHex(`5341${size}${payload}`));
    expect(encoded(message)).toBe(written);
  });

  it('[RT225] leaves in its own frame where that is what everybody would write, and stays', () => {
    fc.assert(
      fc.property(messages, fc.boolean(), (message, stays) => {
        const bytes = encodeFrame(message);
        const slab = Uint8Array.from([0x82, bytes.length, ...bytes]);
        const came: PlacedFrame = { slab, from: stays ? 0 : 2, start: 2, end: slab.length };
        const received = decodePlaced(came).message;
        const own = frameAsItCame(received);
        if (own) expect([own, toHex(encodeFrame({ ...received }))]).toEqual([came, toHex(bytes)]);
        if (!stays || message.type !== messageType.publish) expect(own).toBeUndefined();
      }),
    );
  });

  it.each([
    ['as it is', '53010007204000022f7600', true],
    ['with a QoS that nobody gives it', '53410007204000022f7600', false],
    ['with a time', '532100070000000000000001204000022f7600', false],
    ['with bytes behind its fields', '53010009204000022f7600ffff', false],
    ['with bytes behind its frame', '53010007204000022f7600ffff', false],
    ['of an unknown phase', '53010007206700022f7600', false],
  ])('[RT225] may leave as it came: %s', (_, hex, leaves) => {
    const slab = Uint8Array.from([0x82, hex.length / 2, ...fromHex(hex)]);
    const { message } = decodePlaced({ slab, from: 0, start: 2, end: slab.length });
    expect(frameAsItCame(message) !== undefined).toBe(leaves);
  });

  it('[RT220] is written anew where something in it was changed', () => {
    const { message } = decodeFrame(encodeFrame({ ...publish, rate: 60 }));
    expect(encoded({ ...(message as PublishMessage), address: '/other' })).toBe(
      encoded({ ...publish, rate: 60, address: '/other' }),
    );
  });

  it('[PR12] tells no samples from none given', () => {
    expect(carried({ ...publish, samples: [] })).toEqual({ ...publish, samples: [] });
    expect(carried(publish)).toEqual(publish);
  });

  it('[PR10] refuses a content it does not know', () => {
    expect(() => decoded('204000022f7603')).toThrow(expect.objectContaining({ code: 'bad-message' }));
  });

  it('[PR9] refuses more samples than a frame carries', () => {
    expect(() => encoded({ ...publish, samples: new Array<number>(9000).fill(0) })).toThrow(LimitError);
    expect(() => encoded({ ...publish, samples: new Array<number>(70_000).fill(0) })).toThrow(LimitError);
  });
});
