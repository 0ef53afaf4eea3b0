import * as fc from 'fast-check';
import { Manager } from 'socket.io-client';
import { describe, expect, it } from 'vitest';
import { fromJson, nullValue, valueDepthMax, type Value } from '../../src-main/contract/signal.ts';
import { argumentOf, attachmentsMax, valueOfArguments } from '../../src-main/platform/event-arguments.ts';
import { arbitraryValue } from '../arbitrary-signal.ts';

describe('arguments of events as values', () => {
  it('[SO3] none is null, one is itself, several are a list, with bytes anywhere', () => {
    expect(valueOfArguments([])).toEqual(nullValue);
    expect(valueOfArguments([5])).toEqual(fromJson(5));
    expect(valueOfArguments([1, 'a', null])).toEqual(fromJson([1, 'a', null]));
    const received = Buffer.from('abcdef');
    const value = valueOfArguments([{ x: [received.subarray(1, 3)] }]);
    received.fill(0);
    expect(value).toEqual(fromJson({ x: [Uint8Array.of(98, 99)] }));
  });

  it('[SO3] what is too deep, or no value at all, is refused', () => {
    let deep: unknown = 1;
    for (let i = 0; i <= valueDepthMax; i++) deep = [deep];
    expect(() => valueOfArguments([deep])).toThrow('nests at most');
    expect(() => valueOfArguments([() => 1])).toThrow('cannot be a value');
  });

  it('[SO3] what JSON does not know leaves as text, and bytes as bytes', () => {
    const value: Value = {
      type: 'map',
      value: [
        ['big', { type: 'i64', value: 2n ** 60n }],
        ['small', { type: 'i64', value: 5n }],
        ['none', { type: 'f64', value: NaN }],
        ['far', { type: 'f32', value: -Infinity }],
        ['raw', { type: 'bytes', value: Uint8Array.of(1) }],
      ],
    };
    expect(argumentOf(value)).toEqual({
      big: '1152921504606846976',
      small: 5,
      none: 'NaN',
      far: '-Infinity',
      raw: Buffer.of(1),
    });
    const pieces = (count: number): Value => fromJson(Array.from({ length: count }, () => Uint8Array.of(1)));
    expect(() => argumentOf(pieces(attachmentsMax))).not.toThrow();
    expect(() => argumentOf(pieces(attachmentsMax + 1))).toThrow('more than 10 pieces');
    expect(() => argumentOf(fromJson({ _placeholder: 1 }))).not.toThrow();
    for (const name of ['_placeholder', '__proto__'])
      expect(() =>
        argumentOf({ type: 'array', value: [fromJson(Uint8Array.of(1)), { type: 'map', value: [[name, nullValue]] }] }),
      ).toThrow('keeps for itself');
  });

  it('[SO3] whatever leaves is read by the library itself, and is the same when it comes back', () => {
    fc.assert(
      fc.property(arbitraryValue, (value) => {
        let plain: unknown;
        try {
          plain = argumentOf(value);
        } catch {
          return;
        }
        expect(JSON.stringify(argumentOf(valueOfArguments([crossed(plain)])))).toBe(JSON.stringify(plain));
      }),
      { numRuns: 500 },
    );
  });
});

/** Over the wire and back, by the library's own writer and reader. */
function crossed(plain: unknown): unknown {
  let found: unknown;
  const { encoder, decoder } = new Manager('http://127.0.0.1:1', { autoConnect: false }) as unknown as {
    readonly encoder: { encode(packet: object): unknown[] };
    readonly decoder: { add(part: unknown): void; on(event: 'decoded', run: (packet: Packet) => void): void };
  };
  decoder.on('decoded', (packet) => (found = packet.data[1]));
  for (const part of encoder.encode({ type: 2, nsp: '/', data: ['x', plain] })) decoder.add(part);
  return found;
}

interface Packet {
  readonly data: readonly unknown[];
}
