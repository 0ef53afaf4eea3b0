import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeFields } from '../../../src-main/contract/bridges/bridge-form.ts';
import { z } from '../../../src-main/contract/zod.ts';
import { writeFields, type DraftTexts, type JsonFields } from '../../../src-renderer/devices/draft-texts.ts';
import { readNumberSpans, writeNumberSpans } from '../../../src-renderer/devices/number-spans.ts';
import { readFields, wholeProblems } from '../../../src-renderer/devices/read-fields.ts';

/** Settings of all shapes at once, as no kind of bridge has them. */
const schema = z.strictObject({
  title: z.string().min(1).max(8),
  note: z.string().max(20).nullable(),
  rateHz: z.number().min(0.5).max(44),
  port: z.int().min(1).max(9).meta({ repair: 'A port from 1 to 9.' }),
  mode: z.enum(['in', 'out']),
  qos: z.literal([0, 1, 2]),
  retain: z.boolean(),
  hosts: z
    .array(z.string())
    .max(3)
    .meta({ control: 'hosts', when: { mode: ['out'] } }),
  lines: z.array(z.string()).meta({ control: 'lines' }),
  channels: z.array(z.int().min(1).max(16)).min(1).max(16),
  parts: z.array(z.enum(['notes', 'cc', 'clock'])),
  topics: z
    .array(
      z.strictObject({ topic: z.string().min(1), qos: z.int().min(0).max(2).default(0), as: z.string().optional() }),
    )
    .max(2),
  headers: z.record(z.string(), z.string()),
  will: z.strictObject({ topic: z.string().min(1), payload: z.string() }).nullable(),
  framing: z.discriminatedUnion('as', [
    z.strictObject({ as: z.literal('line'), delimiter: z.string().min(1).meta({ blanks: true }) }),
    z.strictObject({ as: z.literal('fixed'), length: z.int().min(1).max(64) }),
  ]),
  universes: z
    .array(z.strictObject({ first: z.int().min(0).max(99), last: z.int().min(0).max(99) }))
    .meta({ control: 'universes' }),
  extra: z.unknown().meta({ control: 'json' }),
});
type Settings = z.infer<typeof schema>;
const fields = describeFields(schema);

const sample: Settings = {
  title: 'desk',
  note: null,
  rateHz: 2.5,
  port: 4,
  mode: 'out',
  qos: 1,
  retain: true,
  hosts: ['10.0.0.5', 'node.local'],
  lines: ['/a b', '/c'],
  channels: [1, 2, 3, 9],
  parts: ['notes', 'clock'],
  topics: [{ topic: 'lamp/+', qos: 1 }],
  headers: { Accept: 'text/plain' },
  will: { topic: 'gone', payload: '' },
  framing: { as: 'line', delimiter: '\n' },
  universes: [{ first: 0, last: 3 }],
  extra: { deep: [1, 'two'] },
};

function typed(change: DraftTexts, before: JsonFields = sample) {
  return readFields(fields, { ...writeFields(fields, before), ...change }, { before });
}

