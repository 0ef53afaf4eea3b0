import { bridgeForm } from '../../src-main/contract/bridges/bridge-form.ts';
import type { FormField } from '../../src-main/contract/bridges/form-field.ts';
import type { BridgeKind } from '../../src-main/contract/show.ts';
import { isolated } from '../widgets/isolate.ts';
import type { DraftChange } from './bridge-draft.ts';
import { type DraftValue } from './draft-texts.ts';

/** What was typed into a form, for when the form is gone: `“9123” as listens on port`. */
export function describeTyped(kind: BridgeKind, change: DraftChange): string {
  const { name, onReturn, settings } = bridgeForm(kind);
  const fields = new Map([...labelled([name, onReturn], ''), ...labelled(settings, 'settings.')]);
  return Object.entries(change)
    .map(([path, typed]) => {
      const field = fields.get(path);
      return `${valueWords(typed, field)} as ${field?.label ?? 'priority'}`;
    })
    .join(', ');
}

function labelled(fields: readonly FormField[], at: string): [string, FormField][] {
  return fields.flatMap((field): [string, FormField][] => {
    const path = `${at}${field.name}`;
    const inner = field.shape.is === 'group' ? labelled(field.shape.fields, `${path}.`) : [];
    return [[path, field], ...inner];
  });
}

function valueWords(typed: DraftValue, field: FormField | undefined): string {
  if (typeof typed === 'boolean') return typed ? '“on”' : '“off”';
  if (typeof typed === 'string') {
    const choices = field?.shape.is === 'choice' ? field.shape.choices : [];
    return `“${isolated(choices.find(({ value }) => String(value) === typed)?.label ?? typed)}”`;
  }
  const rows = typed.map((row) => Object.values(row).find((each) => typeof each === 'string' && each !== ''));
  return `“${rows.map((text) => isolated(String(text ?? ''))).join(', ')}”`;
}
