import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LimitError } from '../../../src-main/contract/errors.ts';
import { decodeFrame, defaultQos, encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { frameBytesMax, payloadBytesMax } from '../../../src-main/core/protocol/limits.ts';
import { messageType, type Message } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { messages } from './arbitraries.ts';
import { fromHex, plain, toHex } from './plain-message.ts';
import { vector } from './vectors.ts';

const ping: Message = { type: messageType.ping };

describe('frame', () => {
  it('[PR3] carries any message there and back', () => {
    const qos = fc.constantFrom('fire' as const, 'confirm' as const, 'commit' as const);
    const timestamp = fc.option(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { nil: undefined });
    fc.assert(
      fc.property(messages, qos, timestamp, (message, level, time) => {
        const frame = decodeFrame(encodeFrame(message, { qos: level, ...(time !== undefined && { timestamp: time }) }));
        expect(plain(frame.message)).toEqual(plain(message));
        expect(frame).toMatchObject({ qos: level, timestamp: time });
      }),
      { numRuns: 3000 },
    );
  });

  it('[PR5] ignores bytes behind the declared length', () => {
    const hex = vector('V23').hex;
    expect(plain(decodeFrame(fromHex(`${hex}ffffff`)))).toEqual(plain(decodeFrame(fromHex(hex))));
  });

  it('[PR5] ignores bytes that a newer sender put behind the body', () => {
    expect(decodeFrame(fromHex('5301000341aabb')).message).toEqual(ping);
  });

  it('[PR5] reads a frame in the middle of a larger buffer, also when it is a Node Buffer', () => {
    const bytes = fromHex(vector('V41').hex);
    const larger = Buffer.concat([Buffer.from('5353'), bytes, Buffer.from('53')]);
    const within = larger.subarray(4, 4 + bytes.length);
    expect(plain(decodeFrame(within).message)).toEqual(plain(decodeFrame(bytes).message));
  });

  it('[PR6] lets the payload decide its encoding, whatever the header says', () => {
    const binaryMarkedLegacy = fromHex(vector('V23').hex.replace(/^5341/, '5340'));
    const legacyMarkedBinary = fromHex(vector('V69').hex.replace(/^5340/, '5341'));
    expect(decodeFrame(binaryMarkedLegacy).message.type).toBe(messageType.set);
    expect(decodeFrame(legacyMarkedBinary).message.type).toBe(messageType.set);
  });

  it('[PR13] reads the reserved QoS 3 as fire', () => {
    expect(decodeFrame(fromHex('53c1000141')).qos).toBe('fire');
  });

  it('[PR9] carries the largest payload and refuses one byte more', () => {
    const set = (bytes: number): Message => ({
      type: messageType.set,
      address: '/a',
      value: WireValue.of({ type: 'bytes', value: new Uint8Array(bytes) }),
    });
    const fixed = 8;
    const largest = encodeFrame(set(payloadBytesMax - fixed), { timestamp: 1n });
    expect(largest).toHaveLength(frameBytesMax);
    expect(decodeFrame(largest).message.type).toBe(messageType.set);
    expect(() => encodeFrame(set(payloadBytesMax - fixed + 1))).toThrow(LimitError);
    expect(() => encodeFrame(set(payloadBytesMax - fixed + 1), { timestamp: 1n })).toThrow(LimitError);
    expect(toHex(encodeFrame(ping))).toBe(vector('V46').hex);
  });

  it('[PR18] never touches a frame again that it gave out', () => {
    const set = (n: number): Message => ({
      type: messageType.set,
      address: `/desk/${n}`,
      value: WireValue.of({ type: 'bytes', value: new Uint8Array(n % 5000).fill(n) }),
    });
    const given = Array.from({ length: 300 }, (_, n) => ({ n, frame: encodeFrame(set(n * 37)) }));
    for (const { n, frame } of given) expect(plain(decodeFrame(frame).message)).toEqual(plain(set(n * 37)));
  });

  it('[PR14] asks for confirm, commit or fire by the kind of message', () => {
    const publish = { type: messageType.publish, address: '/a' } as const;
    expect(defaultQos({ ...publish, kind: 'param' })).toBe('confirm');
    expect(defaultQos({ ...publish, kind: 'event' })).toBe('confirm');
    expect(defaultQos({ ...publish, kind: 'stream' })).toBe('fire');
    expect(defaultQos({ ...publish, kind: 'gesture' })).toBe('fire');
    expect(defaultQos({ ...publish, kind: 'timeline' })).toBe('commit');
    expect(defaultQos({ type: messageType.bundle, messages: [] })).toBe('commit');
    expect(defaultQos({ type: messageType.unsubscribe, id: 1 })).toBe('confirm');
    expect(defaultQos({ type: messageType.replay, pattern: '/a', types: 0 })).toBe('confirm');
    expect(defaultQos(ping)).toBe('fire');
  });
});
