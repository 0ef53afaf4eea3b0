import { bridgeForm } from '../../src-main/contract/bridges/bridge-form.ts';
import type { BridgeDraft, DraftChange } from './bridge-draft.ts';
import type { DraftTexts } from './draft-texts.ts';
import type { FieldProblems } from './read-fields.ts';

/** What the form of a bridge wants, apart by whether somebody has been at the field. */
export interface AskedFields {
  /** fields that only the operator can fill in and nobody has touched yet, by their labels */
  readonly open: readonly string[];
  /** what was typed and will not do, by path */
  readonly problems: FieldProblems;
}

/** Nobody is told to repair what nobody has typed.
 *  @param typed in it, by path; undefined for nothing */
export function splitAsked(
  { kind, texts }: BridgeDraft,
  problems: FieldProblems,
  typed: DraftChange | undefined = {},
): AskedFields {
  const left = new Map<string, string>();
  for (const { name, label, shape, words } of bridgeForm(kind).settings) {
    const path = `settings.${name}`;
    const stands = texts[path];
    if (problems[path] !== undefined && !(path in typed) && !stands) left.set(path, label);
    if (shape.is !== 'rows' || !Array.isArray(stands)) continue;
    (stands as readonly DraftTexts[]).forEach((row, index) => {
      for (const field of shape.fields) {
        const at = `${path}.${index}.${field.name}`;
        if (problems[at] !== undefined && row[field.name] === '')
          left.set(at, `${field.label} of ${words.item ?? 'row'} ${index + 1}`);
      }
    });
  }
  return {
    open: [...left.values()],
    problems: Object.fromEntries(Object.entries(problems).filter(([path]) => !left.has(path))),
  };
}
