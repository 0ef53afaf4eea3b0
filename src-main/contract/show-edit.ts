import { bridgeSchema } from './bridges/bridge.ts';
import { InputError } from './errors.ts';
import { fixtureProfileSchema, fixtureSchema, softPatchSchema } from './fixture.ts';
import { findPatchFault } from './patch-faults.ts';
import { groupSchema, mappingSchema, settingsSchema, showLimits, signalRuleSchema, type ShowDocument } from './show.ts';
import { z } from './zod.ts';

/** The lists of a show that an edit can name. */
export const editableLists = [
  ...(['bridges', 'groups', 'mappings', 'signalRules'] as const),
  ...(['profiles', 'patch', 'softPatch'] as const),
] as const;
export type EditableList = (typeof editableLists)[number];

const index = z.int().min(0).max(100_000);
const put = [
  z.strictObject({ do: z.literal('put'), list: z.literal('bridges'), item: bridgeSchema, at: index.optional() }),
  z.strictObject({ do: z.literal('put'), list: z.literal('groups'), item: groupSchema, at: index.optional() }),
  z.strictObject({ do: z.literal('put'), list: z.literal('mappings'), item: mappingSchema, at: index.optional() }),
  z.strictObject({
    do: z.literal('put'),
    list: z.literal('signalRules'),
    item: signalRuleSchema,
    at: index.optional(),
  }),
  z.strictObject({
    do: z.literal('put'),
    list: z.literal('profiles'),
    item: fixtureProfileSchema,
    at: index.optional(),
  }),
  z.strictObject({ do: z.literal('put'), list: z.literal('patch'), item: fixtureSchema, at: index.optional() }),
  z.strictObject({ do: z.literal('put'), list: z.literal('softPatch'), item: softPatchSchema, at: index.optional() }),
] as const;
const step = z.union([
  z.discriminatedUnion('list', put),
  z.strictObject({ do: z.literal('remove'), list: z.enum(editableLists), id: z.string() }),
  z.strictObject({ do: z.literal('move'), list: z.enum(editableLists), id: z.string(), to: index }),
  z.strictObject({ do: z.literal('rename'), name: z.string().min(1).max(showLimits.name) }),
  z.strictObject({ do: z.literal('settings'), settings: settingsSchema }),
]);
/** One change to a show. `put` replaces the item with its id where it stands, or adds it at `at`, else at the end. */
export type EditStep = z.infer<typeof step>;

/** Steps that are done and undone as one. The label finishes the sentence "Undo …": `delete set 3`.
 *  Edits with the same `gesture` that follow each other become one for undo (a slider being dragged). */
export const editSchema = z.strictObject({
  label: z.string().min(1).max(120),
  steps: z.array(step).min(1).max(20_000),
  gesture: z.string().max(64).optional(),
});
export type Edit = z.infer<typeof editSchema>;

/** Makes an edit that is asked for again, because its answer was lost, one edit. `id` is its own and no other's; `since`
 *  is the revision that was known when it was first asked for. */
const onceSchema = z.strictObject({ id: z.string().min(1).max(64), since: z.int().min(0) });
export type Once = z.infer<typeof onceSchema>;

/** An edit as a client asks for it. `basedOn` is the revision of the show that it was made from: what was changed since
 *  then is not overwritten, but refused with 'changed-meanwhile'. Without it the edit goes over everything. With `once`
 *  it is made at most once, however often it is asked for, over restarts too: a repeat is answered with the revision that
 *  it led to then, whatever became of it since, and refused with 'changed-meanwhile' when that is not known any more. */
export const editRequestSchema = editSchema.extend({ basedOn: z.int().min(0).optional(), once: onceSchema.optional() });
export type EditRequest = z.infer<typeof editRequestSchema>;

export interface EditOutcome {
  readonly document: ShowDocument;
  /** applied to the outcome, gives the document back as it was */
  readonly inverse: Edit;
}

/** Pure: the given document is not touched, so a refused edit leaves nothing behind.
 *  @throws InputError 'unknown-id' | 'duplicate-number' | 'duplicate-pattern' | 'patch-conflict' | 'bad-arguments' */
