import { bridgeForm, bridgeKinds } from './bridges/bridge-form.ts';
import { bridgeHead } from './bridges/bridge-head.ts';
import type { FormField } from './bridges/form-field.ts';
import { nearestName } from './nearest-name.ts';
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
  const repair = issue.code === 'unrecognized_keys' ? meantBy(issue, json) : placeOf(issue.path, json)?.repair;
  return { path: formatPath(issue.path), expected: expectationOf(issue), repair: repair ?? '' };
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
  const [ofKey] = issue.code === 'invalid_key' ? issue.issues : [];
  if (ofKey) return expectationOf(ofKey);
  const inWords = /^(?:Invalid input: |Too small: |Too big: |Invalid discriminator value\. )(.*)/s.exec(
    issue.message,
  )?.[1];
  return inWords === undefined ? issue.message.replace(/\.$/, '') : plainWords(inWords);
}

/** What the schema's library says, in the words of this product. */
function plainWords(said: string): string {
  return said
    .replace('expected int, received number', 'expected a whole number')
    .replace('expected record', 'expected object')
    .replace(/^Expected '(.*)'$/, (_, choices: string) => `expected "${choices.replaceAll("' | '", '" or "')}"`)
    .replace('Expected', 'expected')
    .replace('received undefined', 'found nothing')
    .replace('received', 'found')
    .replace('to have >=', 'of at least ')
    .replace('to have <=', 'of at most ')
    .replace('to be >=', 'of at least ')
    .replace('to be <=', 'of at most ');
}

/** What may have been meant by names that are not there, as a sentence. */
function meantBy({ keys, path }: z.core.$ZodIssueUnrecognizedKeys, json: unknown): string | undefined {
  const place = placeOf(path, json);
  if (!place || place.names.length === 0) return undefined;
  const misplaced = keys.filter((key) => place.below.includes(key)).map((key) => `"${key}"`);
  if (misplaced.length > 0) return `Put ${misplaced.join(', ')} into its settings.`;
  const meant = keys.map((key) => nearestName(key, place.names)).filter((name) => name !== undefined);
  if (meant.length > 0) return `Is ${meant.map((name) => `"${name}"`).join(', ')} meant?`;
  return `What there is: ${place.names.join(', ')}.`;
}

interface Place {
  /** what the form says there, a sentence; undefined without */
  readonly repair: string | undefined;
  /** of what stands there, where that is an object */
  readonly names: readonly string[];
  /** the same of its settings, for a bridge */
  readonly below: readonly string[];
}

/** What the form of a bridge knows of a place in it. @returns undefined outside of bridges of a known kind */
function placeOf([list, index, settings, ...names]: readonly PropertyKey[], json: unknown): Place | undefined {
  if (list !== 'bridges' || typeof index !== 'number') return undefined;
  const bridges = (json as { readonly bridges?: readonly { readonly kind?: unknown }[] }).bridges;
  const kind = bridgeKinds.find((each) => each === bridges?.[index]?.kind);
  if (!kind) return undefined;
  let fields = bridgeForm(kind).settings;
  if (settings === undefined)
    return { repair: undefined, names: [...Object.keys(bridgeHead), 'kind', 'settings'], below: namesOf(fields) };
  if (settings !== 'settings') return undefined;
  let repair: string | undefined;
  for (const name of names) {
    if (typeof name === 'number') continue;
    const field = fields.find((each) => each.name === name);
    if (!field) return { repair, names: [], below: [] };
    repair = field.words.repair ?? field.help;
    fields = field.shape.is === 'group' || field.shape.is === 'rows' ? field.shape.fields : [];
  }
  return { repair, names: namesOf(fields), below: [] };
}

function namesOf(fields: readonly FormField[]): string[] {
  return fields.map(({ name }) => name);
}
