import { InputError } from '../../src-main/contract/errors.ts';
import { applyEdit, type Once } from '../../src-main/contract/show-edit.ts';
import type { ShowDocument } from '../../src-main/contract/show.ts';
import { planned, type ShowChange } from './show-change.ts';

/** A change that outlives the engine. */
export interface KeptChange {
  readonly change: ShowChange;
  /** told when it begins to wait for an engine */
  readonly onwaiting: () => void;
  /** by which an engine knows it that may have made it already; undefined before it was sent */
  readonly once?: Once | undefined;
}

/** now: as it was meant. before: by an engine that could not say so any more, and since then it was undone or changed. */
export type Made = 'now' | 'before';

interface LateChange extends KeptChange {
  /** which laying of a show on the table it was meant for */
  readonly laying: string;
  readonly resolve: (made: Promise<Made>) => void;
  readonly reject: (error: unknown) => void;
}

/** Changes that were meant before the engine went away, or that it took with it, and that wait for the next one. Only
 *  what is collected on purpose waits: texts. */
export class LateChanges {
  #waiting: LateChange[] = [];
  #collecting: { readonly onwaiting: () => void; readonly made: Promise<Made>[] } | undefined;

  /** What `run` changes, in this very turn, is kept.
   *  @returns settles with all of it, rejects with the first refusal; undefined when it changed nothing */
  collect(run: () => void, onwaiting: () => void): Promise<Made> | undefined {
    const made: Promise<Made>[] = [];
    this.#collecting = { onwaiting, made };
    try {
      run();
    } finally {
      this.#collecting = undefined;
    }
    if (made.length === 0) return undefined;
    return Promise.all(made).then((all) => (all.includes('before') ? 'before' : 'now'));
  }

  /** @param make makes a change that is to be kept, now or later
   *  @returns undefined when a change that is made now is not to be kept */
  whileCollecting(change: ShowChange, make: (kept: KeptChange) => Promise<Made>): Promise<Made> | undefined {
    const collecting = this.#collecting;
    if (!collecting) return undefined;
    const made = make({ change, onwaiting: collecting.onwaiting });
    collecting.made.push(made);
    return made;
  }

  /** Resolves when it is made. @throws AppError when it is refused, or its show has left the table by then */
  hold(kept: KeptChange, laying: string): Promise<Made> {
    const made = new Promise<Made>((resolve, reject) => {
      // What the next engine has may have been changed while nobody looked.
      this.#waiting.push({ ...kept, change: kept.change.unseen ?? kept.change, laying, resolve, reject });
    });
    kept.onwaiting();
    return made;
  }

  /** The show with everything that waits for it on top: a field shows what was typed. */
  shown({ document, laying }: { readonly document: ShowDocument; readonly laying: string }): ShowDocument {
    return this.#waiting.reduce((now, { change, laying: meantFor }) => {
      try {
        const edit = meantFor === laying ? planned(change, now) : undefined;
        return edit ? applyEdit(now, edit).document : now;
      } catch {
        return now;
      }
    }, document);
  }

  /** The engine is back with this laying of a show on the table. */
  release(laying: string, make: (kept: KeptChange) => Promise<Made>): void {
    for (const { laying: meantFor, resolve, reject, ...kept } of this.#waiting.splice(0)) {
      if (meantFor === laying) resolve(make(kept));
      else reject(new InputError('changed-meanwhile', 'Another show is on the table now. Nothing was changed in it.'));
    }
  }
}
