import { bridgeForm } from '../../src-main/contract/bridges/bridge-form.ts';
import { bridgeSchema, type Bridge } from '../../src-main/contract/show.ts';
import type { BridgeDraft } from './bridge-draft.ts';
import { kindRecord } from './kinds/kinds.ts';
import { readFields, wholeProblems, type FieldProblems } from './read-fields.ts';

export type DraftCheck =
  | { readonly bridge: Bridge; readonly problems: Readonly<Record<string, never>> }
  /** by path; what goes for no field stands under `other` */
  | { readonly bridge?: undefined; readonly problems: FieldProblems };

/** Turns a form into a bridge, or says field by field what to repair. Never throws. */
export function checkBridgeDraft(draft: BridgeDraft): DraftCheck {
  const { id, number, enabled, kind, texts } = draft;
  const form = bridgeForm(kind);
  const head = readFields([form.name, form.onReturn], texts, { before: {} });
  const read = readFields(form.settings, texts, { before: draft.settings, at: 'settings.' });
  const problems = { ...head.problems, ...kindProblems(draft, read.values), ...read.problems };
  if (Object.keys(problems).length > 0) return { problems };
  const parsed = bridgeSchema.safeParse({ id, number, enabled, kind, ...head.values, settings: read.values });
  if (parsed.success) return { bridge: parsed.data, problems: {} };
  return { problems: wholeProblems(parsed.error, texts) };
}

function kindProblems({ kind }: BridgeDraft, values: Readonly<Record<string, unknown>>): FieldProblems {
  const { repair } = kindRecord(kind);
  const problems: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    const wanted = repair?.(name, value);
    if (wanted !== undefined) problems[`settings.${name}`] = wanted;
  }
  return problems;
}
