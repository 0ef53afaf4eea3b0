import type { BackupEntry, ShowRef, ShowState } from '../../src-main/contract/engine-api.ts';
import type { EngineState } from '../engine/engine-state.svelte.ts';

/** Another document on the table: what the operator asked for, and may have to be asked about first. */
export type Wish =
  | { readonly to: 'open'; readonly ref: ShowRef; readonly name: string }
  | { readonly to: 'new'; readonly name: string }
  | { readonly to: 'demo' }
  | { readonly to: 'restore'; readonly backup: BackupEntry };

/** What the page asks, in place, before it goes on. */
export type Question =
  | { readonly ask: 'name'; readonly of: 'new' | 'save-as'; readonly suggestion: string }
  | { readonly ask: 'unsaved'; readonly wish: Wish }
  | { readonly ask: 'unapplied'; readonly wish: Wish }
  | { readonly ask: 'restore'; readonly backup: BackupEntry }
  | { readonly ask: 'replace'; readonly ref: ShowRef; readonly name: string };

/** A question and the turn of the table that it was asked in. */
export interface AskedQuestion {
  readonly question: Question;
  readonly turn: number;
  /** what stands in its field, while that is not the suggestion */
  readonly typed: string | undefined;
}

/** The question that waits for an answer. It is about the document on the table and ends with it: a yes that was meant
 *  for one show never reaches another. */
export class OpenQuestion {
  readonly current: Question | undefined = $derived.by(() => (this.#isOver ? undefined : this.#asked?.question));
  /** another document took the table before there was an answer */
  readonly overtaken: boolean = $derived.by(() => this.#isOver);
  readonly #engine: Pick<EngineState, 'documentTurn'>;
  #asked = $state.raw<AskedQuestion | undefined>();

  constructor(engine: Pick<EngineState, 'documentTurn'>) {
    this.#engine = engine;
  }

  get typed(): string | undefined {
    return this.#asked?.typed;
  }

  ask(question: Question): void {
    this.#asked = { question, turn: this.#engine.documentTurn, typed: undefined };
  }

  /** What was typed stays while the operator looks at another area. */
  type(typed: string): void {
    if (this.#asked) this.#asked = { ...this.#asked, typed };
  }

  /** Asks no more. @returns what was asked, unless that was overtaken */
  take(): AskedQuestion | undefined {
    const asked = this.#isOver ? undefined : this.#asked;
    this.#asked = undefined;
    return asked;
  }

  /** Asks again, as it was, with what was typed. */
  giveBack(asked: AskedQuestion | undefined): void {
    this.#asked = asked;
  }

  get #isOver(): boolean {
    return this.#asked !== undefined && this.#asked.turn !== this.#engine.documentTurn;
  }
}

/** @throws AppError when the engine refuses it: then the table is as it was */
export function carryOut(api: EngineState['api'], wish: Wish): Promise<ShowState> {
  switch (wish.to) {
    case 'open':
      return api.openShow(wish.ref);
    case 'new':
      return api.newShow({ name: wish.name });
    case 'demo':
      return api.openDemo();
    case 'restore':
      return api.restoreBackup({ id: wish.backup.id });
    default:
      return wish satisfies never;
  }
}
