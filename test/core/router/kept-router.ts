import { Journal, type JournalMode } from '../../../src-main/core/journal/journal.ts';
import { signalJournalLimits } from '../../../src-main/core/journal/signal-journal.ts';
import type { RouterLimits } from '../../../src-main/core/router/limits.ts';
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
  /** of the simulated clock when the journal is restored, in ms */
  readonly startsAt?: number;
}

/** A router whose journal is in memory: `kept: store.journal` of one is a restart of it in the next. */
export async function keptRouter(options: KeptRouterOptions = {}): Promise<KeptRouter> {
  const { mode = 'state', limits, kept = emptyJournal(), startsAt = 0 } = options;
  const fixture = new RouterFixture(limits);
  fixture.clock.advance(startsAt);
  const store = new MemoryJournalStore(kept);
  const turns: (() => void)[] = [];
  const journal = new Journal({
    store,
    mode,
    params: fixture.router.params,
    timelines: fixture.router.timelines,
    clients: fixture.router.clients,
    clock: fixture.clock,
    random: { fraction: () => 0, uuid: () => '' },
    log: silentLog,
    defer: (run) => void turns.push(run),
    limits: signalJournalLimits,
  });
  await journal.restore();
  fixture.router.keepWith(journal);
  const settle = async (): Promise<void> => {
    // The journal answers over many microtasks, in which no turn is asked for.
    for (let quiet = 0; quiet < 8; quiet = turns.length > 0 || fixture.deferred > 0 ? 0 : quiet + 1) {
      for (const run of turns.splice(0)) run();
      await fixture.settle();
    }
  };
  return { fixture, store, journal, settle };
}
