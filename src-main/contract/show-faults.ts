import { bridgeForm, bridgeKinds } from './bridges/bridge-form.ts';
import type { FormField } from './bridges/form-field.ts';
import type { z } from './zod.ts';

/** One thing to repair in a show from outside. */
export interface ShowFault {
  /** `bridges[1].settings.listenPort`; empty for the show itself */
  readonly path: string;
  /** `expected a number of at most 65535` */
  readonly expected: string;
  /** what the form of the bridge says there, a sentence; empty without */
  readonly repair: string;
}

/** @param json the show that the issue is of, in the newest format */
export function faultOf(issue: z.core.$ZodIssue, json: unknown): ShowFault {
  return { path: formatPath(issue.path), expected: expectationOf(issue), repair: repairAt(issue.path, json) };
}

/** In one line, as it is said where there is no form. */
export function describeFault({ path, expected, repair }: ShowFault, more = ''): string {
  const where = path === '' ? '' : `${path}: `;
  return `${where}${expected}${more}.${repair === '' ? '' : ` ${repair}`}`;
}

/** `mappings[3].target.address`; empty for the show itself. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
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

/** The words of the setting that a path leads to, for settings of bridges. */
function repairAt([list, index, settings, ...names]: readonly PropertyKey[], json: unknown): string {
  if (list !== 'bridges' || typeof index !== 'number' || settings !== 'settings') return '';
  const bridges = (json as { readonly bridges?: readonly { readonly kind?: unknown }[] }).bridges;
  const kind = bridgeKinds.find((each) => each === bridges?.[index]?.kind);
  if (!kind) return '';
  let fields: readonly FormField[] = bridgeForm(kind).settings;
  let repair = '';
  for (const name of names) {
    if (typeof name === 'number') continue;
    const field = fields.find((each) => each.name === name);
    if (!field) return repair;
    repair = field.words.repair ?? field.help ?? '';
    fields = field.shape.is === 'group' || field.shape.is === 'rows' ? field.shape.fields : [];
  }
  return repair;
}
