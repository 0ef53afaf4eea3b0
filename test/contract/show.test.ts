import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bridgeSchema,
  emptyShow,
  mappingSchema,
  settingsSchema,
  showLimits,
  showSchema,
  transformSchema,
} from '../../src-main/contract/show.ts';

const seed = 20261121;
const mapping = { id: 'm1', number: 1, source: { pattern: '/a' }, target: { address: '/b' }, transforms: [] };
const sacn = {
  kind: 'sacn',
  id: 'b1',
  number: 1,
  name: 'node',
  settings: {
    universes: [{ first: 1, last: 4, priority: 100 }],
    mode: 'multicast',
    unicastTo: [],
    networkCard: '',
    sourceName: 'Flyrail',
    cid: '3f1c1d5e-6c3b-4d0e-9a55-0d6f3a0e7f11',
  },
};

describe('the show schema', () => {
  it('[SE1] accepts an empty show and gives it back as it is', () => {
    const show = emptyShow('s1', 'Winterreise');
    expect(showSchema.parse(show)).toEqual(show);
    expect(show.settings).toEqual({
      autosaveSeconds: 30,
      backupsKeep: 20,
      signals: { rules: [], enforceRanges: false, enforceTypes: false },
    });
  });

  it('[SE2] fills in what may be left out', () => {
    expect(mappingSchema.parse(mapping)).toMatchObject({
      name: '',
      groupId: null,
      enabled: true,
      target: { kind: 'same', as: 'same' },
    });
    expect(bridgeSchema.parse(sacn)).toMatchObject({
      enabled: true,
      settings: { port: 5568, prefix: '/sacn', floats: 'unit' },
    });
  });

  it('[SF60] takes rules for signals: patterns, each once, up to 256, with one of five strategies', () => {
    const rules = (...patterns: string[]) => ({ rules: patterns.map((pattern) => ({ pattern, strategy: 'max' })) });
    const isFit = (signals: unknown): boolean => settingsSchema.safeParse({ signals }).success;
    expect(isFit({})).toBe(true);
    expect(isFit({ ...rules('/a/**', '/a/*', '/b'), enforceRanges: true })).toBe(true);
    expect(isFit(rules(...Array.from({ length: 256 }, (_, i) => `/${i}`)))).toBe(true);
    expect(isFit(rules(...Array.from({ length: 257 }, (_, i) => `/${i}`)))).toBe(false);
    for (const pattern of ['', 'a', '/a/x**', '/a//b']) expect(isFit(rules(pattern))).toBe(false);
    expect(isFit(rules('/a', '/b', '/a'))).toBe(false);
    expect(isFit({ rules: [{ pattern: '/a', strategy: 'best' }] })).toBe(false);
  });

  it.each<[string, unknown]>([
    ['an unknown key', { ...mapping, extra: 1 }],
    ['an id with a slash', { ...mapping, id: 'a/b' }],
    ['an id of 65 letters', { ...mapping, id: 'x'.repeat(65) }],
    ['number 0', { ...mapping, number: 0 }],
    ['a source without letters', { ...mapping, source: { pattern: '' } }],
    ['a kind of its own', { ...mapping, target: { address: '/b', kind: 'gesture' } }],
    [
      'too many steps',
      { ...mapping, transforms: Array(showLimits.transforms + 1).fill({ type: 'clamp', min: 0, max: 1 }) },
    ],
  ])('[SE3] refuses a mapping with %s', (_, given) => {
    expect(mappingSchema.safeParse(given).success).toBe(false);
  });

  it.each<[string, object]>([
    ['a universe 0', { universes: [{ first: 0, last: 1, priority: 100 }] }],
    ['a universe above 63 999', { universes: [{ first: 1, last: 64_000, priority: 100 }] }],
    ['a range that runs backwards', { universes: [{ first: 4, last: 1, priority: 100 }] }],
    ['a priority above 200', { universes: [{ first: 1, last: 1, priority: 201 }] }],
    ['no universe', { universes: [] }],
    ['a CID that is no UUID', { cid: 'flyrail' }],
    ['port 0', { port: 0 }],
  ])('[SE4] refuses an sACN bridge with %s', (_, change) => {
    expect(bridgeSchema.safeParse({ ...sacn, settings: { ...sacn.settings, ...change } }).success).toBe(false);
  });

  it('[SE5] refuses numbers that are not finite, and Bézier handles outside 0..1 in time', () => {
    for (const bad of [Number.NaN, Infinity, -Infinity, '1', null]) {
      expect(transformSchema.safeParse({ type: 'clamp', min: bad, max: 1 }).success).toBe(false);
    }
    const curve = { type: 'curve', easing: 'cubic-bezier', min: 0, max: 1 };
    expect(transformSchema.safeParse({ ...curve, bezier: [0, -3, 1, 4] }).success).toBe(true);
    expect(transformSchema.safeParse({ ...curve, bezier: [-0.1, 0, 1, 1] }).success).toBe(false);
    expect(transformSchema.safeParse({ ...curve, bezier: [0, 0, 1.1, 1] }).success).toBe(false);
  });

  it('[SE6] keeps objects of later areas untouched', () => {
    const cues = [{ id: 'c1', fade: { seconds: 4 }, list: [1, 'two', null] }];
    expect(showSchema.parse({ ...emptyShow('s', 'n'), cues }).cues).toEqual(cues);
    expect(showSchema.safeParse({ ...emptyShow('s', 'n'), cues: [{ fade: 4 }] }).success).toBe(false);
  });

  it('[SE7] never throws, whatever it is given, and what it gives it accepts again unchanged', () => {
    const near = fc.oneof(fc.anything(), fc.constantFrom<unknown>(mapping, sacn, [mapping], [sacn], 1, 'x'));
    const property = fc.property(fc.constantFrom(...Object.keys(emptyShow('s', 'n'))), near, (key, value) => {
      const read = showSchema.safeParse({ ...emptyShow('s', 'n'), [key]: value });
      if (read.success) expect(showSchema.parse(read.data)).toEqual(read.data);
    });
    fc.assert(property, { seed, numRuns: 5000 });
  });
});
