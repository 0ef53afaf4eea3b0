import * as fc from 'fast-check';
import { fromBuffer, toBuffer, type OscArgInput, type OscPacketInput } from 'osc-min';
import { describe, expect, it } from 'vitest';
import { bundleDepthMax, decodeOscPacket, encodeOscMessage } from '../../../src-main/bridges/osc/osc-codec.ts';
import { argumentsMax } from '../../../src-main/bridges/osc/osc-arguments.ts';
import { bool, f32, f64, nullValue, sameValue, text, type Value } from '../../../src-main/contract/signal.ts';
import { anyCharacter } from '../../any-character.ts';
import { arbitraryValue } from '../../arbitrary-signal.ts';
import captured from '../../fixtures/captures/osc.json' with { type: 'json' };

describe('OSC values', () => {
  const cases: [string, OscArgInput, Value][] = [
    ['i', { type: 'integer', value: -7 }, { type: 'i32', value: -7 }],
    ['h', { type: 'bigint', value: 2n ** 62n + 1n }, { type: 'i64', value: 2n ** 62n + 1n }],
    ['f', { type: 'float', value: 0.5 }, f32(0.5)],
    ['d', { type: 'double', value: Math.PI }, f64(Math.PI)],
    ['s', { type: 'string', value: 'Zoë 🎭' }, text('Zoë 🎭')],
    ['S', { type: 'symbol', value: 'sym' }, text('sym')],
    [
      'b',
      { type: 'blob', value: Uint8Array.of(1, 2, 3, 4, 5) },
      { type: 'bytes', value: Uint8Array.of(1, 2, 3, 4, 5) },
    ],
    ['T', true, bool(true)],
    ['F', false, bool(false)],
    ['N', null, nullValue],
    ['I', { type: 'bang' }, bool(true)],
    ['c', { type: 'character', value: 'é' }, text('é')],
    ['m', { type: 'midi', value: [0, 0x90, 60, 127] }, { type: 'bytes', value: Uint8Array.of(0, 0x90, 60, 127) }],
    ['t', { type: 'timetag', value: new Date(1_700_000_000_500) }, { type: 'i64', value: 1_700_000_000_500_000n }],
  ];

  it.each(cases)('[OS2] reads the type %s', (tag, argument, value) => {
    const bytes = toBuffer({ address: '/x', args: [argument] });
    expect(Buffer.from(bytes.buffer).toString('latin1', 4, 6)).toBe(`,${tag}`);
    const isBare = tag === 'N' || tag === 'I';
    const message = { address: '/x', value, ...(isBare && { isBare }) };
    expect(decodeOscPacket(viewOf(bytes))).toEqual({ messages: [message], malformed: 0 });
  });

  it('[OS2] reads what oscsend put on a real wire', () => {
    const [fader, all] = [captured['oscsend-fader'], captured['oscsend-all-types']].map((hex) =>
      decodeOscPacket(Buffer.from(hex, 'hex')),
    );
    expect(fader).toEqual({ messages: [{ address: '/desk/fader/1', value: f32(0.75) }], malformed: 0 });
    const midi: Value = { type: 'bytes', value: Uint8Array.of(0, 0x90, 0x3c, 0x7f) };
    const numbers: Value[] = [
      { type: 'i32', value: -3 },
      { type: 'i64', value: 9_007_199_254_740_993n },
      f32(0.75),
      f64(3.14159),
    ];
    const value = [
      ...numbers,
      text('Scene 1'),
      text('sym'),
      text('x'),
      midi,
      bool(true),
      bool(false),
      nullValue,
      bool(true),
    ];
    expect(all).toEqual({ messages: [{ address: '/all', value: { type: 'array', value } }], malformed: 0 });
  });

  it('[OS3] writes a float as oscsend does', () => {
    expect(Buffer.from(encodeOscMessage('/desk/fader/1', f64(0.75))).toString('hex')).toBe(captured['oscsend-fader']);
  });

  it('[OS2] reads a colour as red, green, blue, alpha', () => {
    // Written by hand: the library writes colours with twelve bytes too many.
    const bytes = Buffer.from('/x\0\0,r\0\0\x0a\x14\x1e\xff', 'latin1');
    const channels = [10, 20, 30, 255].map((value): Value => ({ type: 'i32', value }));
    expect(decodeOscPacket(bytes).messages).toEqual([{ address: '/x', value: { type: 'array', value: channels } }]);
  });

  it('[OS2] reads no arguments as null, one as itself, several as an array, and arrays within', () => {
    const valueFor = (...args: OscArgInput[]): Value | undefined =>
      decodeOscPacket(viewOf(toBuffer({ address: '/x', args }))).messages[0]?.value;
    expect(valueFor()).toEqual(nullValue);
    expect(decodeOscPacket(Buffer.from('/x\0\0')).messages[0]?.value).toEqual(nullValue);
    expect(valueFor(1)).toEqual(f32(1));
    expect(valueFor(1, 'a')).toEqual({ type: 'array', value: [f32(1), text('a')] });
    const nested = toBuffer({ address: '/x', args: [true, [1, [2]]] });
    const inner: Value = { type: 'array', value: [f32(1), { type: 'array', value: [f32(2)] }] };
    expect(decodeOscPacket(viewOf(nested)).messages[0]?.value).toEqual({ type: 'array', value: [bool(true), inner] });
  });

  it.each<[Value, string]>([
    [{ type: 'i8', value: -1 }, ',i'],
    [{ type: 'i32', value: 5 }, ',i'],
    [{ type: 'i64', value: 5n }, ',i'],
    [{ type: 'i64', value: -(2n ** 31n) - 1n }, ',h'],
    [f32(0.5), ',f'],
    [f64(0.1), ',f'],
    [f64(1e300), ',d'],
    [f64(Infinity), ',f'],
    [text('a'), ',s'],
    [bool(true), ',T'],
    [bool(false), ',F'],
    [nullValue, ',N'],
    [{ type: 'bytes', value: Uint8Array.of(1) }, ',b'],
    [{ type: 'array', value: [] }, ','],
    [{ type: 'array', value: [bool(true), { type: 'array', value: [f32(1)] }] }, ',T[f]'],
    [{ type: 'map', value: [['a', f32(1)]] }, ',s'],
  ])('[OS3] writes %o with the tags %s', (value, tags) => {
    const bytes = Buffer.from(encodeOscMessage('/x', value));
    expect(bytes.toString('latin1', 4, bytes.indexOf(0, 5) < 0 ? undefined : bytes.indexOf(0, 4))).toBe(tags);
  });

  it('[OS3] writes a map as JSON', () => {
    const value: Value = {
      type: 'map',
      value: [
        ['x', f64(0.5)],
        ['on', bool(true)],
        ['id', { type: 'i64', value: 9n }],
      ],
    };
    expect(fromBuffer(encodeOscMessage('/x', value))).toMatchObject({
      args: [{ value: '{"x":0.5,"on":true,"id":9}' }],
    });
  });

  it('[OS3] brings every scalar that OSC has a type for back as it was', () => {
    const same = arbitraryValue.filter(({ type }) => ['null', 'bool', 'i32', 'f32', 'bytes', 'string'].includes(type));
    fc.assert(
      fc.property(same, (value) => {
        fc.pre(value.type !== 'string' || !value.value.includes('\0'));
        const [message] = decodeOscPacket(encodeOscMessage('/a/b', value)).messages;
        return message !== undefined && sameValue(message.value, value);
      }),
    );
  });

  it('[OS3] writes any value as a message that reads back, or refuses it as a value OSC cannot carry', () => {
    fc.assert(
      fc.property(arbitraryValue, (value) => {
        let bytes;
        try {
          bytes = encodeOscMessage('/a', value);
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad-value' });
          return;
        }
        expect(decodeOscPacket(bytes)).toMatchObject({ messages: [{ address: '/a' }], malformed: 0 });
      }),
    );
  });
});

