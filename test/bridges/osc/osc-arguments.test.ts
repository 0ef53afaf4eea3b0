import * as fc from 'fast-check';
import { fromBuffer, toBuffer, type OscArgInput, type OscArgOutputOrArray } from 'osc-min';
import { describe, expect, it } from 'vitest';
import { readArguments } from '../../../src-main/bridges/osc/osc-arguments.ts';
import { decodeOscPacket, encodeOscMessage } from '../../../src-main/bridges/osc/osc-codec.ts';
import { nullValue, text, valueDepthMax, type Value } from '../../../src-main/contract/signal.ts';

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const valueIn = (message: string, coding: 'utf-8' | 'latin-1' = 'utf-8'): Value | undefined =>
  decodeOscPacket(latin1(message), coding).messages[0]?.value;

describe('text in OSC arguments', () => {
  it('[OS34] is UTF-8, or where it is not, Latin-1', () => {
    expect(valueIn('/s\0\0,s\0\0Zo\xc3\xab\0\0\0\0')).toEqual(text('Zoë'));
    expect(valueIn('/s\0\0,s\0\0Zo\xeb\0')).toEqual(text('Zoë'));
    expect(valueIn('/s\0\0,S\0\0\xdcber\0\0\0\0')).toEqual(text('Über'));
    // A mark of the order of bytes is a part of the text.
    expect(valueIn('/s\0\0,s\0\0\xef\xbb\xbfa\0\0\0\0')).toEqual(text('\ufeffa'));
    const mixed = valueIn('/s\0\0,sis\0\0\0\0\xe9\0\0\0\0\0\0\x07\xc3\xa9\0\0');
    expect(mixed).toEqual({ type: 'array', value: [text('é'), { type: 'i32', value: 7 }, text('é')] });
  });

  it('[OS34] is Latin-1 both ways where the bridge is set so, without a byte lost', () => {
    const every = Array.from({ length: 255 }, (_, i) => String.fromCharCode(i + 1)).join('');
    const bytes = Buffer.from(encodeOscMessage('/s', text(every), { coding: 'latin-1' }));
    expect(bytes.toString('latin1')).toBe(`/s\0\0,s\0\0${every}\0`);
    expect(valueIn(bytes.toString('latin1'), 'latin-1')).toEqual(text(every));
    // It would be UTF-8 too.
    expect(valueIn('/s\0\0,s\0\0\xc3\xab\0\0', 'latin-1')).toEqual(text('Ã«'));
    const value: Value = { type: 'array', value: [text('é'), text('Ü'), { type: 'array', value: [text('ß')] }] };
    const mixed = Buffer.from(encodeOscMessage('/s', value, { coding: 'latin-1' })).toString('latin1');
    expect(mixed).toBe('/s\0\0,ss[s]\0\0\xe9\0\0\0\xdc\0\0\0\xdf\0\0\0');
    const symbol = encodeOscMessage('/s', text('é'), { tags: 'S', coding: 'latin-1' });
    expect(Buffer.from(symbol).toString('latin1')).toBe('/s\0\0,S\0\0\xe9\0\0\0');
  });

  it('[OS34] with letters beyond Latin-1 is refused where the bridge is set so', () => {
    expect(() => encodeOscMessage('/s', text('灯'), { coding: 'latin-1' })).toThrow(
      expect.objectContaining({ code: 'bad-value', message: expect.stringContaining('Latin-1') as string }),
    );
  });
});

describe('the letter of an OSC argument', () => {
  it.each<[string, Value]>([
    ['\0\0\0A', text('A')],
    ['\0\0\0\xe9', text('é')],
    ['\0\x01\xf3\xad', text('🎭')],
    ['\0\0\0\0', text('')],
    ['\0\0\xd8\0', { type: 'i32', value: 0xd800 }],
    ['\0\x11\0\0', { type: 'i32', value: 0x11_0000 }],
    ['\xff\xff\xff\xe9', { type: 'i32', value: -23 }],
  ])('[OS35] comes in, letter or not: %j', (octets, value) => {
    expect(valueIn(`/c\0\0,c\0\0${octets}`)).toEqual(value);
  });

  it('[OS35] leaves as it came', () => {
    for (const octets of ['\0\0\0\0', '\0\0\0\x01', '\0\0\0\xff', '\0\0\xff\xff', '\0\x10\xff\xff']) {
      const value = valueIn(`/c\0\0,c\0\0${octets}`);
      const bytes = encodeOscMessage('/c', value ?? nullValue, { tags: 'c' });
      expect(Buffer.from(bytes).toString('latin1', 8)).toBe(octets);
    }
  });
});

