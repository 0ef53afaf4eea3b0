import type { EditedEvent } from '../../src-main/contract/engine-api.ts';

/** Removals and own revisions that are remembered; the oldest are forgotten. */
export const removalsRememberedMax = 1_000;

/** Who took a thing out of the show: this page, or another window. */
export class RemovedItems {
  readonly #removals = new Map<string, { readonly revision: number; readonly own: boolean }>();
  readonly #own = new Set<number>();

  /** @param asked whether an undo or redo of this page is under way, whose answer comes only after the event */
  note({ edit, revision }: EditedEvent, asked: boolean): void {
    for (const step of edit.steps) {
      if (step.do === 'remove') this.#removals.set(step.id, { revision, own: asked });
      else if (step.do === 'put') this.#removals.delete(step.item.id);
    }
    forgetOldest(this.#removals);
  }

  /** This page led to that revision. */
  noteOwn(revision: number): void {
    this.#own.add(revision);
    forgetOldest(this.#own);
  }

  /** undefined: nothing is known of it */
  removedBy(id: string): 'here' | 'elsewhere' | undefined {
    const removal = this.#removals.get(id);
    if (!removal) return undefined;
    return removal.own || this.#own.has(removal.revision) ? 'here' : 'elsewhere';
  }
}

function forgetOldest(items: Map<string, unknown> | Set<number>): void {
  for (const key of items.keys()) {
    if (items.size <= removalsRememberedMax) return;
    (items as Map<unknown, unknown>).delete(key);
  }
}
