import type { EditedEvent, EditReceipt } from '../../src-main/contract/engine-api.ts';

/** Removals and own revisions that are remembered; the oldest are forgotten. */
export const removalsRememberedMax = 1_000;

/** Who took a thing out of the show: this page, or another window. */
export class RemovedItems {
  readonly #removals = new Map<string, { readonly revision: number; readonly own: boolean }>();
  readonly #own = new Set<number>();
  /** undos and redos that wait for their answer, which comes only after the event */
  #historyUnderWay = 0;

  note({ edit, revision }: EditedEvent): void {
    for (const step of edit.steps) {
      if (step.do === 'remove') this.#removals.set(step.id, { revision, own: this.#historyUnderWay > 0 });
      else if (step.do === 'put') this.#removals.delete(step.item.id);
    }
    forgetOldest(this.#removals);
  }

  /** This page led to that revision. */
  noteOwn(revision: number): void {
    this.#own.add(revision);
    forgetOldest(this.#own);
  }

  /** An undo or redo of this page. */
  followHistory(answer: Promise<EditReceipt>): void {
    this.#historyUnderWay++;
    answer
      .then(({ revision }) => this.noteOwn(revision))
      // Who asked hears why it was refused.
      .catch(() => undefined)
      .finally(() => this.#historyUnderWay--);
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
