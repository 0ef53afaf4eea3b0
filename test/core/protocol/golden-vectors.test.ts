import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../../src-main/contract/errors.ts';
import { decodeFrame, encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { messageType, type Message } from '../../../src-main/core/protocol/messages.ts';
import { fromNpm } from './npm-message.ts';
import { fromHex, plain, toHex } from './plain-message.ts';
import { qosNames, vectors } from './vectors.ts';

/** What decoding gives for vectors without an input, where the npm decoder keeps less than the wire says. */
const decoded: Record<string, unknown> = {
  V59: set('07', '3ff0000000000000', { ttl: { seconds: 60, absolute: false } }),
  V60: set('07', '3ff0000000000000', { revision: 5n, ttl: { seconds: 60, absolute: true } }),
  V61: set('07', '3ff0000000000000', { ttl: { seconds: 0, absolute: false } }),
  V62: set('02', 'ff'),
  V63: set('03', 'fed4'),
  V64: set('04', '000186a0'),
  V65: set('05', '0000000000000002'),
  V66: set('05', '0020000000000001'),
  V67: set('06', '3f000000'),
  V69: { type: messageType.set, address: '/test/value', value: { code: 7, data: '3fe0000000000000' }, revision: 1n },
  V70: { type: messageType.hello, version: 1, name: 'old', features: ['param'] },
  V71: { type: messageType.subscribe, id: 1, pattern: '/a/**', types: 1, options: { maxRate: 30 } },
  D1: { type: messageType.replay, pattern: '/a/**', from: 1000n, to: 2000n, limit: 10, types: 3 },
  D2: { type: messageType.federationSync, operation: 1, patterns: ['/site-a/**'], revisions: [], origin: 'router-a' },
  D3: {
    type: messageType.federationSync,
    operation: 3,
    patterns: [],
    revisions: [['/site-a/x', 5n]],
    since: 4n,
    origin: 'r',
  },
};
const legacy = ['V69', 'V70', 'V71'];
const refused = vectors.filter(({ id }) => id === 'V68' || id.startsWith('N'));

describe('golden vectors', () => {
  it('[PR1] has all 80 of them', () => {
    expect(vectors).toHaveLength(80);
    expect(refused).toHaveLength(6);
  });

  it.each(vectors.filter(({ input }) => input))('[PR1] encodes $id byte for byte: $desc', ({ hex, input, opts }) => {
    const qos = opts?.qos === undefined ? undefined : qosNames[opts.qos];
    const options = {
      ...(qos && { qos }),
      ...(opts?.timestamp !== undefined && { timestamp: BigInt(opts.timestamp) }),
    };
    expect(toHex(encodeFrame(fromNpm(needed(input)), options))).toBe(hex);
  });

  it.each(vectors.filter(({ input }) => input))('[PR2] decodes $id: $desc', ({ hex, input, opts }) => {
    const frame = decodeFrame(fromHex(hex));
    expect(plain(frame.message)).toEqual(plain(fromNpm(needed(input))));
    expect(frame.timestamp).toBe(opts?.timestamp === undefined ? undefined : BigInt(opts.timestamp));
    if (opts?.qos !== undefined) expect(frame.qos).toBe(qosNames[opts.qos]);
  });

  it.each(vectors.filter(isDecodable).filter(({ input }) => !input))('[PR2] decodes $id: $desc', ({ id, hex }) => {
    expect(plain(decodeFrame(fromHex(hex)).message)).toEqual(needed(decoded[id]));
  });

  it.each(vectors.filter(isDecodable).filter(({ id }) => !legacy.includes(id)))(
    '[PR3] gives the bytes of $id back after decoding',
    ({ hex }) => {
      const { message, qos, timestamp } = decodeFrame(fromHex(hex));
      expect(toHex(encodeFrame(message, { qos, ...(timestamp !== undefined && { timestamp }) }))).toBe(hex);
    },
  );

  it.each(refused)('[PR2] refuses $id: $desc', ({ hex }) => {
    expect(() => decodeFrame(fromHex(hex))).toThrow(ProtocolError);
  });
});

function isDecodable({ id }: { id: string }): boolean {
  return !refused.some((one) => one.id === id);
}

function set(code: string, data: string, more: Partial<Message> = {}): unknown {
  return { type: messageType.set, address: '/v', value: { code: Number.parseInt(code, 16), data }, ...more };
}

function needed<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('The vector has no such part.');
  return part;
}
