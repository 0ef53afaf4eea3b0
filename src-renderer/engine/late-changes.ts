import { InputError } from '../../src-main/contract/errors.ts';
import type { ShowChange } from './show-change.ts';

interface LateChange {
  readonly change: ShowChange;
  /** the show it was meant for */
  readonly showId: string;
  readonly resolve: (made: Promise<void>) => void;
  readonly reject: (error: unknown) => void;
}

/** Changes that were meant before the engine went away, and wait for it. Only what is collected on purpose waits: a text
 *  that was being typed, of which a page without an engine has one. */
export class LateChanges {
  #waiting: LateChange[] = [];
  #collected: Promise<void>[] | undefined;

  /** Whether a change that is made now is to wait. */
  get collecting(): boolean {
    return this.#collected !== undefined;
  }

  /** What `run` changes, in this very turn, waits.
   *  @returns settles with all of it, rejects with the first refusal; undefined when it changed nothing */
  collect(run: () => void): Promise<void> | undefined {
    const collected: Promise<void>[] = [];
    this.#collected = collected;
    try {
      run();
    } finally {
      this.#collected = undefined;
    }
    return collected.length === 0 ? undefined : Promise.all(collected).then(() => undefined);
  }

  /** Resolves when it is made. @throws AppError when it is refused, or its show has left the table by then */
  hold(change: ShowChange, showId: string): Promise<void> {
    const made = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ change, showId, resolve, reject });
    });
    this.#collected?.push(made);
    return made;
  }

  /** The engine is back with this show on the table. */
  release(showId: string, make: (change: ShowChange) => Promise<void>): void {
    for (const { change, showId: meantFor, resolve, reject } of this.#waiting.splice(0)) {
      if (meantFor === showId) resolve(make(change));
      else reject(new InputError('changed-meanwhile', 'Another show is on the table now. Nothing was changed in it.'));
    }
  }
}
