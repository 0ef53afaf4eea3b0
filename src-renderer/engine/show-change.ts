import { InputError } from '../../src-main/contract/errors.ts';
import type { Edit, EditableList, EditStep } from '../../src-main/contract/show-edit.ts';
import type { ShowDocument } from '../../src-main/contract/show.ts';
import { isSame } from './is-same.ts';
import { mergeItem, mergeUnseen } from './merge-item.ts';

export type ItemOf<L extends EditableList> = ShowDocument[L][number];

/** A change as it is meant, not as the show happens to be: it is made anew from the newest show until it is in. */
export interface ShowChange {
  /** @returns what to do to this show; undefined when nothing is left to do
   *  @throws InputError 'unknown-id' when what it is about is gone */
  readonly plan: (document: ShowDocument) => Edit | undefined;
  /** goes over what others changed meanwhile, and is not made anew */
  readonly overAll?: boolean;
  readonly item?: ItemChange;
  /** the same for a show with edits that this page did not see; absent where they make no difference */
  readonly unseen?: ShowChange;
}

/** Turns of one drag that did not go out yet. */
interface ItemChange {
  readonly list: EditableList;
  readonly id: string;
  readonly label: string;
  readonly gesture: string;
  readonly turns: readonly (readonly [before: unknown, after: unknown])[];
}

export interface ChangeWords {
  /** finishes the sentence "Undo …" */
  readonly label: string;
  /** the same for all turns of one drag */
  readonly gesture?: string | undefined;
}

/** An edit that is sent as it is. */
export function wholeEdit(edit: Edit): ShowChange {
  return { plan: () => edit, overAll: true };
}

/** The difference between a thing as it was seen and as it is meant to be, done to the newest form of it. */
export function changeItem<L extends EditableList>(
  list: L,
  turn: { readonly before: ItemOf<L>; readonly after: ItemOf<L> },
  words: ChangeWords,
): ShowChange {
  return changeTurns({
    list,
    id: turn.before.id,
    label: words.label,
    gesture: words.gesture ?? '',
    turns: [[turn.before, turn.after]],
  });
}

/** Two turns of one drag as one change; undefined when they are not. */
export function joinChanges(earlier: ShowChange, later: ShowChange): ShowChange | undefined {
  const [first, second] = [earlier.item, later.item];
  if (!first || !second || first.gesture === '' || first.gesture !== second.gesture) return undefined;
  if (first.list !== second.list || first.id !== second.id) return undefined;
  return changeTurns({ ...second, turns: [...first.turns, ...second.turns].reduce(joinTurns, []) });
}

/** Takes a thing of the show, or says that it is gone. @throws InputError 'unknown-id' */
export function itemOf<L extends EditableList>(document: ShowDocument, list: L, id: string): ItemOf<L> {
  const items: readonly ItemOf<L>[] = document[list];
  const item = items.find((other) => other.id === id);
  if (!item) throw new InputError('unknown-id', 'It is not in the show any more. Nothing was changed.', { list, id });
  return item;
}

/** The edit that a change comes to, in this show. */
export function planned(change: ShowChange, document: ShowDocument): Edit | undefined {
  const edit = change.plan(document);
  return edit && edit.steps.length > 0 ? { ...edit, label: edit.label.slice(0, 120) } : undefined;
}

function changeTurns(item: ItemChange): ShowChange {
  return { item, plan: planTurns(item, mergeItem), unseen: { plan: planTurns(item, mergeUnseen) } };
}

function planTurns({ list, id, label, gesture, turns }: ItemChange, merge: typeof mergeItem): ShowChange['plan'] {
  return (document) => {
    const newest: unknown = itemOf(document, list, id);
    const changed = turns.reduce((now, [before, after]) => merge(now, before, after), newest);
    const steps = isSame(changed, newest) ? [] : [{ do: 'put', list, item: changed } as EditStep];
    return { label, steps, ...(gesture === '' ? {} : { gesture }) };
  };
}

type Turn = ItemChange['turns'][number];

/** A turn that goes on where the one before ended makes one with it. */
function joinTurns(turns: readonly Turn[], turn: Turn): readonly Turn[] {
  const last = turns.at(-1);
  return last && isSame(last[1], turn[0]) ? [...turns.slice(0, -1), [last[0], turn[1]]] : [...turns, turn];
}