describe('OSC arguments', () => {
  const argument: fc.Arbitrary<OscArgInput> = fc.oneof(
    fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((value) => ({ type: 'integer' as const, value })),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => ({ type: 'bigint' as const, value })),
    fc.float().map((value) => ({ type: 'float' as const, value })),
    fc.double().map((value) => ({ type: 'double' as const, value })),
    fc.stringMatching(/^[a-zé灯]{0,9}$/).map((value) => ({ type: 'string' as const, value })),
    fc.uint8Array({ maxLength: 9 }).map((value) => ({ type: 'blob' as const, value })),
    fc.constantFrom<OscArgInput>({ type: 'true' }, { type: 'false' }, { type: 'null' }, { type: 'bang' }),
    fc.constant<OscArgInput>({ type: 'character', value: 'ü' }),
    fc.tuple(fc.nat(255), fc.nat(255)).map(([a, b]) => ({ type: 'midi' as const, value: [a, b, 0, 1] as never })),
  );

  it('[OS2] are read as the npm package osc-min reads them', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(argument, fc.array(argument, { maxLength: 3 })), { maxLength: 6 }), (args) => {
        const { buffer, byteOffset, byteLength } = toBuffer({ address: '/x', args });
        const bytes = new Uint8Array(buffer, byteOffset, byteLength);
        const packet = fromBuffer(bytes);
        if (packet.oscType !== 'message') throw new Error('a message was made');
        const there = packet.args.map(plainOf);
        const { value } = readArguments(bytes.subarray(4), 'utf-8');
        const here = args.length === 0 ? [] : args.length === 1 ? [plain(value)] : plain(value);
        expect(here).toEqual(there);
      }),
    );
  });

  it('[OS7] are refused by that package where they are refused here, and kept where the table says so', () => {
    const tags = fc.stringMatching(/^,[ihfdsSbcrmtTFNI[\]]{0,6}$/);
    fc.assert(
      fc.property(tags, fc.uint8Array({ maxLength: 40 }), (types, data) => {
        const head = Buffer.alloc((types.length + 4) & ~3);
        head.write(types, 'latin1');
        const bytes = Buffer.concat([latin1('/x\0\0'), head, data]);
        const { malformed } = decodeOscPacket(bytes);
        if (types.includes('c') || types.includes('b')) return;
        expect(malformed === 0).toBe(isReadByLibrary(bytes));
      }),
      { numRuns: 5000 },
    );
  });

  it('[OS2] nest as deep as a value does', () => {
    const nested = (depth: number, more = ''): Buffer => {
      const tags = `,${'['.repeat(depth)}${']'.repeat(depth)}${more}`;
      return Buffer.concat([latin1('/x\0\0'), Buffer.alloc((tags.length + 4) & ~3, 0).fill(tags, 0, tags.length)]);
    };
    const malformed = (bytes: Buffer): number => decodeOscPacket(bytes).malformed;
    expect([nested(valueDepthMax), nested(valueDepthMax - 1, 'T')].map(malformed)).toEqual([0, 0]);
    expect([nested(valueDepthMax + 1), nested(valueDepthMax, 'T')].map(malformed)).toEqual([1, 1]);
  });
});

function isReadByLibrary(bytes: Buffer): boolean {
  try {
    fromBuffer(bytes);
    return true;
  } catch {
    return false;
  }
}

function plainOf(arg: OscArgOutputOrArray): unknown {
  if (arg.type === 'array') return arg.value.map(plainOf);
  if (arg.type === 'bang') return true;
  if (arg.type === 'blob') return [...new Uint8Array(arg.value.buffer, arg.value.byteOffset, arg.value.byteLength)];
  return arg.value;
}

function plain(value: Value): unknown {
  if (value.type === 'null') return null;
  if (value.type === 'array') return value.value.map(plain);
  return value.type === 'bytes' ? [...value.value] : value.value;
}
