import { doorSettingsSchema, type DoorKind, type DoorSettings } from '../../src-main/contract/door.ts';
import { messageOf } from '../../src-main/contract/errors.ts';
import { isLoopback } from '../../src-main/contract/loopback.ts';
import { formatScope, parseScopes } from '../../src-main/contract/scope.ts';
import { spaceThousands, tryTypedWhole } from '../widgets/number-words.ts';
import { doorForms, type DoorField, type DoorFieldId } from './door-fields.ts';

/** everything, reading alone, or what a list of scopes says */
export type DoorRights = 'everything' | 'read' | 'own';

/** The form of a way in as it is typed. Texts of fields that this kind has not wait for one that has. */
export interface DoorDraft {
  readonly kind: DoorKind;
  readonly texts: Readonly<Partial<Record<DoorFieldId, string>>>;
  readonly rights: DoorRights;
  /** for the rights `own`: with commas between */
  readonly scopes: string;
  /** other machines may come in though nobody is asked who they are */
  readonly isForAnyone: boolean;
}

export type DoorProblems = Readonly<Partial<Record<DoorFieldId | 'scopes', string>>>;

export interface DoorCheck {
  /** absent while a field wants a repair */
  readonly settings?: DoorSettings;
  readonly problems: DoorProblems;
}

const readAlone = 'read:/**';
const allCards: readonly string[] = ['0.0.0.0', '::'];
const group = /^(22[4-9]|23\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$|^ff[0-9a-f:]+$/i;

/** @param port offered for kinds that have one */
export function newDoorDraft(kind: DoorKind, port: number): DoorDraft {
  const fields = Object.values(doorForms).flatMap((form) => form.fields);
  const texts = Object.fromEntries(fields.map(({ id, first = '' }) => [id, first]));
  return { kind, texts: { ...texts, port: String(port) }, rights: 'everything', scopes: '', isForAnyone: false };
}

export function draftOfDoor(settings: DoorSettings, isForAnyone: boolean): DoorDraft {
  const { kind, scopes } = settings;
  const given: Readonly<Record<string, string | number | readonly string[] | undefined>> = settings;
  const texts = doorForms[kind].fields.map(({ id, first = '' }): [DoorFieldId, string] => {
    const value = given[id];
    // Without a host it is that of the WebSocket port.
    if (value === undefined) return [id, id === 'host' ? '' : first];
    return [id, typeof value === 'object' ? value.join(', ') : String(value)];
  });
  const isReadAlone = scopes?.length === 1 && scopes[0] === readAlone;
  const rights = scopes === undefined ? 'everything' : isReadAlone ? 'read' : 'own';
  const draft = newDoorDraft(kind, 0);
  return {
    ...draft,
    texts: { ...draft.texts, ...Object.fromEntries(texts) },
    rights,
    scopes: rights === 'own' ? (scopes ?? []).join(', ') : '',
    isForAnyone,
  };
}

/** What the form comes to, or what to repair in which field. */
export function checkDoorDraft(draft: DoorDraft): DoorCheck {
  const { kind } = draft;
  const { fields } = doorForms[kind];
  const { scopes, problem } = readScopes(draft);
  const values = fields.map((field) => [field.id, valueOf(field, draft.texts[field.id] ?? '')] as const);
  const said = Object.fromEntries(values.filter(([, value]) => value !== undefined));
  const parsed = doorSettingsSchema.safeParse({ kind, ...said, ...(scopes && { scopes }) });
  const refused = new Set(parsed.error?.issues.map(({ path }) => path[0]));
  const problems = {
    ...pairProblems(draft),
    ...Object.fromEntries(
      fields.filter(({ id }) => refused.has(id)).map(({ id, repair }) => [id, spaceThousands(repair)]),
    ),
    ...(problem !== undefined && { scopes: problem }),
  };
  return { problems, ...(parsed.data && Object.keys(problems).length === 0 && { settings: parsed.data }) };
}

/** Whether other machines come in by it, as far as the form knows: without a host that is said elsewhere. */
export function isForOthers({ kind, texts }: DoorDraft): boolean {
  const hasHost = doorForms[kind].fields.some(({ as }) => as === 'host');
  if (hasHost) return !isLoopback(texts.host ?? '');
  return kind === 'ble' && texts.role === 'peripheral';
}

/** What no field can say alone. */
function pairProblems({ kind, texts }: DoorDraft): DoorProblems {
  const has = (id: DoorFieldId): boolean => doorForms[kind].fields.some((field) => field.id === id);
  const text = (id: DoorFieldId): string => texts[id]?.trim() ?? '';
  const problems: Partial<Record<DoorFieldId, string>> = {};
  if (has('cert') && (text('cert') === '') !== (text('key') === '')) {
    const missing = text('cert') === '' ? 'cert' : 'key';
    problems[missing] = `Name the ${missing === 'key' ? 'key' : 'certificate'} too, or leave both empty.`;
  }
  if (has('groups')) {
    const groups = listOf(text('groups'));
    const odd = groups.find((each) => !group.test(each));
    if (odd !== undefined)
      problems.groups = `“${odd.slice(0, 40)}” is no group: they are 224.0.0.0 to 239.255.255.255.`;
    else if (groups.length > 0 && !allCards.includes(text('host')))
      problems.groups = 'Groups are heard on every network card. Choose that above, or leave this empty.';
  }
  return problems;
}

function readScopes({ rights, scopes }: DoorDraft): { scopes?: readonly string[]; problem?: string } {
  if (rights === 'everything') return {};
  if (rights === 'read') return { scopes: [readAlone] };
  try {
    return { scopes: parseScopes(scopes).map(formatScope) };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

/** What cannot be read goes as text, which the settings refuse. */
function valueOf(field: DoorField, text: string): unknown {
  const said = text.trim();
  if (said === '') return undefined;
  if (field.as === 'list' || field.as === 'several') return listOf(said);
  const isNumber = field.as === 'number' || (field.as === 'choice' && field.isNumber);
  return isNumber ? (tryTypedWhole(said) ?? said) : said;
}

function listOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((part) => part !== '');
}
