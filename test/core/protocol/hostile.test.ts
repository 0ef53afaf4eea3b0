import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LimitError, ProtocolError } from '../../../src-main/contract/errors.ts';
import { decodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { payloadBytesMax } from '../../../src-main/core/protocol/limits.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { fromHex } from './plain-message.ts';
import { vectors } from './vectors.ts';

const randomInputs = 60_000;
const mutatedInputs = 60_000;
/** Far above what any frame takes, also on a busy machine; a hang or a quadratic decoder is what it catches. */
const oneInputMillisMax = 2000;
const frames = vectors.map(({ hex }) => fromHex(hex));

describe('hostile input', () => {
  // fast-check prints the seed, the path and the shrunk input when one of these fails.
  it(`[PR10] only ever throws a ProtocolError or a LimitError: ${randomInputs} random payloads`, () => {
    const type = fc.constantFrom(...messageTypes(), 0x81, 0x8f, 0xde, 0xdf);
    const tail = fc.uint8Array({ maxLength: 40, size: 'max' });
    const payload = fc.oneof(
      { weight: 4, arbitrary: fc.tuple(type, tail).map(([first, rest]) => [first, ...rest]) },
      { weight: 1, arbitrary: tail.map((bytes) => [...bytes]) },
    );
    const run = counted(randomInputs);
    fc.assert(
      fc.property(payload, fc.integer({ min: 0, max: 0xff }), (bytes, flags) => {
        run.attempt(framed(bytes, flags & 0xdf));
      }),
      { numRuns: randomInputs },
    );
    run.check();
  });

  it(`[PR10] only ever throws a ProtocolError or a LimitError: ${mutatedInputs} changed vectors`, () => {
    const change = fc.tuple(fc.nat(200), fc.integer({ min: 0, max: 0xff }));
    const run = counted(mutatedInputs);
    fc.assert(
      fc.property(fc.constantFrom(...frames), fc.array(change, { minLength: 1, maxLength: 4 }), (frame, changes) => {
        const bytes = frame.slice();
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        run.attempt(bytes);
      }),
      { numRuns: mutatedInputs },
    );
    run.check();
  });

  it('[PR10] refuses every vector cut off at any byte', () => {
    for (const { hex } of vectors) {
      const frame = fromHex(hex);
      for (let length = 0; length < frame.length; length++) {
        expect(() => decodeFrame(frame.subarray(0, length)), `${hex} at ${length}`).toThrow(ProtocolError);
      }
    }
  });

  it('[PR10] survives every vector whose declared payload is cut off at any byte', () => {
    for (const { hex } of vectors.filter(({ id }) => !id.startsWith('N'))) {
      const frame = fromHex(hex);
      const header = (frame[1] ?? 0) & 0x20 ? 12 : 4;
      for (let payload = 0; payload < frame.length - header; payload++) {
        const cut = frame.slice(0, header + payload);
        cut[2] = payload >> 8;
        cut[3] = payload;
        attempt(cut);
      }
    }
  });

  it.each(bombs())('[PR7] refuses at once, before allocating: $name', ({ payload }) => {
    const frame = framed(payload);
    attempt(frame);
    const before = process.memoryUsage();
    const start = performance.now();
    for (let i = 0; i < 20; i++) expect(() => decodeFrame(frame)).toThrow(ProtocolError);
    expect((performance.now() - start) / 20).toBeLessThan(oneInputMillisMax);
    const after = process.memoryUsage();
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(20 * payloadBytesMax);
  });

  it.each(heavyPayloads())('[PR10] decodes in bounded time the heaviest that fits: $name', ({ payload }) => {
    const start = performance.now();
    attempt(framed(payload));
    expect(performance.now() - start).toBeLessThan(oneInputMillisMax);
  });
});

/** Decodes, and looks at every value, as the router may do later. */
function attempt(bytes: Uint8Array): 'decoded' | 'refused' {
  try {
    visit(decodeFrame(bytes).message);
    return 'decoded';
  } catch (error) {
    if (error instanceof ProtocolError || error instanceof LimitError) return 'refused';
    throw error;
  }
}

function counted(expected: number): { attempt(bytes: Uint8Array): void; check(): void } {
  const seen = { decoded: 0, refused: 0 };
  let slowest = 0;
  return {
    attempt: (bytes) => {
      const start = performance.now();
      seen[attempt(bytes)]++;
      slowest = Math.max(slowest, performance.now() - start);
    },
    check: () => {
      expect(seen.decoded + seen.refused).toBe(expected);
      expect(seen.decoded, 'some must decode, or nothing behind the first check was tried').toBeGreaterThan(
        expected / 50,
      );
      expect(seen.refused).toBeGreaterThan(expected / 50);
      expect(slowest).toBeLessThan(oneInputMillisMax);
    },
  };
}

function visit(part: unknown): void {
  if (part instanceof WireValue) expect(part.value.type).toBeTypeOf('string');
  else if (typeof part === 'object' && part !== null) for (const item of Object.values(part)) visit(item);
}

function framed(payload: readonly number[] | Uint8Array, flags = 0x41): Uint8Array {
  const size = payload.length;
  return Uint8Array.from([0x53, flags, size >> 8, size, ...payload]);
}

function messageTypes(): number[] {
  return [
    0x01, 0x02, 0x03, 0x04, 0x10, 0x11, 0x20, 0x21, 0x22, 0x23, 0x24, 0x30, 0x40, 0x41, 0x42, 0x50, 0x51, 0x60, 0x61,
  ];
}

function repeat(times: number, bytes: readonly number[]): number[] {
  return Array.from({ length: times }, () => bytes).flat();
}

/** SET /v of an array or a map with this data. */
function set(code: number, data: readonly number[]): number[] {
  return [0x21, code, 0, 2, 0x2f, 0x76, ...data];
}

function bombs(): { name: string; payload: number[] }[] {
  const nested = repeat(10_000, [0, 1, 0x0a]);
  const legacySet = (value: readonly number[]): number[] => [
    ...[0x83, 0xa4, 0x74, 0x79, 0x70, 0x65, 0xa3, 0x53, 0x45, 0x54],
    ...[0xa7, 0x61, 0x64, 0x64, 0x72, 0x65, 0x73, 0x73, 0xa2, 0x2f, 0x76],
    ...[0xa5, 0x76, 0x61, 0x6c, 0x75, 0x65, ...value],
  ];
  return [
    { name: 'an array of 65 535 items that are not there', payload: set(0x0a, [0xff, 0xff]) },
    { name: 'a map of 65 535 entries that are not there', payload: set(0x0b, [0xff, 0xff]) },
    { name: 'a text of 65 535 bytes that are not there', payload: set(0x08, [0xff, 0xff, 0x61]) },
    { name: 'arrays nested 10 000 deep', payload: set(0x0a, nested) },
    { name: 'maps nested 10 000 deep', payload: set(0x0b, repeat(9000, [0, 1, 0, 0, 0x0b])) },
    { name: 'a snapshot of 65 535 params', payload: [0x23, 0xff, 0xff, 0, 0] },
    { name: 'a bundle of 65 535 messages', payload: [0x30, 0, 0xff, 0xff, 0, 1, 0x41] },
    { name: 'bundles nested 5 000 deep', payload: nestedBundles(5000) },
    { name: 'samples that are not there', payload: [0x20, 0x40, 0, 1, 0x2f, 2, 0xff, 0xff] },
    { name: 'legacy: an array of 2^32-1', payload: legacySet([0xdd, 0xff, 0xff, 0xff, 0xff]) },
    { name: 'legacy: a map of 2^32-1', payload: [0xdf, 0xff, 0xff, 0xff, 0xff] },
    { name: 'legacy: bytes of 2^32-1', payload: legacySet([0xc6, 0xff, 0xff, 0xff, 0xff]) },
    { name: 'legacy: large arrays in each other', payload: legacySet(repeat(20_000, [0xdc, 0x7f, 0xff])) },
    { name: 'legacy: arrays nested 60 000 deep', payload: legacySet(repeat(60_000, [0x91])) },
    { name: 'legacy: maps as keys', payload: repeat(60_000, [0x81]) },
  ];
}

function nestedBundles(depth: number): number[] {
  let payload = [0x41];
  for (let i = 0; i < depth; i++) payload = [0x30, 0, 0, 1, payload.length >> 8, payload.length & 0xff, ...payload];
  return payload;
}

function heavyPayloads(): { name: string; payload: number[] }[] {
  const count = (items: number): number[] => [items >> 8, items & 0xff];
  return [
    { name: '65 500 nulls', payload: set(0x0a, [...count(65_500), ...repeat(65_500, [0])]) },
    { name: '20 000 entries of a map', payload: set(0x0b, [...count(20_000), ...repeat(20_000, [0, 0, 0])]) },
    { name: '21 000 pings in a bundle', payload: [0x30, 0, ...count(21_000), ...repeat(21_000, [0, 1, 0x41])] },
    { name: '5 000 params', payload: [0x23, ...count(5000), ...repeat(5000, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])] },
    {
      name: 'a long text of two-byte characters',
      payload: set(0x08, [...count(65_000), ...repeat(32_500, [0xc3, 0xa9])]),
    },
    {
      name: 'legacy: one key of underscores',
      payload: [0x81, 0xda, ...count(60_000), ...repeat(60_000, [0x5f]), 0xc0],
    },
    {
      name: 'legacy: 15 000 small maps',
      payload: [0x81, 0xa1, 0x61, 0xdc, ...count(15_000), ...repeat(15_000, [0x81, 0xa0, 0x01])],
    },
    {
      name: 'legacy: 65 000 whole numbers',
      payload: [0x81, 0xa1, 0x61, 0xdc, ...count(65_000), ...repeat(65_000, [0x01])],
    },
  ];
}
