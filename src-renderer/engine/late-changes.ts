import { InputError } from '../../src-main/contract/errors.ts';
import { applyEdit } from '../../src-main/contract/show-edit.ts';
import type { ShowDocument } from '../../src-main/contract/show.ts';
import { planned, type ShowChange } from './show-change.ts';

/** A change that outlives the engine. */
export interface KeptChange {
  readonly change: ShowChange;
  /** told when it begins to wait for an engine */
  readonly onwaiting: () => void;
}

interface LateChange extends KeptChange {
  /** which laying of a show on the table it was meant for */
  readonly laying: string;
  readonly resolve: (made: Promise<void>) => void;
  readonly reject: (error: unknown) => void;
}

/** Changes that were meant before the engine went away, or that it took with it, and that wait for the next one. Only
 *  what is collected on purpose waits: texts. */
export class LateChanges {
  #waiting: LateChange[] = [];
  #collecting: { readonly onwaiting: () => void; readonly made: Promise<void>[] } | undefined;

  /** What `run` changes, in this very turn, is kept.
   *  @returns settles with all of it, rejects with the first refusal; undefined when it changed nothing */
  collect(run: () => void, onwaiting: () => void): Promise<void> | undefined {
    const made: Promise<void>[] = [];
    this.#collecting = { onwaiting, made };
    try {
      run();
    } finally {
      this.#collecting = undefined;
    }
    return made.length === 0 ? undefined : Promise.all(made).then(() => undefined);
  }

  /** @param make makes a change that is to be kept, now or later
   *  @returns undefined when a change that is made now is not to be kept */
  whileCollecting(change: ShowChange, make: (kept: KeptChange) => Promise<void>): Promise<void> | undefined {
    const collecting = this.#collecting;
    if (!collecting) return undefined;
    const made = make({ change, onwaiting: collecting.onwaiting });
    collecting.made.push(made);
    return made;
  }

  /** Resolves when it is made. @throws AppError when it is refused, or its show has left the table by then */
  hold(kept: KeptChange, laying: string): Promise<void> {
    const made = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ ...kept, laying, resolve, reject });
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
  release(laying: string, make: (kept: KeptChange) => Promise<void>): void {
    for (const { laying: meantFor, resolve, reject, ...kept } of this.#waiting.splice(0)) {
      if (meantFor === laying) resolve(make(kept));
      else reject(new InputError('changed-meanwhile', 'Another show is on the table now. Nothing was changed in it.'));
    }
  }
}
