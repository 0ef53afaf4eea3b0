import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeOscPacket, encodeOscMessage } from '../../../src-main/bridges/osc/osc-codec.ts';
import { argumentsAs } from '../../../src-main/bridges/osc/osc-types.ts';
import { bool, f32, f64, fromJson, nullValue, text, type Value } from '../../../src-main/contract/signal.ts';
import { arbitraryValue } from '../../arbitrary-signal.ts';

const bytes = (...octets: number[]): Value => ({ type: 'bytes', value: Uint8Array.from(octets) });
const whole = (value: bigint): Value => ({ type: 'i64', value });
const ints = (...values: number[]): Value => ({
  type: 'array',
  value: values.map((value): Value => ({ type: 'i32', value })),
});

/** type tags and arguments, as they stand in the message, in hex */
function tail(value: Value, tags: string): string {
  return Buffer.from(encodeOscMessage('/x', value, { tags }).subarray(4)).toString('hex');
}
const hexOf = (tags: string, hex = ''): string => {
  const head = Buffer.from(`,${tags}\0`);
  return Buffer.concat([head, Buffer.alloc(-head.length & 3)]).toString('hex') + hex;
};

describe('OSC types as a rule of the show wants them', () => {
  it.each<[string, Value, string]>([
    ['i', f64(2.6), '00000003'],
    ['i', text('12'), '0000000c'],
    ['i', bool(true), '00000001'],
    ['h', f64(-1), 'ffffffffffffffff'],
    ['h', whole(2n ** 62n), '4000000000000000'],
    ['f', whole(1n), '3f800000'],
    ['d', f32(0.5), '3fe0000000000000'],
    ['s', f64(1.5), '312e3500'],
    ['S', fromJson({ a: 1 }), '7b2261223a317d00'],
    ['s', nullValue, '00000000'],
    ['b', text('ab'), '0000000261620000'],
    ['r', text('#ff8800'), 'ff8800ff'],
    ['r', text('#FF880040'), 'ff880040'],
    ['r', ints(1, 2, 3), '010203ff'],
    ['r', ints(1, 2, 3, 4), '01020304'],
    ['r', whole(0xff88_0040n), 'ff880040'],
    ['r', bytes(1, 2, 3), '010203ff'],
    ['m', bytes(0, 0x90, 60, 127), '00903c7f'],
    ['m', ints(0x90, 60, 127), '00903c7f'],
    ['c', text('é'), '000000e9'],
    ['c', f64(65), '00000041'],
    ['c', text('🎭'), '0001f3ad'],
    ['c', text(''), '00000000'],
    ['c', f64(0), '00000000'],
    ['t', whole(0n), '0000000000000001'],
    ['t', whole(1_500_000n), '83aa7e8180000000'],
  ])('[OS27] %s of %o', (tags, value, hex) => {
    expect(tail(value, tags)).toBe(hexOf(tags, hex));
  });

  it('[OS27] say T or F for a switch, and nothing for I, N and none', () => {
    expect([bool(true), f64(0), nullValue, text('1')].map((value) => tail(value, 'T'))).toEqual(
      ['T', 'F', 'F', 'T'].map((tag) => hexOf(tag)),
    );
    expect([tail(f64(1), 'I'), tail(f64(1), 'N'), tail(f64(1), 'none')]).toEqual(
      ['I', 'N', ''].map((tags) => hexOf(tags)),
    );
  });

  it('[OS27] go letter by letter through an array, and the last letter stands for all that follow', () => {
    const value = fromJson(['go', 1, 2, 3]);
    expect(tail(value, 'si')).toBe(hexOf('siii', '676f0000' + '00000001' + '00000002' + '00000003'));
    // A colour, which the library gives sixteen bytes, beside others that keep their place.
    const two: Value = { type: 'array', value: [text('#010203'), f64(1), text('#040506')] };
    expect(tail(two, 'rir')).toBe(hexOf('rir', '010203ff' + '00000001' + '040506ff'));
    expect(() => encodeOscMessage('/x', f64(1), { tags: 'if' })).toThrow(',if wants 2 values, and there is 1.');
  });

  it.each<[string, Value]>([
    ['i', text('soon')],
    ['i', f64(2 ** 31)],
    ['i', f64(NaN)],
    ['h', f64(1e30)],
    ['f', bytes(1)],
    ['s', bytes(1)],
    ['s', text('a\0b')],
    ['b', f64(1)],
    ['r', text('red')],
    ['r', ints(1, 2)],
    ['r', ints(1, 2, 256)],
    ['m', bytes(1, 2)],
    ['c', text('ab')],
    ['c', f64(-1)],
    ['c', f64(0x110000)],
    ['t', f64(-1)],
  ])('[OS27] refuse %s of %o with what was expected', (tags, value) => {
    expect(() => encodeOscMessage('/x', value, { tags })).toThrow(expect.objectContaining({ code: 'bad-value' }));
  });

  it('[OS27] write for any value a message that reads back, or refuse it', () => {
    const tags = fc.stringMatching(/^[ifhdsSbTNIcrmt]{1,3}$/);
    fc.assert(
      fc.property(arbitraryValue, tags, (value, wanted) => {
        let args;
        try {
          args = argumentsAs(wanted, value);
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad-value' });
          return;
        }
        expect(args.length).toBeGreaterThanOrEqual(wanted.length === 1 ? 0 : wanted.length);
        expect(decodeOscPacket(encodeOscMessage('/a', value, { tags: wanted }))).toMatchObject({ malformed: 0 });
      }),
      { numRuns: 1000 },
    );
  });
});
