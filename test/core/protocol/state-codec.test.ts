import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src-main/contract/errors.ts';
import { messageType, type SetMessage, type Ttl } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { carried, decoded, encoded } from './coding.ts';

const set: SetMessage = { type: messageType.set, address: '/v', value: WireValue.of({ type: 'null' }) };

describe('SET and SNAPSHOT', () => {
  it.each<[Ttl, string]>([
    [{ seconds: 0, absolute: false }, '00000000'],
    [{ seconds: 60, absolute: false }, '0000003c'],
    [{ seconds: 60, absolute: true }, '8000003c'],
    [{ seconds: 2 ** 31 - 1, absolute: true }, 'ffffffff'],
  ])('[PR12] carries the TTL %j', (ttl, word) => {
    expect(encoded({ ...set, ttl }).slice(-8)).toBe(word);
    expect(carried({ ...set, ttl })).toMatchObject({ ttl });
  });

  it.each([-1, 2 ** 31, 0.5, Number.NaN])('[PR11] refuses a TTL of %s seconds', (seconds) => {
    expect(() => encoded({ ...set, ttl: { seconds, absolute: true } })).toThrow(InputError);
    expect(() => encoded({ ...set, ttl: { seconds, absolute: false } })).toThrow(InputError);
  });

  it('[PR12] says lock and unlock only when they are asked for', () => {
    expect(encoded({ ...set, lock: false, unlock: false })).toBe(encoded(set));
    expect(carried({ ...set, lock: true })).toMatchObject({ lock: true });
    expect(carried({ ...set, lock: true })).toHaveProperty('unlock', undefined);
  });

  it('[PR3] keeps an i64 an i64, past 2^53 too, and writes a map in its order', () => {
    const value = WireValue.of({ type: 'i64', value: 2n ** 53n + 1n });
    expect(decoded(encoded({ ...set, value }))).toMatchObject({ value: { code: 5, data: '0020000000000001' } });
    const map = WireValue.of({
      type: 'map',
      value: [
        ['2', { type: 'null' }],
        ['1', { type: 'null' }],
      ],
    });
    expect(carried({ ...set, value: map })).toMatchObject({ value: { code: 11, data: '000200013200000131' + '00' } });
  });

  it('[PR7] refuses a count of params that are not there', () => {
    expect(() => decoded('230002' + '0000' + '00' + '0000000000000001' + '00')).toThrow(
      expect.objectContaining({ code: 'bad-length' }),
    );
  });
});