describe('settings of all shapes', () => {
  it('[BF5] stand in the fields as an operator writes them', () => {
    expect(writeFields(fields, sample)).toMatchObject({
      ...{ note: '', rateHz: '2.5', qos: '1', retain: true, hosts: '10.0.0.5, node.local', lines: '/a b\n/c' },
      ...{ channels: '1-3, 9', parts: 'notes,clock', headers: [{ name: 'Accept', value: 'text/plain' }] },
      ...{ will: true, 'will.topic': 'gone', 'framing.as': 'line', 'framing.delimiter': '\n', universes: '0-3' },
      topics: [{ topic: 'lamp/+', qos: '1', as: '' }],
    });
  });

  it('[BF5] read back as they were, whatever they are', () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/);
    const settings: fc.Arbitrary<Settings> = fc.record({
      title: word,
      note: fc.option(word),
      rateHz: fc.double({ min: 0.5, max: 44, noNaN: true }),
      port: fc.integer({ min: 1, max: 9 }),
      mode: fc.constantFrom('in', 'out'),
      qos: fc.constantFrom(0, 1, 2),
      retain: fc.boolean(),
      hosts: fc.array(word, { minLength: 1, maxLength: 3 }),
      lines: fc.array(word),
      channels: fc.uniqueArray(fc.integer({ min: 1, max: 16 }), { minLength: 1 }),
      parts: fc.subarray(['notes', 'cc', 'clock'] as const).map((parts) => [...parts]),
      topics: fc.array(fc.record({ topic: word, qos: fc.integer({ min: 0, max: 2 }) }), { maxLength: 2 }),
      headers: fc.dictionary(word, word, { noNullPrototype: true }),
      will: fc.option(fc.record({ topic: word, payload: word })),
      framing: fc.oneof(
        fc.record({ as: fc.constant('line' as const), delimiter: fc.constantFrom('\n', '; ', ' ') }),
        fc.record({ as: fc.constant('fixed' as const), length: fc.integer({ min: 1, max: 64 }) }),
      ),
      universes: fc.constantFrom([], [{ first: 0, last: 0 }], [{ first: 3, last: 9 }]),
      extra: fc.constantFrom(1, 'two', { three: [null] }),
    });
    fc.assert(
      fc.property(settings, (drawn) => {
        const read = readFields(fields, writeFields(fields, drawn), { before: {} });
        expect(read).toEqual({ values: drawn, problems: {} });
      }),
    );
  });

  it.each([
    ['title', '', 'Fill this in.'],
    ['title', 'proscenium', 'At most 8 letters; these are 10.'],
    ['rateHz', '45', 'A number from 0.5 to 44.'],
    ['rateHz', '1,000', 'Type 1\u2009000 or 1.000: a comma can mean both.'],
    ['port', 'x', 'A port from 1 to 9.'],
    ['qos', '3', 'Choose one of them.'],
    ['hosts', 'a, b, c, d', 'At most 3; these are 4.'],
    ['channels', '0', '0 is outside 1 to 16.'],
    ['channels', '', 'Name at least one.'],
    ['universes', '100', 'Universe 100 is outside 0 to 99.'],
    ['extra', '{a', 'This is no JSON. Texts stand in double quotes.'],
    ['will.topic', '', 'Fill this in.'],
    ['framing.delimiter', '', 'Fill this in.'],
  ])('[BF6] ask for a repair at the field: %s “%s”', (path, text, problem) => {
    expect(typed({ [path]: text }).problems).toEqual({ [path]: problem });
  });

  it.each(['2500', '2 500', '2\u2009500', '+2500'])('[UI556] take a whole number as it is written: %s', (text) => {
    const [port] = describeFields(z.strictObject({ port: z.int().min(1).max(65_535) }));
    expect(readFields(port ? [port] : [], { port: text }, { before: {} })).toEqual({
      values: { port: 2500 },
      problems: {},
    });
  });

  it('[BF6] ask for it in the row where it is wanted, and for the list as a whole', () => {
    const row = { topic: 'lamp', qos: '0', as: '' };
    expect(typed({ topics: [row, { ...row, qos: '7' }] }).problems).toEqual({
      'topics.1.qos': 'A whole number from 0 to 2.',
    });
    expect(typed({ topics: [row, row, row] }).problems).toEqual({ topics: 'At most 2; these are 3.' });
    const pairs = [
      { name: 'A', value: '1' },
      { name: 'A', value: '2' },
      { name: '', value: '3' },
    ];
    expect(typed({ headers: pairs }).problems).toEqual({
      'headers.1.name': 'This name stands there twice.',
      'headers.2.name': 'Give it a name, or remove the row.',
    });
  });

  it('[BF7] that are hidden ask for nothing and keep what they had, or what was typed where it will do', () => {
    const read = typed({ mode: 'in', hosts: 'a:b' });
    expect(read.problems).toEqual({});
    expect(read.values).toMatchObject({ mode: 'in', hosts: sample.hosts });
    expect(typed({ mode: 'in', hosts: 'other' }).values).toMatchObject({ hosts: ['other'] });
  });

  it('[BF7] of a choice that is not made are left out', () => {
    const read = typed({ 'framing.as': 'fixed', 'framing.length': '8', 'framing.delimiter': '' });
    expect(read.problems).toEqual({});
    expect(read.values['framing']).toEqual({ as: 'fixed', length: 8 });
    expect(typed({ will: false, 'will.topic': '' })).toMatchObject({ problems: {}, values: { will: null } });
  });

  it('[BF8] that may be absent are so while their field is empty', () => {
    expect(typed({ note: ' ' }).values).toMatchObject({ note: null });
    expect(typed({ topics: [{ topic: 'a', qos: '0', as: '' }] }).values).toMatchObject({
      topics: [{ topic: 'a', qos: 0 }],
    });
    expect(typed({ port: '' }).problems).toEqual({ port: 'A port from 1 to 9.' });
  });

  it('[BF10] say what goes for several at the one that the schema names', () => {
    const both = z.strictObject({
      settings: schema.refine(() => false, { path: ['hosts'], error: 'expected one host' }),
    });
    const { error } = both.safeParse({ settings: sample });
    const texts = writeFields(fields, sample, 'settings.');
    expect(error && wholeProblems(error, texts)).toEqual({ 'settings.hosts': 'One host.' });
    expect(error && wholeProblems(error, {})).toEqual({ other: 'One host.' });
  });
});

describe('whole numbers', () => {
  it.each([
    ['1-4, 7', [1, 2, 3, 4, 7]],
    ['3 – 4;1', [3, 4, 1]],
    ['5 6, 5', [5, 6]],
    ['', []],
  ])('[BF9] reads “%s”', (text, numbers) => {
    expect(readNumberSpans(text, { least: 1, most: 16, count: 16 })).toEqual({ numbers });
  });

  it.each([
    ['one', '“one” is no number. Write 7 or 1-4.'],
    ['4-1', '4-1 runs backwards. Write 1-4.'],
    ['17', '17 is outside 1 to 16.'],
    ['1-4, 9', 'At most 4 of them.'],
  ])('[BF9] says what to repair in “%s”', (text, problem) => {
    expect(readNumberSpans(text, { least: 1, most: 16, count: 4 })).toEqual({ problem });
  });

  it('[BF9] reads back what it writes', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 0, max: 400 }), { maxLength: 60 });
    fc.assert(
      fc.property(numbers, (drawn) => {
        expect(readNumberSpans(writeNumberSpans(drawn), { least: 0, most: 400, count: 60 })).toEqual({
          numbers: drawn,
        });
      }),
    );
  });
});
