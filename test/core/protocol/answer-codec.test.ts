import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src-main/contract/errors.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { carried, decoded, encoded } from './coding.ts';

describe('ACK, ERROR and SYNC', () => {
  it('[PR12] take any non-zero byte as true', () => {
    expect(decoded('500402')).toEqual({ type: messageType.ack, locked: true });
    expect(decoded('500400')).toEqual({ type: messageType.ack, locked: false });
  });

  it('[PR12] put the address of an ERROR behind its message', () => {
    const error = { type: messageType.error, code: 201, message: 'No such address.', address: '/a' };
    expect(carried(error)).toEqual(error);
  });

  it('[PR11] refuse numbers their fields cannot hold', () => {
    expect(() => encoded({ type: messageType.error, code: 70_000, message: '' })).toThrow(InputError);
    expect(() => encoded({ type: messageType.ack, revision: -1n })).toThrow(InputError);
    expect(() => encoded({ type: messageType.sync, t1: 2n ** 64n })).toThrow(InputError);
  });

  it('[PR12] carry a SYNC with either answer time', () => {
    const sync = { type: messageType.sync, t1: 1n, t3: 3n };
    expect(carried(sync)).toEqual(sync);
  });
});
