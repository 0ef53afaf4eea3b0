import type { History } from '../router/history.ts';
import type { Keeper, Recorder } from '../router/keeper.ts';
import { ParamJournal, type ParamJournalOptions } from './param-journal.ts';
import { SignalJournal, type SignalJournalLimits } from './signal-journal.ts';

/** state: the newest value of every param, and what was published under commit. full: every signal, for replay too. */
export type JournalMode = 'state' | 'full';

export interface JournalOptions extends ParamJournalOptions {
  readonly mode: JournalMode;
  readonly limits: SignalJournalLimits;
}

/** What the router keeps on disk. */
export class Journal implements Keeper {
  readonly history: History | undefined;
  readonly #params: ParamJournal;
  readonly #signals: SignalJournal;

  constructor(options: JournalOptions) {
    this.#params = new ParamJournal(options);
    this.#signals = new SignalJournal({ ...options, keeps: options.mode === 'full' ? 'all' : 'commits' });
    this.history = options.mode === 'full' ? this.#signals.history() : undefined;
  }

  readonly record: Recorder = (message, origin, at) => this.#signals.record(message, origin, at);

  /** signals that were left out because the disk was too slow */
  get lostTotal(): number {
    return this.#signals.lostTotal;
  }

  whenKept(run: (failure: string | undefined) => void): void {
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
    await this.#params.restore();
    this.#signals.start();
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
