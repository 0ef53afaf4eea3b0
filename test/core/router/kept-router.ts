import { Journal, type JournalMode } from '../../../src-main/core/journal/journal.ts';
import { signalJournalLimits, type SignalJournalLimits } from '../../../src-main/core/journal/signal-journal.ts';
import type { RouterLimits } from '../../../src-main/core/router/limits.ts';
import type { JournalStore } from '../../../src-main/ports/journal-store.ts';
import { emptyJournal, MemoryJournalStore, type MemoryJournal } from '../../memory-journal-store.ts';
import { silentLog } from '../../silent-log.ts';
import { RouterFixture } from './router-fixture.ts';

export interface KeptRouter {
  readonly fixture: RouterFixture;
  readonly store: MemoryJournalStore;
  readonly journal: Journal;
  /** Runs turns of router and journal until nobody has anything to do any more. */
  readonly settle: () => Promise<void>;
}

export interface KeptRouterOptions {
  readonly mode?: JournalMode;
  readonly limits?: Partial<RouterLimits>;
  /** what a router before it has left */
  readonly kept?: MemoryJournal;
}

export interface StartedJournalOptions {
  readonly store: JournalStore;
  readonly mode?: JournalMode;
  readonly defer: (run: () => void) => void;
  readonly limits?: Partial<SignalJournalLimits>;
}

/** A router whose journal is in memory: `kept: store.journal` of one is a restart of it in the next. */
export async function keptRouter({ mode, limits, kept = emptyJournal() }: KeptRouterOptions = {}): Promise<KeptRouter> {
  const fixture = new RouterFixture(limits);
  const store = new MemoryJournalStore(kept);
  const turns: (() => void)[] = [];
  const defer = (run: () => void): void => void turns.push(run);
  const journal = await startJournal(fixture, { store, defer, ...(mode && { mode }) });
  const settle = async (): Promise<void> => {
    // The journal answers over many microtasks, in which no turn is asked for.
    for (let quiet = 0; quiet < 8; quiet = turns.length > 0 || fixture.deferred > 0 ? 0 : quiet + 1) {
      for (const run of turns.splice(0)) run();
      await fixture.settle();
    }
  };
  return { fixture, store, journal, settle };
}

/** Gives a router back what its store holds, and has it kept there from now on. */
export async function startJournal(
  { router, clock }: RouterFixture,
  { store, mode = 'state', defer, limits }: StartedJournalOptions,
): Promise<Journal> {
  const journal = new Journal({
    store,
    mode,
    params: router.params,
    timelines: router.timelines,
    clients: router.clients,
    clock,
    random: { fraction: () => 0, uuid: () => '' },
    log: silentLog,
    defer,
    limits: { ...signalJournalLimits, ...limits },
  });
  await journal.restore();
  router.keepWith(journal);
  return journal;
}
