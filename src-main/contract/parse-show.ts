import { bridgePattern } from './bridges/bridge-pattern.ts';
import { InputError } from './errors.ts';
import { describeFault, faultOf, formatPath, type ShowFault } from './show-faults.ts';
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
  const newest = readNewest(json);
  const read = showSchema.safeParse(newest);
  if (!read.success) throw firstOf(read.error.issues, newest);
  assertIdsUnique(read.data);
  assertNumbersUnique(read.data, 'bridges');
  assertNumbersUnique(read.data, 'mappings');
  assertNumbersUnique(read.data, 'patch');
  assertPatchFits(read.data);
  return read.data;
}

/** Everything that the schema finds to repair in a show from outside, in its order, else what stands in the way of reading it,
 *  else what its bridges cannot run with; nothing for a show that runs. */
export function showFaults(json: unknown): ShowFault[] {
  try {
    const newest = readNewest(json);
    const { error } = showSchema.safeParse(newest);
    if (error) return error.issues.map((issue) => faultOf(issue, newest));
    return prefixFaults(parseShow(json));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return [{ path: '', expected: error.message.replace(/\.$/, ''), repair: '' }];
  }
}

/** Prefixes under which nothing can be: shows with them open, since older ones may have them, and their bridges stay broken. */
function prefixFaults({ bridges }: ShowDocument): ShowFault[] {
  return bridges.flatMap(({ settings: { prefix } }, index) => {
    try {
      bridgePattern(prefix);
      return [];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const path = `bridges[${index}].settings.prefix`;
      return [{ path, expected: 'expected a prefix that addresses can have', repair: error.message }];
    }
  });
}

function readNewest(json: unknown): ShowJson {
  if (!isObject(json)) throw badShow('', 'expected a show as a JSON object');
  assertPlain(json);
  return migrateShow(json);
}

/** The text form of a show: keys in the order of the schema, two spaces, a line feed at the end. The same show always
 *  gives the same text. */
export function formatShow(document: ShowDocument): string {
  return `${JSON.stringify(showSchema.parse(document), null, 2)}\n`;
}

function firstOf(issues: readonly z.core.$ZodIssue[], json: unknown): InputError {
  const faults = issues.map((issue) => faultOf(issue, json));
  const [first] = faults;
  if (!first) return badShow('', 'expected a show');
  const more = faults.length > 1 ? ` (${faults.length - 1} more to repair)` : '';
  return new InputError('bad-show', describeFault(first, more), { path: first.path });
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
