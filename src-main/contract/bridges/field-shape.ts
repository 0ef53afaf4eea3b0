import type { z } from '../zod.ts';
import type { FieldWords } from './field-words.ts';
import type { FieldChoice, FieldShape, FormField } from './form-field.ts';

/** How the parts of a type are described; a type has types in it. */
export interface ShapeTools {
  readonly fields: (schema: z.core.$ZodType) => readonly FormField[];
  readonly field: (name: string, schema: z.core.$ZodType) => FormField;
  /** the type without what is wrapped around it */
  readonly coreOf: (schema: z.core.$ZodType) => z.core.$ZodTypes;
}

/** What kind of field a type is shown as; `json` for a type that no field is made for. */
export function describeShape(core: z.core.$ZodTypes, words: FieldWords, tools: ShapeTools): FieldShape {
  if (words.control === 'json') return { is: 'json' };
  if (words.control === 'identity') return { is: 'fixed' };
  const { def } = core._zod;
  switch (def.type) {
    case 'string':
      return { is: 'text', long: words.control === 'lines', ...lengths(core as z.ZodString) };
    case 'number':
      return numberShape(core as z.ZodNumber);
    case 'boolean':
      return { is: 'switch' };
    case 'enum':
      return { is: 'choice', choices: choicesOf(Object.values(def.entries), words) };
    case 'literal':
      return { is: 'choice', choices: choicesOf(def.values, words) };
    case 'object':
      return { is: 'group', fields: tools.fields(core) };
    case 'union':
      return unionShape(core as z.core.$ZodUnion, words, tools);
    case 'array':
      return listShape(core as z.ZodArray, words, tools);
    case 'record':
      return { is: 'pairs', key: tools.field('name', def.keyType), value: tools.field('value', def.valueType) };
    default:
      return { is: 'json' };
  }
}

function numberShape({ format, minValue, maxValue }: z.ZodNumber): Extract<FieldShape, { is: 'number' }> {
  return { is: 'number', whole: format?.includes('int') ?? false, least: bound(minValue), most: bound(maxValue) };
}

/** The ends that every number has are no bounds to an operator. */
function bound(value: number | null): number | undefined {
  return value === null || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? undefined : value;
}

function lengths({ minLength, maxLength }: z.ZodString): { least: number; most: number | undefined } {
  return { least: minLength ?? 0, most: maxLength ?? undefined };
}

/** How many a list may hold. */
function counts(list: z.ZodArray): { least: number; most: number | undefined } {
  let [least, most]: [number, number | undefined] = [0, undefined];
  for (const check of list._zod.def.checks ?? []) {
    const { def } = (check as z.core.$ZodChecks)._zod;
    if (def.check === 'min_length') least = def.minimum;
    if (def.check === 'max_length') most = def.maximum;
    if (def.check === 'length_equals') least = most = def.length;
  }
  return { least, most };
}

function choicesOf(values: readonly unknown[], words: FieldWords): FieldChoice[] {
  return values
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    .map((value) => ({ value, label: words.choices?.[String(value)] ?? String(value) }))
    .sort((one, other) => figureIn(one.value) - figureIn(other.value));
}

/** An enum hands out those of its values that read as whole numbers first, wherever they were written: figures go by their
 *  size, behind what is a word. */
function figureIn(value: string | number): number {
  const figure = Number.parseFloat(String(value));
  return Number.isNaN(figure) ? -1 : figure;
}

function unionShape(union: z.core.$ZodUnion, words: FieldWords, tools: ShapeTools): FieldShape {
  const fields = tools.fields(union);
  if (fields.length > 0) return { is: 'group', fields };
  const values = union._zod.def.options.flatMap((option) => {
    const { def } = tools.coreOf(option)._zod;
    return def.type === 'literal' ? def.values : def.type === 'enum' ? Object.values(def.entries) : [undefined];
  });
  return values.includes(undefined) ? { is: 'json' } : { is: 'choice', choices: choicesOf(values, words) };
}

/** Numbers that one list of them spells out at most, where the schema sets no end. */
const numbersMax = 65_536;

function listShape(list: z.ZodArray, words: FieldWords, tools: ShapeTools): FieldShape {
  const core = tools.coreOf(list.element);
  const element = describeShape(core, {}, tools);
  const { least, most } = counts(list);
  switch (element.is) {
    case 'text':
      return { is: 'texts', long: words.control === 'lines', least, most };
    case 'choice':
      return { is: 'several', choices: describeChoices(core, words, tools) };
    case 'number': {
      if (!element.whole || element.least === undefined || element.most === undefined) return { is: 'json' };
      return { is: 'numbers', least: element.least, most: element.most, fewest: least, count: most ?? numbersMax };
    }
    case 'group': {
      const spans = words.control === 'universes' ? universesShape(element.fields, least, most) : undefined;
      if (spans) return spans;
      return { is: 'rows', fields: element.fields, least, most };
    }
    default:
      return { is: 'json' };
  }
}

/** [E1.31 6.2.7] where the setting itself says nothing */
const universeMax = 63_999;

/** Of spans that say no more than where they begin and end, and at which priority. */
function universesShape(
  fields: readonly FormField[],
  fewest: number,
  most: number | undefined,
): FieldShape | undefined {
  const first = fields.find(({ name }) => name === 'first')?.shape;
  const names = new Set(fields.map(({ name }) => name));
  const isPlain = names.has('last') && [...names].every((name) => ['first', 'last', 'priority'].includes(name));
  if (first?.is !== 'number' || !isPlain) return undefined;
  const bounds = { least: first.least ?? 1, most: first.most ?? universeMax };
  return { is: 'universes', prioritized: names.has('priority'), ...bounds, fewest, count: most ?? numbersMax };
}

function describeChoices(core: z.core.$ZodTypes, words: FieldWords, tools: ShapeTools): readonly FieldChoice[] {
  const shape = describeShape(core, words.choices ? { choices: words.choices } : {}, tools);
  return shape.is === 'choice' ? shape.choices : [];
}
