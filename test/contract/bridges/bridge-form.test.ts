import { describe, expect, it } from 'vitest';
import {
  bridgeForm,
  bridgeKinds,
  describeField,
  describeFields,
} from '../../../src-main/contract/bridges/bridge-form.ts';
import { formFaults } from '../../../src-main/contract/bridges/form-faults.ts';
import type { FormField } from '../../../src-main/contract/bridges/form-field.ts';
import { z } from '../../../src-main/contract/zod.ts';

const shapeOf = (schema: z.ZodType): FormField['shape'] => describeField('x', schema).shape;

describe('the form of every kind of bridge', () => {
  it.each(bridgeKinds)('[BF1] %s: every setting has a label and a help sentence, and a field that shows it', (kind) => {
    expect(formFaults(bridgeForm(kind))).toEqual([]);
  });

  it.each(bridgeKinds)('[BF2] %s: has a name, when it comes back, and a prefix', (kind) => {
    const { name, onReturn, settings } = bridgeForm(kind);
    expect(name).toMatchObject({ label: 'name', shape: { is: 'text', least: 1, most: 120 } });
    expect(onReturn).toMatchObject({ label: 'when it comes back', fallback: 'resend', shape: { is: 'choice' } });
    expect(settings.find((field) => field.name === 'prefix')?.words.control).toBe('address');
  });

  it.each(bridgeKinds)('[BF24] %s: calls what its addresses begin with its prefix, and nothing else so', (kind) => {
    const said = JSON.stringify(bridgeForm(kind).settings, (key, value: unknown) => (key === 'schema' ? null : value));
    const titles = [...said.matchAll(/"label":"([^"]*)"/g)].map(([, label]) => label);
    expect(titles.filter((label) => label === 'prefix')).toHaveLength(1);
    // The one sentence that says what a prefix is.
    expect(
      [...said.matchAll(/addresses begin|addresses live|under (?:this|that) address/g)].map(([words]) => words),
    ).toEqual(['addresses begin']);
  });
});

describe('settings that several kinds have', () => {
  it.each(['prefix', 'floats', 'publish', 'networkCard', 'direction', 'caFile'])(
    '[BF26] %s is called the same in each of them',
    (setting) => {
      const all = bridgeKinds.flatMap((kind) => bridgeForm(kind).settings.filter(({ name }) => name === setting));
      expect(all.length).toBeGreaterThan(1);
      expect([...new Set(all.map(({ label }) => label))]).toHaveLength(1);
    },
  );

  it('[BF26] a UDP port is called that, and the speed of a serial port its baud rate', () => {
    const labelOf = (kind: (typeof bridgeKinds)[number], setting: string): string | undefined =>
      bridgeForm(kind).settings.find(({ name }) => name === setting)?.label;
    expect([labelOf('sacn', 'port'), labelOf('artnet', 'port'), labelOf('serial', 'baud')]).toEqual([
      'UDP port',
      'UDP port',
      'baud rate',
    ]);
  });
});

describe('what a form cannot show well', () => {
  const faults = (shape: z.core.$ZodLooseShape) =>
    formFaults({ kind: 'osc', settings: describeFields(z.strictObject(shape)) });
  const words = { title: 'depth', description: 'How deep it is.' };

  it('[BF1] is named with its place and what to do', () => {
    expect(faults({ depth: z.int() })).toEqual([
      "osc: settings.depth: give it a title: .meta({ title: 'lower case label' })",
      "osc: settings.depth: give it a description: .meta({ description: 'One sentence.' })",
    ]);
    expect(faults({ depth: z.int().meta({ ...words, description: 'deep' }) })).toEqual([
      'osc: settings.depth: the description is a sentence with a full stop',
    ]);
    expect(faults({ depth: z.int().meta({ ...words, when: { mode: ['a'] } }) })).toEqual([
      'osc: settings.depth: "when" names mode, which is no setting beside it',
    ]);
    expect(faults({ depth: z.tuple([z.int()]).meta(words) })).toEqual([
      "osc: settings.depth: no field shows a tuple like this: use another type, or control 'json'",
    ]);
    expect(faults({ depth: z.json().meta({ ...words, control: 'json' }) })).toEqual([
      `osc: settings.depth: say what JSON is written there: .meta({ repair: 'An object such as {"a": 1}.' })`,
    ]);
  });

  it('[BF1] is looked for in lists and groups too', () => {
    const rows = z.array(z.strictObject({ path: z.string() })).meta(words);
    expect(faults({ rows })).toHaveLength(3);
    expect(faults({ pairs: z.record(z.string(), z.string()).meta(words) })).toEqual([
      "osc: settings.pairs: say what one of them is called: .meta({ item: 'target' })",
    ]);
    expect(faults({ group: z.strictObject({ path: z.string().meta(words) }).meta(words) })).toEqual([]);
  });
});

