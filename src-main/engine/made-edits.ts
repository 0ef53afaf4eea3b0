import { InputError } from '../contract/errors.ts';
import type { Once } from '../contract/show-edit.ts';
import type { MadeEdit } from '../ports/show-store.ts';

/** Edits that are remembered by their id. They are texts that somebody typed: far more than come while a page is away. */
export const madeEditsMax = 1_000;

/** The edits of the show on the table that may be asked for again, by their ids. */
export class MadeEdits {
  /** oldest first */
  readonly #revisions: Map<string, number>;

  constructor(made: readonly MadeEdit[]) {
    this.#revisions = new Map(made.map(({ id, revision }) => [id, revision]));
  }

  /** @returns the revision that it led to; undefined when it was not made yet
   *  @throws InputError 'changed-meanwhile' when it may have been made and forgotten */
  revisionOf({ id, since }: Once): number | undefined {
    const revision = this.#revisions.get(id);
    if (revision !== undefined || since >= this.#forgottenTo) return revision;
    throw new InputError(
      'changed-meanwhile',
      'So much was changed since it was first sent that nobody knows whether it was made. Nothing was changed now.',
    );
  }

  /** What to keep with the change that makes this edit. */
  plan(id: string, revision: number): MadeEdit & { readonly forgetTo: number } {
    const oldestKept = [...this.#revisions.values()].at(1 - madeEditsMax) ?? 0;
    const isFull = this.#revisions.size >= madeEditsMax;
    return { id, revision, forgetTo: isFull ? oldestKept - 1 : 0 };
  }

  /** It was made and is kept. */
  note({ id, revision, forgetTo }: ReturnType<MadeEdits['plan']>): void {
    for (const [old, at] of this.#revisions) if (at <= forgetTo) this.#revisions.delete(old);
    this.#revisions.set(id, revision);
  }

  /** A full list may have lost what was made before its oldest. */
  get #forgottenTo(): number {
    const [oldest] = this.#revisions.values();
    return oldest !== undefined && this.#revisions.size >= madeEditsMax ? oldest - 1 : 0;
  }
}
