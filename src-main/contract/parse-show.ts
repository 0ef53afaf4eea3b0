import { InputError } from './errors.ts';
import { findPatchFault } from './patch-faults.ts';
import { migrateShow, type ShowJson } from './show-migrations.ts';
import { showSchema, type ShowDocument } from './show.ts';
import type { z } from './zod.ts';

/** Nesting of objects and arrays in a show; deeper ones would overflow the stack of whoever writes them out. */
export const showDepthMax = 64;

/** Checks a show from outside: carries older formats up, then the schema, then what a schema cannot say (ids and numbers
 *  are unique). The outcome has its keys in the order of the schema and shares nothing that the schema describes.
 *  @throws InputError 'bad-show' with `details.path` and what was expected there | 'show-newer' */
export function parseShow(json: unknown): ShowDocument {
  if (!isObject(json)) throw badShow('', 'expected a show as a JSON object');
  assertPlain(json);
  const read = showSchema.safeParse(migrateShow(json));
  if (!read.success) throw firstOf(read.error.issues);
  assertIdsUnique(read.data);
  assertNumbersUnique(read.data, 'bridges');
  assertNumbersUnique(read.data, 'mappings');
  assertNumbersUnique(read.data, 'patch');
  assertPatchFits(read.data);
  return read.data;
}

/** The text form of a show: keys in the order of the schema, two spaces, a line feed at the end. The same show always
 *  gives the same text. */
export function formatShow(document: ShowDocument): string {
  return `${JSON.stringify(showSchema.parse(document), null, 2)}\n`;
}

/** `mappings[3].target.address`; empty for the show itself. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

function firstOf(issues: readonly z.core.$ZodIssue[]): InputError {
  const [first] = issues;
  if (!first) return badShow('', 'expected a show');
  const more = issues.length > 1 ? ` (${issues.length - 1} more to repair)` : '';
  return badShow(formatPath(first.path), `${expectationOf(first)}${more}`);
}

function expectationOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `expected no ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
  if (issue.code === 'invalid_value')
    return `expected ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
  return issue.message
    .replace(/^Invalid input: |^Too (small|big): |^Invalid discriminator value\. /, '')
    .replace('Expected', 'expected')
    .replace('received undefined', 'found nothing')
    .replace('received', 'found')
    .replace('to have >=', 'of at least ')
    .replace('to have <=', 'of at most ')
    .replace('to be >=', 'of at least ')
    .replace('to be <=', 'of at most ');
}

function badShow(path: string, expected: string): InputError {
  return new InputError('bad-show', `${path === '' ? '' : `${path}: `}${expected}.`, { path });
}

/** Depth first without recursion, since the depth is what is in doubt. */
function assertPlain(show: ShowJson): void {
  const waiting: { value: unknown; path: PropertyKey[] }[] = [{ value: show, path: [] }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, path } = next;
    if (typeof value !== 'object' || value === null) continue;
    if (path.length >= showDepthMax)
      throw badShow(formatPath(path.slice(0, 4)), `expected at most ${showDepthMax} levels`);
    if (Object.hasOwn(value, '__proto__')) throw badShow(formatPath(path), 'expected no "__proto__"');
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner === 'object')
        waiting.push({ value: inner, path: [...path, Array.isArray(value) ? Number(key) : key] });
    }
  }
}

function assertIdsUnique(document: ShowDocument): void {
  for (const [list, items] of Object.entries(document)) {
    if (!Array.isArray(items)) continue;
    const taken = new Set<string>();
    items.forEach(({ id }, index) => {
      if (taken.has(id)) throw badShow(`${list}[${index}].id`, `expected an id of its own, "${id}" is taken`);
      taken.add(id);
    });
  }
}

function assertNumbersUnique(document: ShowDocument, list: 'bridges' | 'mappings' | 'patch'): void {
  const taken = new Set<number>();
  document[list].forEach(({ number }, index) => {
    if (taken.has(number))
      throw badShow(`${list}[${index}].number`, `expected a number of its own, ${number} is taken`);
    taken.add(number);
  });
}

function assertPatchFits(document: ShowDocument): void {
  const fault = findPatchFault(document);
  if (!fault) return;
  const path = formatPath(fault.path);
  throw new InputError('bad-show', `${path}: ${fault.message}`, { path });
}

function isObject(value: unknown): value is ShowJson {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
