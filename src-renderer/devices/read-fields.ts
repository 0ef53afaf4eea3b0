import type { FormField } from '../../src-main/contract/bridges/form-field.ts';
import type { z } from '../../src-main/contract/zod.ts';
import { thousandsFault, tryTypedNumber, tryTypedWhole } from '../widgets/number-words.ts';
import { fieldsOf, priorityPath, type DraftTexts, type JsonFields } from './draft-texts.ts';
import { asRepair, controlRepair, schemaRepair } from './field-repairs.ts';
import { readNumberSpans } from './number-spans.ts';
import { priorityMax, readUniverseRanges } from './universe-ranges.ts';

/** For each field that wants a repair, by its path, the repair in one sentence. */
export type FieldProblems = Readonly<Record<string, string>>;

export interface FieldsRead {
  readonly values: JsonFields;
  readonly problems: FieldProblems;
}

/** What one field came to. */
interface FieldRead {
  /** undefined leaves it out */
  readonly value?: unknown;
  readonly problems?: FieldProblems;
}

/** Whether a field is there, as what stands in the fields beside it says. */
export function isShown({ words: { when } }: FormField, texts: DraftTexts, at = ''): boolean {
  return Object.entries(when ?? {}).every(([name, values]) => {
    const stands = texts[`${at}${name}`];
    return values.some((value) => (typeof stands === 'boolean' ? value === stands : String(value) === stands));
  });
}

/** Turns what stands in the fields into values, or says field by field what to repair. A field that its `when` hides asks
 *  for no repair: what stands there is kept where it is sound, else what was there before. Never throws.
 *  @param before the values without what was typed
 *  @param at before the name of each field in its path */
export function readFields(
  fields: readonly FormField[],
  texts: DraftTexts,
  { before, at = '' }: { readonly before: JsonFields; readonly at?: string },
): FieldsRead {
  const values: Record<string, unknown> = {};
  const problems: Record<string, string> = {};
  for (const field of fields) {
    const { name } = field;
    const shown = isShown(field, texts, at);
    if (field.onlyThen && !shown) continue;
    const read = readField(field, { texts, path: `${at}${name}`, before: before[name] });
    const kept = shown || !read.problems ? read.value : (before[name] ?? field.fallback);
    if (shown) Object.assign(problems, read.problems);
    if (kept !== undefined) values[name] = kept;
  }
  return { values, problems };
}

interface Place {
  readonly texts: DraftTexts;
  readonly path: string;
  readonly before: unknown;
}

function readField(field: FormField, place: Place): FieldRead {
  const { shape } = field;
  const { texts, path } = place;
  switch (shape.is) {
    case 'switch':
      return { value: texts[path] === true };
    case 'fixed':
      return judged(field, place.before, path);
    case 'group':
      return readGroup(field, shape.fields, place);
    case 'rows':
      return readRows(field, shape.fields, place);
    case 'pairs':
      return readPairs(field, shape.value, place);
    case 'universes':
      return readUniverses(field, place);
    default:
      return readText(field, textAt(texts, path), path);
  }
}

function readText(field: FormField, typed: string, path: string): FieldRead {
  const { shape, words, empty } = field;
  const text = words.blanks ? typed : typed.trim();
  if (text === '' && empty) return { value: empty === 'null' ? null : undefined };
  switch (shape.is) {
    case 'number':
      return judged(field, readNumber(text, shape.whole), path, thousandsFault(text));
    case 'choice':
      return judged(field, shape.choices.find(({ value }) => String(value) === text)?.value, path);
    case 'several': {
      const chosen = new Set(text.split(','));
      return judged(
        field,
        shape.choices.map(({ value }) => value).filter((value) => chosen.has(String(value))),
        path,
      );
    }
    case 'texts': {
      const parts = text.split(shape.long ? /\r?\n/ : /[\s,;]+/).map((part) => part.trim());
      return judged(
        field,
        parts.filter((part) => part !== ''),
        path,
      );
    }
    case 'numbers': {
      const { numbers, problem } = readNumberSpans(text, shape);
      return judged(field, numbers, path, problem);
    }
    case 'json':
      return readJson(field, text, path);
    default:
      return judged(field, text, path);
  }
}

/** No number is NaN, which no schema takes. */
function readNumber(text: string, whole: boolean): number {
  return (whole ? tryTypedWhole(text) : tryTypedNumber(text)) ?? Number.NaN;
}

function readJson(field: FormField, text: string, path: string): FieldRead {
  try {
    return judged(field, text === '' ? undefined : JSON.parse(text), path);
  } catch {
    return { problems: { [path]: field.words.repair ?? 'This is no JSON. Texts stand in double quotes.' } };
  }
}

