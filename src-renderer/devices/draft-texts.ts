import type { FieldShape, FormField } from '../../src-main/contract/bridges/form-field.ts';
import { writeNumberSpans } from './number-spans.ts';
import { commonPriority, writeUniverseRanges, type UniverseRange } from './universe-ranges.ts';

/** What stands in one field: a text as it was typed, a switch, or the rows of a list. */
export type DraftValue = string | boolean | readonly DraftTexts[];
/** What stands in the fields of a form by their paths, as in `settings.will.topic`; in a row by their paths within it. */
export interface DraftTexts {
  readonly [path: string]: DraftValue;
}
export type JsonFields = Readonly<Record<string, unknown>>;

/** Of universes that name none: it has a field of its own beside theirs. */
export function priorityPath(path: string): string {
  return `${path}@priority`;
}

/** The texts that `readFields` reads back as the same values.
 *  @param values what is not there shows the default of its field
 *  @param at before the name of each field in its path */
export function writeFields(fields: readonly FormField[], values: JsonFields, at = ''): DraftTexts {
  const texts: Record<string, DraftValue> = {};
  for (const field of fields) {
    // Two choices of a union may have settings of one name.
    if (field.onlyThen && `${at}${field.name}` in texts && !(field.name in values)) continue;
    Object.assign(texts, writeField(field, values[field.name], `${at}${field.name}`));
  }
  return texts;
}

function writeField(field: FormField, given: unknown, path: string): DraftTexts {
  const { shape, fallback } = field;
  const value = given === undefined ? fallback : given;
  switch (shape.is) {
    case 'switch':
      return { [path]: value === true };
    case 'rows':
      return { [path]: listOf(value).map((row) => writeFields(shape.fields, fieldsOf(row))) };
    case 'pairs': {
      const pairs = Object.entries(fieldsOf(value));
      return { [path]: pairs.map(([name, item]) => ({ name, ...writeField(shape.value, item, 'value') })) };
    }
    case 'group': {
      const inner = writeFields(shape.fields, fieldsOf(value), `${path}.`);
      return field.empty ? { [path]: value !== null && value !== undefined, ...inner } : inner;
    }
    case 'universes': {
      const ranges = listOf(value) as readonly UniverseRange[];
      const priority = commonPriority(ranges);
      const text = writeUniverseRanges(ranges, shape.prioritized ? priority : undefined);
      return { [path]: text, ...(shape.prioritized ? { [priorityPath(path)]: String(priority) } : {}) };
    }
    default:
      return { [path]: writeText(shape, value) };
  }
}

function writeText(shape: FieldShape, value: unknown): string {
  if (shape.is === 'json') return value === undefined ? '' : JSON.stringify(value, null, 2);
  if (value === undefined || value === null) return shape.is === 'choice' ? String(shape.choices[0]?.value ?? '') : '';
  switch (shape.is) {
    case 'numbers':
      return writeNumberSpans(listOf(value).map(Number));
    case 'several':
      return listOf(value).map(String).join(',');
    case 'texts':
      return listOf(value)
        .map(String)
        .join(shape.long ? '\n' : ', ');
    default:
      return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
  }
}

export function fieldsOf(value: unknown): JsonFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonFields) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}
