import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chainSummaryMax, describeChain, describeMapping } from '../../src-main/contract/mapping-words.ts';
import { easings, mappingSchema, type Mapping, type Transform } from '../../src-main/contract/show.ts';

const seed = 20261121;
const enabled = true;
const scale = (outMin: number, outMax: number): Transform => ({
  type: 'scale',
  enabled,
  inMin: 0,
  inMax: 1,
  outMin,
  outMax,
});
const clamp = (min: number, max: number): Transform => ({ type: 'clamp', enabled, min, max });
const curve = (
  easing: (typeof easings)[number],
  bezier: [number, number, number, number] = [0, 0, 1, 1],
): Transform => ({
  type: 'curve',
  enabled,
  easing,
  bezier,
  min: 0,
  max: 1,
});
const invert: Transform = { type: 'invert', enabled, min: 0, max: 1 };
const quantize: Transform = { type: 'quantize', enabled, min: 0, max: 1, steps: 8 };
const gate = { type: 'threshold', enabled, at: 300, hysteresis: 0, below: 0, above: 1 } as const satisfies Transform;

const sentence = (transforms: Transform[], target: Partial<Mapping['target']> = {}): string =>
  describeMapping(
    mappingSchema.parse({
      id: 'a',
      number: 3,
      source: { pattern: '/desk/fader/1' },
      target: { address: '/sacn/1/1', ...target },
      transforms,
    }),
  );

describe('describeChain', () => {
  it.each<[string, Transform[]]>([
    ['as it is', []],
    ['as it is', [{ ...invert, enabled: false }]],
    ['to 0–255', [scale(0, 255)]],
    ['to -1…1', [scale(-1, 1)]],
    ['slow start, to 0–255', [curve('ease-in'), scale(0, 255)]],
    ['300 or more', [gate]],
    ['inverted, 8 steps', [invert, quantize]],
    ['within 40–12\u2009000', [clamp(40, 12_000)]],
    ['slow start +2', [curve('ease-in'), scale(20, 18_000), clamp(40, 12_000)]],
    ['slow start', [curve('cubic-bezier', [0.46, 0, 0.8, 0.6])]],
    ['soft ends', [curve('cubic-bezier', [0.4, 0, 0.2, 1])]],
    ['limited', [clamp(-123_456.789, 987_654.321)]],
  ])('[CV50] says %s', (words, transforms) => {
    expect(describeChain(transforms)).toBe(words);
  });

  it(`[CV51] never takes more than ${chainSummaryMax} characters, whatever the numbers`, () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    const step = fc.oneof(
      fc.tuple(number, number).map(([a, b]) => scale(a, b)),
      fc.tuple(number, number).map(([a, b]) => clamp(a, b)),
      fc.constantFrom(...easings).map((easing) => curve(easing)),
      fc.tuple(number, number).map(([at, above]): Transform => ({ ...gate, at, above })),
      fc.integer({ min: 2, max: 65_536 }).map((steps): Transform => ({ ...quantize, steps })),
    );
    const property = fc.property(fc.array(step, { maxLength: 32 }), (transforms) => {
      const words = describeChain(transforms);
      expect(words.length).toBeGreaterThan(0);
      expect(words.length).toBeLessThanOrEqual(chainSummaryMax);
    });
    fc.assert(property, { seed, numRuns: 5000 });
  });
});

describe('describeMapping', () => {
  it.each<[string, string]>([
    [sentence([]), 'When /desk/fader/1 moves, /sacn/1/1 follows as it is.'],
    [sentence([scale(0, 255)]), 'When /desk/fader/1 moves, /sacn/1/1 follows from 0 to 255.'],
    [
      sentence([curve('ease-in'), scale(0, 255)], { as: 'integer' }),
      'When /desk/fader/1 moves, /sacn/1/1 follows from 0 to 255, slowly at first, in whole numbers.',
    ],
    [
      sentence([curve('ease-in'), scale(20, 18_000), clamp(40, 12_000)]),
      'When /desk/fader/1 moves, /sacn/1/1 follows from 40 to 12\u2009000, slowly at first.',
    ],
    [sentence([invert]), 'When /desk/fader/1 moves, /sacn/1/1 follows from 1 to 0, upside down.'],
    [sentence([quantize]), 'When /desk/fader/1 moves, /sacn/1/1 follows from 0 to 1, in 8 steps.'],
    [sentence([gate]), 'When /desk/fader/1 reaches 300, /sacn/1/1 goes to 1; below it goes to 0.'],
    [
      sentence([{ ...gate, hysteresis: 20 }]),
      'When /desk/fader/1 reaches 300, /sacn/1/1 goes to 1; below 280 it goes to 0.',
    ],
    [sentence([gate, scale(0, 255)]), 'When /desk/fader/1 moves, /sacn/1/1 follows from 0 to 255, switched at 300.'],
    [sentence([], { kind: 'event' }), 'When /desk/fader/1 moves, /sacn/1/1 fires as it is.'],
  ])('[CV52] says: %s', (words, expected) => {
    expect(words).toBe(expected);
  });
});
