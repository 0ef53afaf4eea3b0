import type { BridgeForm } from './bridge-form.ts';
import type { FormField } from './form-field.ts';

/** What keeps a kind's settings from being shown well, one sentence each; nothing for a kind that is ready. Every setting
 *  has a title and a description, every condition names a setting beside it, every list says what one of it is called, and
 *  no type falls back to JSON unless its words say so, and what is written there. */
export function formFaults({ kind, settings }: Pick<BridgeForm, 'kind' | 'settings'>): string[] {
  return faultsOf(settings, `${kind}: settings`);
}

function faultsOf(fields: readonly FormField[], path: string): string[] {
  const names = new Set(fields.map(({ name }) => name));
  return fields.flatMap((field) => faultsIn(field, names, `${path}.${field.name}`));
}

function faultsIn(field: FormField, siblings: ReadonlySet<string>, path: string): string[] {
  const { help, words, shape, schema, isTitled } = field;
  const faults: string[] = [];
  if (!isTitled) faults.push(`${path}: give it a title: .meta({ title: 'lower case label' })`);
  if (help === undefined) faults.push(`${path}: give it a description: .meta({ description: 'One sentence.' })`);
  else if (!/[.?]$/.test(help)) faults.push(`${path}: the description is a sentence with a full stop`);
  for (const name of Object.keys(words.when ?? {}))
    if (!siblings.has(name)) faults.push(`${path}: "when" names ${name}, which is no setting beside it`);
  if (shape.is === 'json' && words.control !== 'json')
    faults.push(`${path}: no field shows a ${schema._zod.def.type} like this: use another type, or control 'json'`);
  if (words.control === 'json' && words.repair === undefined)
    faults.push(`${path}: say what JSON is written there: .meta({ repair: 'An object such as {"a": 1}.' })`);
  if ((shape.is === 'rows' || shape.is === 'pairs') && words.item === undefined)
    faults.push(`${path}: say what one of them is called: .meta({ item: 'target' })`);
  if (shape.is === 'group' || shape.is === 'rows') faults.push(...faultsOf(shape.fields, path));
  return faults;
}