describe('a field', () => {
  it('[BF3] is what its type is', () => {
    expect(shapeOf(z.string().min(2).max(9))).toEqual({ is: 'text', long: false, least: 2, most: 9 });
    expect(shapeOf(z.int().min(1).max(5))).toEqual({ is: 'number', whole: true, least: 1, most: 5 });
    expect(shapeOf(z.number())).toEqual({ is: 'number', whole: false, least: undefined, most: undefined });
    expect(shapeOf(z.boolean())).toEqual({ is: 'switch' });
    expect(shapeOf(z.array(z.string()).min(1).max(4))).toEqual({ is: 'texts', long: false, least: 1, most: 4 });
    expect(shapeOf(z.array(z.int().min(0).max(9)))).toMatchObject({ is: 'numbers', least: 0, most: 9 });
    expect(shapeOf(z.array(z.enum(['a', 'b'])))).toMatchObject({ is: 'several' });
    expect(shapeOf(z.record(z.string(), z.string()))).toMatchObject({ is: 'pairs', value: { shape: { is: 'text' } } });
    expect(shapeOf(z.array(z.strictObject({ a: z.int() })))).toMatchObject({ is: 'rows', fields: [{ name: 'a' }] });
    expect(shapeOf(z.strictObject({ a: z.int() }))).toMatchObject({ is: 'group', fields: [{ name: 'a' }] });
    expect(shapeOf(z.unknown())).toEqual({ is: 'json' });
  });

  it('[BF3] calls the choices of an enum, of numbers and of a list of them by their words', () => {
    const choices = [
      { value: 0, label: 'at most once' },
      { value: 1, label: '1' },
    ];
    const words = { choices: { '0': 'at most once' } };
    expect(shapeOf(z.literal([0, 1]).meta(words))).toEqual({ is: 'choice', choices });
    expect(shapeOf(z.union([z.literal(0), z.literal(1)]).meta(words))).toEqual({ is: 'choice', choices });
    expect(shapeOf(z.array(z.literal([0, 1])).meta(words))).toEqual({ is: 'several', choices });
  });

  it('[BF3] looks through defaults and what may be absent, and takes the outer words first', () => {
    const inner = z.int().max(7).meta({ title: 'inner', unit: 'Hz' });
    const field = describeField(
      'rateHz',
      inner.default(3).nullable().meta({ title: 'rate', description: 'How often.' }),
    );
    expect(field).toMatchObject({
      label: 'rate',
      help: 'How often.',
      fallback: 3,
      empty: 'null',
      words: { unit: 'Hz' },
    });
    expect(describeField('rateHz', z.int().optional())).toMatchObject({
      label: 'rate hz',
      empty: 'absent',
      isTitled: false,
    });
  });

  it('[BF3] of universes tells whether they have priorities', () => {
    const span = { first: z.int(), last: z.int() };
    const universes = (of: z.ZodType) => shapeOf(z.array(of).max(64).meta({ control: 'universes' }));
    expect(universes(z.strictObject(span))).toEqual({
      is: 'universes',
      prioritized: false,
      least: 1,
      most: 63_999,
      fewest: 0,
      count: 64,
    });
    expect(universes(z.strictObject({ ...span, priority: z.int() }))).toMatchObject({ prioritized: true });
  });

  it('[BF4] of a union is a choice with the fields of each, shown while it is chosen', () => {
    const union = z.discriminatedUnion('as', [
      z.strictObject({ as: z.literal('line'), delimiter: z.string() }).meta({ title: 'Lines' }),
      z.strictObject({ as: z.literal('fixed'), length: z.int() }),
    ]);
    const shape = shapeOf(union.meta({ title: 'framing' }));
    expect(shape).toMatchObject({
      is: 'group',
      fields: [
        { name: 'as', label: 'framing', shape: { choices: [{ value: 'line', label: 'Lines' }, { value: 'fixed' }] } },
        { name: 'delimiter', onlyThen: true, words: { when: { as: ['line'] } } },
        { name: 'length', onlyThen: true, words: { when: { as: ['fixed'] } } },
      ],
    });
  });
});