export function applyEdit(document: ShowDocument, edit: Edit): EditOutcome {
  let now = document;
  const back: EditStep[] = [];
  for (const each of edit.steps) {
    const [next, inverse] = applyStep(now, each);
    now = next;
    back.unshift(inverse);
  }
  assertNumbersUnique(now, 'bridges');
  assertNumbersUnique(now, 'mappings');
  assertNumbersUnique(now, 'patch');
  assertPatternsUnique(now);
  assertPatchFits(document, now);
  return {
    document: now,
    inverse: { label: edit.label, steps: back, ...(edit.gesture ? { gesture: edit.gesture } : {}) },
  };
}

function applyStep(document: ShowDocument, step: EditStep): [ShowDocument, EditStep] {
  switch (step.do) {
    case 'rename':
      return [
        { ...document, name: step.name },
        { do: 'rename', name: document.name },
      ];
    case 'settings':
      return [
        { ...document, settings: step.settings },
        { do: 'settings', settings: document.settings },
      ];
    case 'put':
      return applyPut(document, step);
    case 'remove': {
      const items: readonly { id: string }[] = document[step.list];
      const at = indexOf(document, step.list, step.id);
      return [withList(document, step.list, items.toSpliced(at, 1)), putStep(step.list, items[at], at)];
    }
    case 'move': {
      const items: readonly { id: string }[] = document[step.list];
      const at = indexOf(document, step.list, step.id);
      const rest = items.toSpliced(at, 1);
      const moved = rest.toSpliced(Math.min(step.to, rest.length), 0, ...items.slice(at, at + 1));
      return [withList(document, step.list, moved), { ...step, to: at }];
    }
    default:
      return step satisfies never;
  }
}

function applyPut(document: ShowDocument, step: Extract<EditStep, { do: 'put' }>): [ShowDocument, EditStep] {
  const items: readonly { id: string }[] = document[step.list];
  const at = items.findIndex((item) => item.id === step.item.id);
  if (at >= 0) {
    return [withList(document, step.list, items.with(at, step.item)), putStep(step.list, items[at])];
  }
  if (items.length >= showLimits[step.list]) {
    throw new InputError('bad-arguments', `A show holds at most ${showLimits[step.list]} ${listWords[step.list]}.`);
  }
  const where = Math.min(step.at ?? items.length, items.length);
  return [
    withList(document, step.list, items.toSpliced(where, 0, step.item)),
    { do: 'remove', list: step.list, id: step.item.id },
  ];
}

function indexOf(document: ShowDocument, list: EditableList, id: string): number {
  const at = document[list].findIndex((item) => item.id === id);
  if (at < 0)
    throw new InputError('unknown-id', `The show has no ${id} among its ${listWords[list]}. Nothing was changed.`, {
      list,
      id,
    });
  return at;
}

/** As an operator calls them. */
const listWords: Readonly<Record<EditableList, string>> = {
  bridges: 'bridges',
  groups: 'groups',
  mappings: 'mappings',
  signalRules: 'rules',
  profiles: 'fixture profiles',
  patch: 'fixtures',
  softPatch: 'slots of the soft patch',
};

function withList(document: ShowDocument, list: EditableList, items: readonly unknown[]): ShowDocument {
  return { ...document, [list]: items };
}

function putStep(list: EditableList, item: unknown, at?: number): EditStep {
  return { do: 'put', list, item, ...(at === undefined ? {} : { at }) } as EditStep;
}

function assertNumbersUnique(document: ShowDocument, list: 'bridges' | 'mappings' | 'patch'): void {
  const taken = new Map<number, string>();
  for (const item of document[list]) {
    if (taken.has(item.number)) {
      throw new InputError('duplicate-number', `Number ${item.number} is taken. Nothing was changed.`, {
        list,
        number: item.number,
      });
    }
    taken.set(item.number, item.id);
  }
}

function assertPatternsUnique({ signalRules }: ShowDocument): void {
  const taken = new Set<string>();
  for (const { pattern } of signalRules) {
    if (taken.has(pattern)) {
      const message = `There is a rule for ${pattern} already. Nothing was changed.`;
      throw new InputError('duplicate-pattern', message, { pattern });
    }
    taken.add(pattern);
  }
}

/** What was wrong before, in a file that somebody wrote by hand, was refused when it was opened. */
function assertPatchFits(before: ShowDocument, after: ShowDocument): void {
  const isSame = before.profiles === after.profiles && before.patch === after.patch;
  if (isSame && before.softPatch === after.softPatch) return;
  const fault = findPatchFault(after);
  if (!fault) return;
  const [list = ''] = fault.path;
  throw new InputError('patch-conflict', `${fault.message} Nothing was changed.`, { list, id: fault.id });
}