describe('OSC bundles', () => {
  const now: [number, number] = [0, 1];

  it('[OS4] are unpacked in their order, also one inside another', () => {
    const packet = bundle(now, ['/1', bundle(now, ['/2', '/3']), '/4']);
    const { messages, malformed } = decodeOscPacket(viewOf(toBuffer(packet)));
    expect(messages.map(({ address, at }) => [address, at])).toEqual([
      ['/1', undefined],
      ['/2', undefined],
      ['/3', undefined],
      ['/4', undefined],
    ]);
    expect(malformed).toBe(0);
  });

  it('[OS4] lose only the message that cannot be read, and it is counted', () => {
    const good = element(Buffer.from('/ok\0,\0\0\0'));
    const bad = element(Buffer.from('/bad\0\0\0\0,i\0\0'));
    const packet = Buffer.concat([Buffer.from('#bundle\0\0\0\0\0\0\0\0\x01'), good, bad, good]);
    expect(decodeOscPacket(packet)).toMatchObject({ messages: [{ address: '/ok' }, { address: '/ok' }], malformed: 1 });
    expect(decodeOscPacket(packet.subarray(0, -1))).toMatchObject({ messages: [{ address: '/ok' }], malformed: 2 });
  });

  it('[OS4] nest to a limit', () => {
    const nest = (depth: number): OscPacketInput =>
      depth === 0 ? { address: '/deep' } : bundle(now, [nest(depth - 1)]);
    expect(decodeOscPacket(viewOf(toBuffer(nest(bundleDepthMax)))).messages).toHaveLength(1);
    expect(decodeOscPacket(viewOf(toBuffer(nest(bundleDepthMax + 1))))).toEqual({ messages: [], malformed: 1 });
  });

  it('[OS5] carry NTP times since 1900, and the inner one never comes before the outer one', () => {
    // 2024-01-01T00:00:00.25Z as RFC 4330 counts it
    const outer: [number, number] = [3_913_056_000, 2 ** 30];
    const packet = bundle(outer, [
      '/a',
      bundle([outer[0] - 5, 0], ['/b']),
      bundle([outer[0] + 5, 0], ['/c']),
      bundle(now, ['/d']),
    ]);
    const at = Date.UTC(2024, 0, 1) * 1000 + 250_000;
    expect(decodeOscPacket(viewOf(toBuffer(packet))).messages.map((message) => message.at)).toEqual([
      at,
      at,
      at + 4_750_000,
      at,
    ]);
  });

  it('[OS5] are read past the year 2036, where the seconds begin again', () => {
    const packet = bundle([10, 0], ['/a']);
    expect(decodeOscPacket(viewOf(toBuffer(packet))).messages[0]?.at).toBe(Date.UTC(2036, 1, 7, 6, 28, 26) * 1000);
  });
});

