import * as fc from 'fast-check';
import { parseAddress, type Address } from '../src-main/contract/address.ts';
import type { Signal, Value } from '../src-main/contract/signal.ts';
import type { Micros } from '../src-main/contract/units.ts';
import { anyCharacter } from './any-character.ts';

/** Any value of any type, nested a little. */
export const arbitraryValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constant<Value>({ type: 'null' }),
    fc.boolean().map((value): Value => ({ type: 'bool', value })),
    fc.integer({ min: -128, max: 127 }).map((value): Value => ({ type: 'i8', value })),
    fc.integer({ min: -32_768, max: 32_767 }).map((value): Value => ({ type: 'i16', value })),
    fc.integer().map((value): Value => ({ type: 'i32', value })),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value): Value => ({ type: 'i64', value })),
    fc.float().map((value): Value => ({ type: 'f32', value })),
    fc.double().map((value): Value => ({ type: 'f64', value })),
    fc.string({ unit: anyCharacter }).map((value): Value => ({ type: 'string', value })),
    fc.uint8Array({ maxLength: 40 }).map((value): Value => ({ type: 'bytes', value })),
    fc.array(tie('value'), { maxLength: 5 }).map((value): Value => ({ type: 'array', value })),
    fc.array(fc.tuple(fc.string(), tie('value')), { maxLength: 5 }).map((value): Value => ({ type: 'map', value })),
  ),
})).value;

/** Any signal, at addresses of which some begin with one of the prefixes. */
export function arbitrarySignal(prefixes: readonly string[]): fc.Arbitrary<Signal> {
  const segment = fc.oneof(
    fc.stringMatching(/^[a-zA-Z0-9_.?[\]{}#, ~é-]{1,12}$/),
    fc.integer({ min: 0, max: 600 }).map(String),
  );
  const address: fc.Arbitrary<Address> = fc
    .tuple(fc.constantFrom('', ...prefixes), fc.array(segment, { minLength: 1, maxLength: 4 }))
    .map(([prefix, segments]) => parseAddress(`${prefix}/${segments.join('/')}`));
  const timestamp = fc.nat().map((value) => value as Micros);
  const common = { address, value: arbitraryValue };
  return fc.oneof(
    fc.record({ kind: fc.constant('param' as const), ...common }),
    fc.record({ kind: fc.constant('event' as const), ...common, timestamp }),
    fc.record({
      kind: fc.constant('stream' as const),
      ...common,
      samples: fc.array(fc.double(), { maxLength: 9 }),
      rate: fc.nat(),
    }),
    fc.record({ kind: fc.constant('timeline' as const), ...common }),
    fc.record({
      kind: fc.constant('gesture' as const),
      ...common,
      gestureId: fc.nat(),
      phase: fc.constantFrom('start' as const, 'move' as const, 'end' as const, 'cancel' as const),
    }),
  );
}
