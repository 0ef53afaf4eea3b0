import { InputError } from '../contract/errors.ts';
import type { Edit, EditStep } from '../contract/show-edit.ts';

/** What is remembered at most; beyond, everything counts as changed at the newest revision. */
export const itemsRememberedMax = 50_000;

/** The revision at which each thing of a show last changed, so that an edit made from an older one does not take another
 *  window's work back. In memory: at its beginning everything counts as changed. Moving a thing does not change it. */
export class ItemRevisions {
  readonly #changedAt = new Map<string, number>();
  /** of everything that has no entry */
  #others: number;

  constructor(revision: number) {
    this.#others = revision;
  }

  note(edit: Edit, revision: number): void {
    for (const key of edit.steps.flatMap(keysOf)) this.#changedAt.set(key, revision);
    if (this.#changedAt.size <= itemsRememberedMax) return;
    this.#changedAt.clear();
    this.#others = revision;
  }

  /** @throws InputError 'changed-meanwhile' with the `revision` of the newer change */
  assertUnchangedSince(basedOn: number, edit: Edit): void {
    for (const key of edit.steps.flatMap(keysOf)) {
      const revision = this.#changedAt.get(key) ?? this.#others;
      if (revision <= basedOn) continue;
      throw new InputError('changed-meanwhile', 'It was changed in another window meanwhile. Nothing was changed.', {
        item: key,
        revision,
      });
    }
  }
}

function keysOf(step: EditStep): string[] {
  switch (step.do) {
    case 'put':
      return [`${step.list}/${step.item.id}`];
    case 'remove':
      return [`${step.list}/${step.id}`];
    case 'settings':
      return ['settings'];
    case 'rename':
    case 'move':
      return [];
    default:
      return step satisfies never;
  }
}
