import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { mappingSchema } from '../../../src-main/contract/show.ts';
import { f64, integer, nullValue, type Signal } from '../../../src-main/contract/signal.ts';
import { createChain } from '../../../src-main/contract/transforms.ts';
import { micros } from '../../../src-main/contract/units.ts';
import { compileMapping, isCompiled } from '../../../src-main/core/mapping/compile-mapping.ts';
import { mapSignal, outgoingOf, valueToShow } from '../../../src-main/core/mapping/map-signal.ts';

const address = parseAddress('/in');
const toLevel = { transforms: [{ type: 'scale', inMin: 0, inMax: 1, outMin: 0, outMax: 255 }] };
const samples: Signal = { kind: 'stream', address, value: nullValue, samples: [0, 0.5, 1], rate: 100 };

function run(
  signal: Signal,
  target: Record<string, unknown>,
  rest: Record<string, unknown> = {},
): ReturnType<typeof mapSignal> {
  const parts = {
    id: 'm',
    number: 1,
    source: { pattern: '/in' },
    target: { address: '/out', ...target },
    transforms: [],
    ...rest,
  };
  const compiled = compileMapping(mappingSchema.parse(parts));
  if (!isCompiled(compiled)) throw new Error(compiled.reason);
  const to = outgoingOf(compiled, signal);
  if (!to) throw new Error('no address');
  return mapSignal({ ...compiled, chain: createChain(compiled.mapping.transforms) }, signal, to);
}

describe('mapSignal', () => {
  it('[MP21] keeps the kind with all that belongs to it, or sends the kind the mapping names', () => {
    const gesture: Signal = {
      kind: 'gesture',
      address,
      value: nullValue,
      gestureId: 4,
      phase: 'move',
      timestamp: micros(5),
    };
    const out = { address: '/out', value: nullValue };
    expect(run(gesture, { kind: 'same' })).toEqual({ ...gesture, ...out });
    expect(run(gesture, { kind: 'param' })).toEqual({ kind: 'param', ...out });
    expect(run(gesture, { kind: 'event' })).toEqual({ kind: 'event', ...out, timestamp: 5 });
    expect(run(gesture, { kind: 'stream' })).toEqual({ kind: 'stream', ...out, timestamp: 5 });
    expect(run({ kind: 'param', address, value: f64(1) }, { kind: 'event' })).toEqual({
      kind: 'event',
      ...out,
      value: f64(1),
    });
  });

  it('[MP22] takes the samples of a stream one by one, and gives other kinds the last of them', () => {
    expect(run(samples, { as: 'integer' }, toLevel)).toEqual({ ...samples, address: '/out', samples: [0, 128, 255] });
    expect(run(samples, { kind: 'param', as: 'integer' }, toLevel)).toEqual({
      kind: 'param',
      address: '/out',
      value: integer(255),
    });
    expect(run({ ...samples, samples: [0, Number.NaN] }, {})).toBe('not-finite');
    expect(run({ ...samples, samples: [] }, { kind: 'event' })).toEqual({
      kind: 'event',
      address: '/out',
      value: nullValue,
    });
  });
});

describe('valueToShow', () => {
  it('[MP34] is the value, or the last sample of a stream without one', () => {
    expect(valueToShow(samples)).toEqual(f64(1));
    expect(valueToShow({ ...samples, value: f64(7) })).toEqual(f64(7));
    expect(valueToShow({ kind: 'event', address, value: nullValue })).toEqual(nullValue);
  });
});
