import type { EditedEvent, EngineSnapshot } from '../../src-main/contract/engine-api.ts';
import { applyEdit } from '../../src-main/contract/show-edit.ts';
import type { ShowDocument } from '../../src-main/contract/show.ts';

type LaidShow = Pick<EngineSnapshot, 'document' | 'revision' | 'laying'>;

/** The show as the engine has it: one that was laid down whole, and after it every edit once and in order. */
export class ConfirmedShow {
  #document: ShowDocument;
  #revision = -1;
  #laying = '';
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

  /** Which laying of a show on the table it is; empty before the first picture. */
  get laying(): string {
    return this.#laying;
  }

  /** @returns what it is beside the show before: another one, the same after edits that were not seen, or just as it was */
  lay({ document, revision, laying }: LaidShow): 'another' | 'edited' | 'same' {
    const before = { revision: this.#revision, laying: this.#laying };
    this.#document = document;
    this.#revision = revision;
    this.#laying = laying;
    // A document of the same id may be laid anew, from a copy or a backup: it is not the one that was typed for.
    if (laying !== before.laying) return 'another';
    return revision === before.revision ? 'same' : 'edited';
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