describe('hostile OSC', () => {
  it('[OS7] never throws, whatever the datagram holds', () => {
    const piece = fc.constantFrom(
      '#bundle\0',
      '/a\0\0',
      ',',
      ',[',
      ',]',
      ',b\0\0',
      ',iTfs[',
      '\0\0\0\x08',
      '\xff\xff\xff\xff',
      '\0\0\0\0',
    );
    const made = fc
      .array(fc.oneof(piece, fc.string({ unit: anyCharacter, maxLength: 8 })), { maxLength: 30 })
      .map((parts) => Buffer.from(parts.join(''), 'latin1'));
    fc.assert(
      fc.property(fc.oneof(made, fc.uint8Array({ maxLength: 400 })), (bytes) => {
        const { messages, malformed } = decodeOscPacket(bytes);
        expect(messages.length + malformed).toBeLessThanOrEqual(Math.max(1, bytes.length / 4));
      }),
      { numRuns: 20_000 },
    );
  });

  it.each<[string, Buffer]>([
    ['an empty datagram', Buffer.alloc(0)],
    ['an address without end', Buffer.from('/abc')],
    ['no slash', Buffer.from('abc\0,\0\0\0')],
    ['an unknown type', Buffer.from('/a\0\0,Z\0\0')],
    ['a blob of minus eight bytes', Buffer.from('/a\0\0,b\0\0\xff\xff\xff\xf8', 'latin1')],
    ['a blob longer than the datagram', Buffer.from('/a\0\0,b\0\0\x7f\xff\xff\xff', 'latin1')],
    ['a character of three bytes', Buffer.from('/a\0\0,c\0\0\x7f\xff\xff', 'latin1')],
    ['an array that does not end', Buffer.from('/a\0\0,[i\0\0\0\0\x01')],
    ['a bundle without time', Buffer.from('#bundle\0')],
    [
      'a bundle with an element of minus one byte',
      Buffer.from('#bundle\0\0\0\0\0\0\0\0\x01\xff\xff\xff\xff', 'latin1'),
    ],
    ['a bundle of empty elements', Buffer.concat([Buffer.from('#bundle\0\0\0\0\0\0\0\0\x01'), Buffer.alloc(64_000)])],
    ['arrays nested beyond measure', Buffer.from(`/a\0\0,${'['.repeat(30_001)}${']'.repeat(30_000)}]\0`)],
    ['too many arguments', Buffer.from(`/a\0\0,${'T'.repeat(argumentsMax + 3)}\0\0\0\0`)],
  ])('[OS7] counts %s as malformed', (_what, bytes) => {
    expect(decodeOscPacket(bytes)).toEqual({ messages: [], malformed: 1 });
  });

  it('[OS7] takes as many arguments as the limit says', () => {
    const bytes = toBuffer({ address: '/a', args: Array<true>(argumentsMax).fill(true) });
    expect(decodeOscPacket(viewOf(bytes)).messages).toHaveLength(1);
  });

  it('[OS7] keeps nothing of the datagram it was given', () => {
    const bytes = Buffer.from(encodeOscMessage('/a', { type: 'bytes', value: Uint8Array.of(1, 2, 3) }));
    const { messages } = decodeOscPacket(bytes);
    bytes.fill(0xee);
    expect(messages[0]?.value).toEqual({ type: 'bytes', value: Uint8Array.of(1, 2, 3) });
  });
});

function bundle(timetag: [number, number], elements: (string | OscPacketInput)[]) {
  return { timetag, elements: elements.map((item) => (typeof item === 'string' ? { address: item } : item)) };
}

function element(bytes: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(bytes.length);
  return Buffer.concat([size, bytes]);
}

function viewOf({ buffer, byteOffset, byteLength }: DataView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
