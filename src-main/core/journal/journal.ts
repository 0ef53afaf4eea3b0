import type { History } from '../router/memory/history.ts';
import type { DoneCommit, Keeper, Recorder } from '../router/keeper.ts';
import type { ClientShelf } from '../router/router.ts';
import { joinAnswers, keptSecretMax, type KeptAnswer } from './answer-entries.ts';
import { ParamJournal, type ParamJournalOptions } from './param-journal.ts';
import { SignalJournal, type SignalJournalLimits } from './signal-journal.ts';

/** state: the newest value of every param, and what was published under commit. full: every signal, for replay too. */
export type JournalMode = 'state' | 'full';

export interface JournalOptions extends ParamJournalOptions {
  readonly mode: JournalMode;
  readonly clients: ClientShelf;
  readonly limits: SignalJournalLimits;
}

/** What the router keeps on disk. */
export class Journal implements Keeper {
  readonly history: History | undefined;
  readonly #params: ParamJournal;
  readonly #signals: SignalJournal;
  readonly #options: JournalOptions;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#params = new ParamJournal(options);
    this.#signals = new SignalJournal({ ...options, keeps: options.mode === 'full' ? 'all' : 'commits' });
    this.history = options.mode === 'full' ? this.#signals.history() : undefined;
  }

  readonly record: Recorder = (message, origin, at) => this.#signals.record(message, origin, at);

  /** signals that were left out because the disk was too slow */
  get lostTotal(): number {
    return this.#signals.lostTotal;
  }

  whenKept(run: (failure: string | undefined) => void, commit?: DoneCommit): void {
    if (commit) this.#keepAnswer(commit);
    let first: string | undefined;
    let left = 2;
    const done = (failure: string | undefined): void => {
      first ??= failure;
      if (--left === 0) run(first);
    };
    this.#params.whenKept(done);
    this.#signals.whenKept(done);
  }

  /** See `ParamJournal.restore`. */
  async restore(): Promise<void> {
    const { clients, log } = this.#options;
    const { answers, unreadable } = joinAnswers(await this.#params.restore());
    if (unreadable > 0) log.error('some kept answers make no sense and are left out', { unreadable });
    clients.restore(answers);
    this.#signals.start();
  }

  /** Into the batches that have what the commit did. What it did not touch may wait there too; then it is waited for in vain,
   *  which costs nothing. */
  #keepAnswer({ secret, id, answer, isInOrder, takeRefused }: DoneCommit): void {
    const [inParams, inSignals] = [this.#params.isDirty, this.#signals.isDirty];
    if (this.#signals.refusesCommit || secret.length > keptSecretMax) return;
    const at = this.#options.clock.nowMicros();
    const kept: KeptAnswer = { secret, id, at, answer, inParams, inSignals, isInOrder };
    if (inParams) {
      const refused = { secret, at, inParams, inSignals: false, isInOrder: false };
      for (const [refusedId, refusal] of takeRefused()) {
        this.#params.keepAnswer({ ...refused, id: refusedId, answer: refusal });
      }
      this.#params.keepAnswer(kept);
    }
    if (inSignals) this.#signals.keepAnswer(kept);
  }

  /** See `ParamJournal.showOnTable`. */
  showOnTable(showId: string): void {
    this.#params.showOnTable(showId);
  }

  /** Writes what is not written yet and lets go of the store; waits no longer for the disk than params do. */
  async close(): Promise<void> {
    await this.#params.close(this.#signals.close());
  }
}
