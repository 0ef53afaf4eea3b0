import { describe, expect, it } from 'vitest';
import { LimitError } from '../../../src-main/contract/errors.ts';
import { decodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { legacy, legacyFrame } from './legacy-packing.ts';

const one = { code: 5, data: '0000000000000001' };
const set = { type: 'SET', address: '/v', value: 1 };
const publish = { type: 'PUBLISH', address: '/v' };

describe('legacy signals', () => {
  it('[PR15] reads SET with its flags, and every way to write a TTL', () => {
    expect(legacy({ ...set, revision: 3, lock: true, unlock: false })).toEqual({
      type: messageType.set,
      address: '/v',
      value: one,
      revision: 3n,
      lock: true,
    });
    const ttls: [Record<string, unknown>, unknown][] = [
      [{ ttl: 60 }, { seconds: 60, absolute: false }],
      [
        { ttl: 60, absolute: true },
        { seconds: 60, absolute: true },
      ],
      [{ ttl: 'never' }, { seconds: 0, absolute: false }],
      [{ ttl: { Sliding: 5 } }, { seconds: 5, absolute: false }],
      [{ ttl: { absolute: 5 } }, { seconds: 5, absolute: true }],
    ];
    for (const [more, ttl] of ttls) expect(legacy({ ...set, ...more })).toMatchObject({ ttl });
    expect(() => legacy({ ...set, ttl: {} })).toThrow(expect.objectContaining({ code: 'bad-message' }));
    expect(() => legacy({ ...set, ttl: 2 ** 31 })).toThrow(expect.objectContaining({ code: 'bad-message' }));
  });

  it('[PR15] reads PUBLISH: value before payload before samples', () => {
    expect(legacy({ ...publish, signal: 'gesture', phase: 'move', id: 3, payload: 1, timestamp: 9 })).toEqual({
      type: messageType.publish,
      kind: 'gesture',
      address: '/v',
      phase: 'move',
      value: one,
      timestamp: 9n,
      id: 3,
    });
    expect(legacy({ ...publish, value: 1, payload: 2 })).toMatchObject({ kind: 'event', value: one });
    expect(legacy({ ...publish, value: null, samples: [1, 0.5], rate: 60 })).toMatchObject({
      samples: [1, 0.5],
      rate: 60,
    });
    expect(legacy({ ...publish, payload: null })).toMatchObject({ value: { code: 0, data: '' } });
    expect(legacy(publish)).not.toHaveProperty('value');
  });

  it('[PR15] carries a timeline in the value slot, with the names the binary carrier has', () => {
    const { message } = decodeFrame(
      legacyFrame({ ...publish, signal: 'timeline', timeline: { keyframes: [], loop_: true, start_time: 5 } }),
    );
    const value = 'value' in message ? message.value.value : undefined;
    expect(value).toEqual({
      type: 'map',
      value: [
        ['keyframes', { type: 'array', value: [] }],
        ['loop', { type: 'bool', value: true }],
        ['startTime', { type: 'i64', value: 5n }],
      ],
    });
  });

  it('[PR15] reads SUBSCRIBE in both spellings, UNSUBSCRIBE, GET, SNAPSHOT and REPLAY', () => {
    const subscribe = { type: 'SUBSCRIBE', id: 1, pattern: '/a', types: ['param', 'odd'] };
    const options = { maxRate: 30, epsilon: 0.5, history: 1, window: 100 };
    const expected = { type: messageType.subscribe, id: 1, pattern: '/a', types: 1, options };
    expect(legacy({ ...subscribe, options })).toEqual(expected);
    expect(legacy({ ...subscribe, options: { max_rate: 30, epsilon: 0.5, history: 1, window: 100 } })).toEqual(
      expected,
    );
    expect(legacy({ ...subscribe, types: [] })).toMatchObject({ types: 0xff });
    expect(legacy({ type: 'UNSUBSCRIBE', id: 2 })).toEqual({ type: messageType.unsubscribe, id: 2 });
    expect(legacy({ type: 'GET', address: '/a' })).toEqual({ type: messageType.get, address: '/a' });
    expect(legacy({ type: 'REPLAY', pattern: '/a', from: 1, to: null, limit: 5, types: [] })).toEqual({
      type: messageType.replay,
      pattern: '/a',
      from: 1n,
      limit: 5,
      types: 0xff,
    });
    expect(
      legacy({ type: 'SNAPSHOT', params: [{ address: '/a', value: 1, revision: 2, writer: 'w', timestamp: 3 }] }),
    ).toEqual({
      type: messageType.snapshot,
      params: [{ address: '/a', value: one, revision: 2n, writer: 'w', timestamp: 3n }],
    });
  });

  it('[PR9] refuses a value that no binary frame can carry', () => {
    expect(() => legacy({ ...set, value: new Array<number>(10_000).fill(1) })).toThrow(LimitError);
  });
});
