import type { EditedEvent } from '../../src-main/contract/engine-api.ts';
import { applyEdit } from '../../src-main/contract/show-edit.ts';
import type { ShowDocument } from '../../src-main/contract/show.ts';

/** The show as the engine has it: one that was laid down whole, and after it every edit once and in order. */
export class ConfirmedShow {
  #document: ShowDocument;
  #revision = -1;
  /** edits that came before the picture which they follow, or which has them already */
  #early: EditedEvent[] | undefined;

  constructor(document: ShowDocument) {
    this.#document = document;
  }

  get document(): ShowDocument {
    return this.#document;
  }

  /** -1 before the first picture */
  get revision(): number {
    return this.#revision;
  }

  /** @returns whether that is another show, or one that edits did not lead to */
  lay(document: ShowDocument, revision: number): boolean {
    const isAnother = revision !== this.#revision || document.id !== this.#document.id;
    this.#document = document;
    this.#revision = revision;
    return isAnother;
  }

  /** A picture is asked for: edits wait until it is here. */
  awaitPicture(): void {
    this.#early = [];
  }

  /** @returns the edits that waited, in the order in which they came; each is to be followed now */
  pictureCame(): readonly EditedEvent[] {
    const early = this.#early ?? [];
    this.#early = undefined;
    return early;
  }

  /** made: the edit is in the show now. kept: it is there already, or waits for a picture. missed: one before it never
   *  came, so that only a picture helps. */
  follow(event: EditedEvent): 'made' | 'kept' | 'missed' {
    if (this.#early) {
      this.#early.push(event);
      return 'kept';
    }
    if (event.revision <= this.#revision) return 'kept';
    if (event.revision !== this.#revision + 1) return 'missed';
    this.#revision = event.revision;
    this.#document = applyEdit(this.#document, event.edit).document;
    return 'made';
  }
}
