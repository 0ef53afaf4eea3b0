import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bridgeSchema,
  emptyShow,
  mappingSchema,
  settingsSchema,
  showLimits,
  showSchema,
  signalRuleSchema,
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
      signals: { enforceRanges: false, enforceTypes: false },
      lateBundles: { policy: 'run', toleranceMs: 100 },
      dmx: { blackout: 'all' },
    });
    expect([show.signalRules, show.profiles, show.patch, show.softPatch]).toEqual([[], [], [], []]);
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

  it('[SF60] takes rules for signals: patterns, each once, up to 256, with one of five strategies, and switches', () => {
    const isFit = (signalRules: unknown): boolean =>
      showSchema.safeParse({ ...emptyShow('s', 'S'), signalRules }).success;
    const rules = (...patterns: string[]) => patterns.map((pattern, i) => ({ id: `r${i}`, pattern, strategy: 'max' }));
    expect(isFit(rules('/a/**', '/a/*', '/b'))).toBe(true);
    expect(isFit(rules(...Array.from({ length: 256 }, (_, i) => `/${i}`)))).toBe(true);
    expect(isFit(rules(...Array.from({ length: 257 }, (_, i) => `/${i}`)))).toBe(false);
    for (const pattern of ['', 'a', '/a/x**', '/a//b']) expect(isFit(rules(pattern))).toBe(false);
    expect(isFit(rules('/a', '/b', '/a'))).toBe(false);
    expect(isFit([{ id: 'r', pattern: '/a', strategy: 'best' }])).toBe(false);
    expect(isFit([{ pattern: '/a', strategy: 'max' }])).toBe(false);
    expect(settingsSchema.parse({ signals: { enforceRanges: true } }).signals).toEqual({
      enforceRanges: true,
      enforceTypes: false,
    });
    expect(settingsSchema.safeParse({ signals: { rules: [] } }).success).toBe(false);
  });

  it('[SF70] takes a datatype, a range and whether announcements hold with a rule, and leaves open what it does not say', () => {
    const rule = { id: 'r', pattern: '/lamp/**' };
    const open = { strategy: null, datatype: null, range: null, enforce: null };
    expect(signalRuleSchema.parse(rule)).toEqual({ ...rule, ...open });
    const whole = { ...rule, strategy: 'lock', datatype: 'i32', range: { min: -1, max: -1 }, enforce: false };
    expect(signalRuleSchema.parse(whole)).toEqual(whole);
    for (const bad of [
      { datatype: 'f32' },
      { datatype: 'colour' },
      { range: { min: 1, max: 0 } },
      { range: { min: 0, max: Infinity } },
      { range: { min: 0 } },
      { enforce: 'yes' },
      { extra: 1 },
    ])
      expect(signalRuleSchema.safeParse({ ...rule, ...bad }).success).toBe(false);
  });

  it('[SF71] says what becomes of late bundles: they run, or those later than 0 to 3 600 000 ms are dropped', () => {
    const of = (lateBundles: unknown) => settingsSchema.safeParse({ lateBundles }).data?.lateBundles;
    expect(of({})).toEqual({ policy: 'run', toleranceMs: 100 });
    expect(of({ policy: 'drop', toleranceMs: 0 })).toEqual({ policy: 'drop', toleranceMs: 0 });
    expect(of({ policy: 'drop', toleranceMs: 3_600_000 })).toEqual({ policy: 'drop', toleranceMs: 3_600_000 });
    for (const bad of [{ policy: 'late' }, { toleranceMs: -1 }, { toleranceMs: 3_600_001 }, { toleranceMs: 0.5 }])
      expect(of(bad)).toBeUndefined();
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
