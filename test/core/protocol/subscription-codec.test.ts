import { describe, expect, it } from 'vitest';
import { messageType, type SubscribeMessage } from '../../../src-main/core/protocol/messages.ts';
import { carried, decoded } from './coding.ts';

const subscribe: SubscribeMessage = { type: messageType.subscribe, id: 1, pattern: '/a/**', types: 0xff };

describe('SUBSCRIBE and REPLAY', () => {
  it('[PR12] take empty options as none, and zero as an option', () => {
    expect(carried({ ...subscribe, options: {} })).toEqual(subscribe);
    const zero = { ...subscribe, options: { maxRate: 0, epsilon: 0, history: 0, window: 0 } };
    expect(carried(zero)).toEqual(zero);
  });

  it('[PR12] keep the mask as it came', () => {
    expect(carried({ ...subscribe, types: 0 })).toEqual({ ...subscribe, types: 0 });
  });

  it('[PR12] carry an open range', () => {
    const replay = { type: messageType.replay, pattern: '/a', types: 1 };
    expect(carried(replay)).toEqual(replay);
    expect(carried({ ...replay, to: 5n })).toEqual({ ...replay, to: 5n });
    expect(() => decoded('24e000012f')).toThrow(expect.objectContaining({ code: 'bad-length' }));
  });
});
