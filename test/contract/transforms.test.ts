import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { easings, type Transform } from '../../src-main/contract/show.ts';
import { applyTransform, chainLanesMax, createChain, traceChain } from '../../src-main/contract/transforms.ts';

const seed = 20261121;
const some = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const scale: Transform = { type: 'scale', enabled: true, inMin: 0, inMax: 1, outMin: 0, outMax: 255 };
const clamp: Transform = { type: 'clamp', enabled: true, min: 10, max: 20 };
const slow: Transform = { type: 'curve', enabled: true, easing: 'ease-in', bezier: [0, 0, 1, 1], min: 0, max: 1 };
const gate: Transform = { type: 'threshold', enabled: true, at: 0.5, hysteresis: 0.2, below: 0, above: 1 };

const run = (transform: Transform, ...inputs: number[]): number[] => {
  const memory = {};
  return inputs.map((input) => applyTransform(transform, input, memory));
};

const anyTransform: fc.Arbitrary<Transform> = fc.oneof(
  fc.record({
    type: fc.constant('scale' as const),
    enabled: fc.boolean(),
    inMin: some,
    inMax: some,
    outMin: some,
    outMax: some,
  }),
  fc.record({ type: fc.constant('clamp' as const), enabled: fc.boolean(), min: some, max: some }),
  fc.record({ type: fc.constant('invert' as const), enabled: fc.boolean(), min: some, max: some }),
  fc.record({
    type: fc.constant('curve' as const),
    enabled: fc.boolean(),
    easing: fc.constantFrom(...easings),
    bezier: fc.tuple(
      fc.double({ min: 0, max: 1, noNaN: true }),
      some,
      fc.double({ min: 0, max: 1, noNaN: true }),
      some,
    ),
    min: some,
    max: some,
  }),
  fc.record({
    type: fc.constant('threshold' as const),
    enabled: fc.boolean(),
    at: some,
    hysteresis: fc.double({ min: 0, max: 1e6, noNaN: true }),
    below: some,
    above: some,
  }),
  fc.record({
    type: fc.constant('quantize' as const),
    enabled: fc.boolean(),
    min: some,
    max: some,
    steps: fc.integer({ min: 2, max: 65_536 }),
  }),
);

describe('applyTransform', () => {
  it('[CV10] scales a line exactly at both ends and goes on beyond them', () => {
    expect(run(scale, 0, 0.5, 1, 2, -1)).toEqual([0, 127.5, 255, 510, -255]);
    expect(run({ ...scale, inMin: 1, inMax: 0 }, 0, 1)).toEqual([255, 0]);
    expect(run({ ...scale, inMin: 0.5, inMax: 0.5, outMin: 7 }, 0, 0.5, 9)).toEqual([7, 7, 7]);
  });

  it('[CV11] clamps between two ends given either way round', () => {
    expect(run(clamp, 5, 15, 25)).toEqual([10, 15, 20]);
    expect(run({ ...clamp, min: 20, max: 10 }, 5, 15, 25)).toEqual([10, 15, 20]);
  });

  it('[CV12] inverts around the middle of its range', () => {
    expect(run({ type: 'invert', enabled: true, min: 0, max: 255 }, 0, 100, 255)).toEqual([255, 155, 0]);
  });

  it('[CV13] bends a range by its easing and holds what lies outside', () => {
    expect(run({ ...slow, min: 0, max: 100 }, -5, 0, 50, 100, 120)).toEqual([0, 0, 25, 100, 100]);
    expect(run({ ...slow, min: 4, max: 4 }, 3, 4, 5)).toEqual([4, 4, 4]);
  });

  it('[CV14] switches up at its level and back only below level less hysteresis', () => {
    expect(run(gate, 0.4, 0.49, 0.5, 0.45, 0.3, 0.29, 0.45, 0.5)).toEqual([0, 0, 1, 1, 1, 0, 0, 1]);
    expect(run({ ...gate, hysteresis: 0 }, 0.5, 0.499, 0.5)).toEqual([1, 0, 1]);
  });

  it('[CV15] quantizes to evenly spread levels, both ends included', () => {
    const four: Transform = { type: 'quantize', enabled: true, min: 0, max: 3, steps: 4 };
    expect(run(four, -1, 0.4, 0.6, 1.5, 2.9, 9)).toEqual([0, 0, 1, 2, 3, 3]);
    expect(run({ ...four, min: 2, max: 2 }, 1, 5)).toEqual([2, 2]);
  });

  it('[CV16] passes what a switched-off step gets, and NaN, untouched', () => {
    const property = fc.property(anyTransform, fc.double(), (transform, input) => {
      expect(applyTransform({ ...transform, enabled: false }, input, {})).toBe(input);
      expect(applyTransform(transform, Number.NaN, {})).toBeNaN();
    });
    fc.assert(property, { seed, numRuns: 2000 });
  });
});

describe('createChain and traceChain', () => {
  it('[CV17] run any chain without throwing, and the last step traced is what the chain gives', () => {
    const property = fc.property(fc.array(anyTransform, { maxLength: 32 }), fc.double(), (transforms, input) => {
      const traced = traceChain(transforms, input);
      expect(traced).toHaveLength(transforms.length);
      expect(createChain(transforms).run(input)).toBe(traced.at(-1) ?? input);
    });
    fc.assert(property, { seed, numRuns: 3000 });
  });

  it('[CV18] give the value after every step, with a step that is off repeating what came', () => {
    expect(traceChain([slow, { ...clamp, enabled: false }, scale], 0.5)).toEqual([0.25, 0.25, 63.75]);
  });

  it('[CV19] traces with given memory and leaves that memory as it was', () => {
    const memory = [{ above: true }];
    expect(traceChain([gate], 0.4, memory)).toEqual([1]);
    expect(traceChain([gate], 0.1, memory)).toEqual([0]);
    expect(memory).toEqual([{ above: true }]);
  });

  it('[CV20] remembers for each lane by itself', () => {
    const chain = createChain([gate]);
    expect([chain.run(0.6, 'a'), chain.run(0.4, 'b'), chain.run(0.4, 'a'), chain.run(0.4, 'b')]).toEqual([1, 0, 1, 0]);
  });

  it(`[CV21] remembers ${chainLanesMax} lanes and forgets the one silent longest`, () => {
    const chain = createChain([gate]);
    for (let lane = 0; lane < chainLanesMax; lane++) chain.run(0.6, `${lane}`);
    expect(chain.run(0.4, '0')).toBe(1);
    chain.run(0.6, 'one more');
    expect(chain.run(0.4, '0')).toBe(1);
    expect(chain.run(0.4, '1')).toBe(0);
  });
});