function readGroup(field: FormField, fields: readonly FormField[], { texts, path, before }: Place): FieldRead {
  if (field.empty && texts[path] !== true) return { value: field.empty === 'null' ? null : undefined };
  const read = readFields(fields, texts, { before: fieldsOf(before), at: `${path}.` });
  if (Object.keys(read.problems).length > 0) return { problems: read.problems };
  return judged(field, read.values, path);
}

function readRows(field: FormField, fields: readonly FormField[], { texts, path, before }: Place): FieldRead {
  const reads = rowsAt(texts, path).map((row, index) =>
    readFields(fields, row, { before: fieldsOf((before as readonly unknown[] | undefined)?.[index]) }),
  );
  const problems = reads.flatMap((read, index) =>
    Object.entries(read.problems).map(([at, repair]) => [`${path}.${index}.${at}`, repair] as const),
  );
  if (problems.length > 0) return { problems: Object.fromEntries(problems) };
  return judged(
    field,
    reads.map(({ values }) => values),
    path,
  );
}

function readPairs(field: FormField, item: FormField, { texts, path }: Place): FieldRead {
  const value: Record<string, unknown> = {};
  const problems: Record<string, string> = {};
  rowsAt(texts, path).forEach((row, index) => {
    const name = textAt(row, 'name').trim();
    const read = readField(item, { texts: row, path: 'value', before: undefined });
    if (name === '') problems[`${path}.${index}.name`] = 'Give it a name, or remove the row.';
    else if (Object.hasOwn(value, name)) problems[`${path}.${index}.name`] = 'This name stands there twice.';
    else if (read.problems) problems[`${path}.${index}.value`] = read.problems['value'] ?? 'Fill this in.';
    else value[name] = read.value;
  });
  return Object.keys(problems).length > 0 ? { problems } : judged(field, value, path);
}

function readUniverses(field: FormField, { texts, path }: Place): FieldRead {
  const { shape } = field;
  if (shape.is !== 'universes') return {};
  const text = textAt(texts, path);
  const problems: Record<string, string> = {};
  const typed = textAt(texts, priorityPath(path)).trim();
  const isPriority = /^\d+$/.test(typed) && Number(typed) <= priorityMax;
  if (shape.prioritized && !isPriority)
    problems[priorityPath(path)] = `A whole number from 0 to ${priorityMax}; 100 is usual.`;
  if (text.trim() === '' && shape.fewest === 0) return Object.keys(problems).length > 0 ? { problems } : { value: [] };
  const priority = shape.prioritized ? (isPriority ? Number(typed) : 100) : undefined;
  const { item: noun = 'universe' } = field.words;
  const { ranges, problem } = readUniverseRanges(text, priority, { ...shape, noun });
  if (problem !== undefined) problems[path] = problem;
  return Object.keys(problems).length > 0 ? { problems } : judged(field, ranges, path);
}

/** @param fault a repair that is known already */
function judged(field: FormField, value: unknown, path: string, fault?: string): FieldRead {
  const repair = fault ?? controlRepair(field, value);
  if (repair !== undefined) return { problems: { [path]: repair } };
  const { success, error } = field.schema.safeParse(value);
  if (success) return { value };
  const [issue] = error.issues;
  return { problems: { [issue ? placeOf(field, issue, path) : path]: issue ? schemaRepair(field, value, issue) : '' } };
}

/** Where what goes for several fields of a group or a row asks for its repair. */
function placeOf({ shape }: FormField, { path: inner }: z.core.$ZodIssue, path: string): string {
  const isInside = (shape.is === 'group' && inner.length > 0) || (shape.is === 'rows' && inner.length > 1);
  return isInside ? [path, ...inner.map(String)].join('.') : path;
}

function textAt(texts: DraftTexts, path: string): string {
  const text = texts[path];
  return typeof text === 'string' ? text : '';
}

function rowsAt(texts: DraftTexts, path: string): readonly DraftTexts[] {
  const rows = texts[path];
  return Array.isArray(rows) ? (rows as readonly DraftTexts[]) : [];
}

/** What the schema of the whole says of several fields together, at the field that it names, else under `other`.
 *  @param shown the paths that have a field */
export function wholeProblems(error: z.core.$ZodError, shown: DraftTexts): FieldProblems {
  return Object.fromEntries(
    error.issues.map(({ path, message }) => {
      const names = path.map(String);
      let at = names.join('.');
      while (names.length > 0 && !(at in shown)) {
        names.pop();
        at = names.join('.');
      }
      return [at === '' ? 'other' : at, asRepair(message)];
    }),
  );
}
