import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatShow, parseShow, showDepthMax, showFaults } from '../../src-main/contract/parse-show.ts';
import { describeFault, formatPath } from '../../src-main/contract/show-faults.ts';
import { InputError } from '../../src-main/contract/errors.ts';
import { emptyShow } from '../../src-main/contract/show.ts';
import { arbitraryShow } from '../arbitrary-show.ts';
import { sampleShow } from '../show-samples.ts';

const show = () =>
  structuredClone(sampleShow('one')) as unknown as Record<string, unknown> & { mappings: Record<string, unknown>[] };

describe('parseShow', () => {
  it('[SX4] takes what formatShow wrote and gives the same text again', () => {
    fc.assert(
      fc.property(arbitraryShow, (document) => {
        const text = formatShow(document);
        const back = parseShow(JSON.parse(text));
        expect(back).toEqual(document);
        expect(formatShow(back)).toBe(text);
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  it('[SX30] fills in what a show of somebody who writes by hand leaves out: its settings, and each of its lists', () => {
    const { format, id, name, ...rest } = emptyShow('by-hand', 'By hand');
    expect(parseShow({ format, id, name })).toEqual({ format, id, name, ...rest });
    const { bridges } = sampleShow('one');
    expect(parseShow({ format, id, name, bridges }).bridges).toEqual(bridges);
  });

  it('[SX4] puts keys in the order of the schema, however they came', () => {
    const shuffled = Object.fromEntries(Object.entries(show()).toReversed());
    expect(formatShow(parseShow(shuffled))).toBe(formatShow(sampleShow('one')));
  });

  it.each([
    [
      'a missing field',
      { target: undefined },
      'mappings[1].target',
      /^mappings\[1\]\.target: expected object, found nothing\.$/,
    ],
    ['a wrong type', { enabled: 'yes' }, 'mappings[1].enabled', /expected boolean, found string/],
    ['an unknown field', { colour: 1 }, 'mappings[1]', /expected no "colour"/],
    ['a number out of range', { number: 0 }, 'mappings[1].number', /expected number of at least 1/],
    ['a bad id', { id: 'a b' }, 'mappings[1].id', /expected 1-64 letters/],
    [
      'an unknown transform',
      { transforms: [{ type: 'sing' }] },
      'mappings[1].transforms[0].type',
      /expected "scale" or "clamp"/,
    ],
    ['a taken id', { id: 'm1' }, 'mappings[1].id', /expected an id of its own, "m1" is taken/],
    ['a taken number', { number: 1 }, 'mappings[1].number', /expected a number of its own, 1 is taken/],
  ])('[SX5] names the path and what was expected: %s', (_, change, path, sentence) => {
    const bad = show();
    Object.assign(bad.mappings[1] ?? {}, change);
    expect(() => parseShow(JSON.parse(JSON.stringify(bad)))).toThrow(
      expect.objectContaining({
        code: 'bad-show',
        details: { path },
        message: expect.stringMatching(sentence) as string,
      }),
    );
  });

  it('[SX5] refuses what is no object at all', () => {
    for (const bad of [null, undefined, 1, 'show', [], true]) expect(() => parseShow(bad)).toThrow(InputError);
  });

  it('[SX6] refuses nesting that would overflow a stack, and names that would reach a prototype', () => {
    const deep = JSON.parse(`{"id":"x","deep":${'['.repeat(100_000)}${']'.repeat(100_000)}}`) as unknown;
    expect(() => parseShow({ ...show(), cues: [deep] })).toThrow(new RegExp(`at most ${showDepthMax} levels`));
    const hostile = JSON.parse('{"id":"x","a":{"__proto__":{"polluted":true}}}') as unknown;
    expect(() => parseShow({ ...show(), cues: [hostile] })).toThrow(/cues\[0\]\.a: expected no "__proto__"/);
  });

  it('[SX6] throws nothing but an InputError, whatever JSON comes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), arbitraryShow, fc.nat(), (junk, document, pick) => {
        const keys = Object.keys(document);
        const spoilt = { ...document, [keys[pick % keys.length] ?? '']: junk };
        for (const candidate of [junk, spoilt]) {
          try {
            parseShow(candidate);
          } catch (error) {
            expect(error).toBeInstanceOf(InputError);
          }
        }
      }),
      { numRuns: 200 },
    );
  }, 60_000);
});

/** One universe that an output sends and hears. */
const both = { universes: [{ first: 1, last: 1, priority: 100 }], receive: [{ first: 1, last: 1 }] };

describe('what wants a repair in a show', () => {
  it('[SX17] is all named, settings of bridges with the words of their form', () => {
    const settings = { direction: 'out', listenHost: '0.0.0.0', listenPort: 70_000, prefix: '/osc', colour: 'red' };
    const json = { ...show(), bridges: [{ id: 'a', number: 1, name: '', kind: 'osc', settings }] };
    const lines = showFaults(json).map((fault) => describeFault(fault));
    expect(lines).toContain(
      'bridges[0].settings.listenPort: expected number of at most 65535. A port is a whole number from 1 to 65535.',
    );
    expect(lines.some((line) => line.startsWith('bridges[0].settings: expected no "colour". What there is: '))).toBe(
      true,
    );
    expect(lines.some((line) => line.startsWith('bridges[0].name: '))).toBe(true);
    expect(() => parseShow(json)).toThrow(/^bridges\[0\]\..* \(\d more to repair\)\./);
  });

  it.each([
    ['a slip', { settings: { listen_port: 8000 } }, 'bridges[0].settings', '"listen_port". Is "listenPort" meant?'],
    [
      'a setting in the wrong place',
      { listenPort: 8000 },
      'bridges[0]',
      '"listenPort". Put "listenPort" into its settings.',
    ],
    [
      'what nothing is near',
      { colour: 1 },
      'bridges[0]',
      '"colour". What there is: id, number, name, enabled, onReturn, kind, settings.',
    ],
    [
      'a slip in a row',
      { settings: { targets: [{ host: '10.0.0.5', prot: 9 }] } },
      'bridges[0].settings.targets[0]',
      '"prot". Is "port" meant?',
    ],
  ])('[SX18] is a name that is not there, with what may be meant: %s', (_, more, path, sentence) => {
    const bridge = { id: 'a', number: 1, name: 'A', kind: 'osc', settings: {}, ...more };
    const lines = showFaults({ ...show(), bridges: [bridge] }).map((fault) => describeFault(fault));
    expect(lines).toContain(`${path}: expected no ${sentence}`);
  });

  it.each([
    ['a part of a whole number', { number: 1.5 }, 'number: expected a whole number.'],
    ['a kind that is not there', { kind: 'dmx' }, 'kind: expected "osc" or "sacn" or '],
    [
      'a sentence of ours, to the letter',
      { kind: 'sacn', settings: { cid: '0b8e7c1a-52f3-4c0e-9d5e-6f1f4f3a9b21', ...both } },
      'settings.receive: Universe 1 is sent and received. ',
    ],
    ['no UUID', { kind: 'sacn', settings: { cid: 'x' } }, 'settings.cid: expected a UUID such as '],
    [
      'a name that is no path',
      { kind: 'websocket', settings: { url: 'ws://10.0.0.5', takes: [{ where: { type: 'x' } }] } },
      'settings.takes[0].where.type: expected a path such as $.state.level. ',
    ],
    ['one dot at the end', { kind: 'artnet', settings: { universes: [{ first: -1, last: 0 }] } }, 'number 0–32767. P'],
  ])('[SX19] is said in plain words: %s', (_, more, sentence) => {
    const bridge = { id: 'a', number: 1, name: 'A', kind: 'osc', settings: {}, ...more };
    const lines = showFaults({ ...show(), bridges: [bridge] }).map((fault) => describeFault(fault));
    expect(lines.some((line) => line.startsWith('bridges[0].') && line.includes(sentence))).toBe(true);
  });

  it('[SX17] is a prefix under which nothing can be, though the show opens', () => {
    const withPrefix = (prefix: string): object => ({
      ...show(),
      bridges: [{ id: 'a', number: 1, name: 'A', kind: 'osc', settings: { prefix } }],
    });
    const lines = (prefix: string): string[] => showFaults(withPrefix(prefix)).map((fault) => describeFault(fault));
    expect(lines('/desk')).toEqual([]);
    expect(lines('/desk/')).toEqual([
      'bridges[0].settings.prefix: expected a prefix that addresses can have. Remove the slash at the end.',
    ]);
    for (const prefix of ['', 'desk', '/a/*', '/']) expect(lines(prefix)).toHaveLength(1);
    expect(() => parseShow(withPrefix('/desk/'))).not.toThrow();
  });

  it('[SX17] is nothing in a show that can be read, and one thing where the schema is not reached', () => {
    expect(showFaults(show())).toEqual([]);
    expect(showFaults([])).toEqual([{ path: '', expected: 'expected a show as a JSON object', repair: '' }]);
    expect(showFaults({ ...show(), format: 99 })).toHaveLength(1);
  });
});

describe('formatPath', () => {
  it('[SX5] writes places as JavaScript does', () => {
    expect(formatPath(['mappings', 3, 'target', 'address'])).toBe('mappings[3].target.address');
    expect(formatPath([])).toBe('');
  });
});
