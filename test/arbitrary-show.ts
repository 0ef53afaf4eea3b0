import fc from 'fast-check';
import { conflictStrategies } from '../src-main/contract/signal.ts';
import { parseShow } from '../src-main/contract/parse-show.ts';
import { lateToleranceMsMax, ruledTypes, showFormat, type ShowDocument } from '../src-main/contract/show.ts';
import { anyCharacter } from './any-character.ts';
import { arbitraryPatch } from './arbitrary-patch.ts';

const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/);
// Every character, NUL included: what JSON can carry has to come back.
const text = (minLength: number, maxLength: number) => fc.string({ unit: anyCharacter, minLength, maxLength });
const address = fc
  .array(fc.stringMatching(/^[a-z0-9]{1,6}$/), { minLength: 1, maxLength: 4 })
  .map((parts) => `/${parts.join('/')}`);
// JSON has no -0.
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));

const transform = fc.oneof(
  fc.record({
    type: fc.constant('scale'),
    enabled: fc.boolean(),
    inMin: finite,
    inMax: finite,
    outMin: finite,
    outMax: finite,
  }),
  fc.record({ type: fc.constant('clamp'), min: finite, max: finite }),
  fc.record({
    type: fc.constant('curve'),
    easing: fc.constantFrom('linear', 'cubic-bezier'),
    min: finite,
    max: finite,
  }),
  fc.record({ type: fc.constant('quantize'), min: finite, max: finite, steps: fc.integer({ min: 2, max: 65_536 }) }),
);
const mapping = fc.record({
  id,
  number: fc.integer({ min: 1, max: 99_999 }),
  name: text(0, 30),
  groupId: fc.option(id),
  enabled: fc.boolean(),
  source: fc.record({ pattern: address }),
  target: fc.record({
    address,
    kind: fc.constantFrom('same', 'param', 'event', 'stream'),
    as: fc.constantFrom('same', 'integer'),
  }),
  transforms: fc.array(transform, { maxLength: 3 }),
});
const bridge = fc.record({
  id,
  number: fc.integer({ min: 1, max: 99_999 }),
  name: text(1, 30),
  enabled: fc.boolean(),
  kind: fc.constant('osc'),
  settings: fc.record({
    direction: fc.constantFrom('in', 'out', 'both'),
    listenHost: fc.constant('127.0.0.1'),
    listenPort: fc.integer({ min: 1, max: 65_535 }),
    targets: fc.array(fc.record({ host: fc.constant('127.0.0.1'), port: fc.integer({ min: 1, max: 65_535 }) }), {
      maxLength: 3,
    }),
    prefix: address,
  }),
});
/** Objects of later areas may hold any JSON beside their id. */
const reserved = fc.uniqueArray(
  fc
    .tuple(
      id,
      fc.dictionary(
        fc.string({ maxLength: 6 }).filter((key) => key !== '__proto__'),
        json(),
        { maxKeys: 3 },
      ),
    )
    .map(([own, rest]) => ({ ...rest, id: own })),
  { selector: (item) => item.id, maxLength: 2 },
);
const numbered = {
  selector: (item: { id: string; number: number }) => item.id,
  comparator: 'SameValue',
  maxLength: 5,
} as const;

const open = <T>(given: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(given, { nil: null });
const signalRule = fc.record({
  pattern: address,
  strategy: open(fc.constantFrom(...conflictStrategies)),
  datatype: open(fc.constantFrom(...ruledTypes)),
  range: open(fc.tuple(finite, finite).map(([a, b]) => ({ min: Math.min(a, b), max: Math.max(a, b) }))),
  enforce: open(fc.boolean()),
});

/** Valid shows with odd content. */
export const arbitraryShow: fc.Arbitrary<ShowDocument> = fc
  .record({
    format: fc.constant(showFormat),
    id,
    name: text(1, 40),
    settings: fc.record({
      autosaveSeconds: fc.integer({ min: 0, max: 3600 }),
      backupsKeep: fc.integer({ min: 0, max: 1000 }),
      signals: fc.record({
        enforceRanges: fc.boolean(),
        enforceTypes: fc.boolean(),
      }),
      lateBundles: fc.record({
        policy: fc.constantFrom('run', 'drop'),
        toleranceMs: fc.integer({ min: 0, max: lateToleranceMsMax }),
      }),
      dmx: fc.record({ blackout: fc.constantFrom('all', 'intensity') }),
    }),
    bridges: fc.uniqueArray(bridge, numbered).map(renumbered),
    groups: fc.uniqueArray(fc.record({ id, name: text(1, 20) }), { selector: (group) => group.id, maxLength: 3 }),
    mappings: fc.uniqueArray(mapping, numbered).map(renumbered),
    signalRules: fc.uniqueArray(signalRule, { selector: (rule) => rule.pattern, maxLength: 3 }).map(identified),
    timelines: reserved,
    cues: reserved,
    gestures: reserved,
    surfaces: reserved,
  })
  .chain((show) => arbitraryPatch.map((lists) => ({ ...show, ...lists })))
  .map((show) => parseShow(show));

function renumbered<T extends { number: number }>(items: T[]): T[] {
  return items.map((item, index) => ({ ...item, number: index * 7 + 1 }));
}

function identified<T>(items: T[]): (T & { id: string })[] {
  return items.map((item, index) => ({ ...item, id: `rule-${index}` }));
}

function json(): fc.Arbitrary<unknown> {
  // Through text and back, so that it is what a file can hold (no -0, no __proto__).
  return fc
    .jsonValue({ maxDepth: 3 })
    .map((value) => JSON.parse(JSON.stringify(value).replaceAll('__proto__', 'proto')) as unknown);
}
