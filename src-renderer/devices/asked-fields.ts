import { bridgeForm } from '../../src-main/contract/bridges/bridge-form.ts';
import type { BridgeDraft, DraftChange } from './bridge-draft.ts';
import type { FieldProblems } from './read-fields.ts';

/** What the form of a new bridge wants, apart by whether somebody has been at the field. */
export interface AskedFields {
  /** fields that only the operator can fill in and nobody has touched yet, by their labels */
  readonly open: readonly string[];
  /** what was typed and will not do, by path */
  readonly problems: FieldProblems;
}

/** Nobody is told to repair what nobody has typed.
 *  @param typed in the new bridge, by path; undefined for nothing */
export function splitAsked(
  { kind, texts }: BridgeDraft,
  problems: FieldProblems,
  typed: DraftChange | undefined = {},
): AskedFields {
  const open = bridgeForm(kind)
    .settings.map(({ name, label }) => ({ path: `settings.${name}`, label }))
    .filter(({ path }) => problems[path] !== undefined && !(path in typed) && !texts[path]);
  const left = new Set(open.map(({ path }) => path));
  return {
    open: open.map(({ label }) => label),
    problems: Object.fromEntries(Object.entries(problems).filter(([path]) => !left.has(path))),
  };
}
