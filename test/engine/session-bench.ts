import { accessRulesSchema } from '../../src-main/contract/access-rules.ts';
import type { EngineEvents, EventName } from '../../src-main/contract/engine-api.ts';
import type { ShowDocument } from '../../src-main/contract/show.ts';
import { createShowSession, type ShowSession, type ShowSessionOptions } from '../../src-main/engine/show-session.ts';
import type { EngineSettings } from '../../src-main/ports/engine-settings.ts';
import type { Log } from '../../src-main/ports/log.ts';
import { emptyDisk, MemoryShowStore, type MemoryDisk } from '../memory-show-store.ts';
import { silentLog } from '../silent-log.ts';
import { sampleShow } from '../show-samples.ts';
import { SimulatedClock } from '../simulated-clock.ts';

export interface SessionBench {
  readonly session: ShowSession;
  readonly store: MemoryShowStore;
  readonly clock: SimulatedClock;
  readonly disk: MemoryDisk;
  readonly events: { readonly event: EventName; readonly payload: EngineEvents[EventName] }[];
  /** warnings and errors */
  readonly logged: string[];
  readonly settings: { value: EngineSettings; fault: Error | undefined };
  /** what `checkEdit` throws at its next call */
  refuse: Error | undefined;
}

/** A session on a store without a disk, under a clock that stands still. */
export async function openSession(
  disk: MemoryDisk = emptyDisk(),
  more: Partial<ShowSessionOptions> = {},
): Promise<SessionBench> {
  const store = new MemoryShowStore(disk);
  const clock = new SimulatedClock();
  const bench: Omit<SessionBench, 'session'> = {
    store,
    clock,
    disk,
    events: [],
    logged: [],
    settings: {
      value: {
        allowedOrigins: [],
        doors: [],
        accessRules: accessRulesSchema.parse({}),
        recentShows: [],
        interface: { network: false, encrypted: false },
      },
      fault: undefined,
    },
    refuse: undefined,
  };
  const note = (message: string) => bench.logged.push(message);
  const log: Log = { ...silentLog, warn: note, error: note, info: note };
  let ids = 0;
  const session = await createShowSession({
    store,
    clock,
    log,
    random: { fraction: () => 0, uuid: () => `00000000-0000-4000-8000-00000000000${ids++}` },
    settings: {
      current: () => bench.settings.value,
      update: async (change) => {
        if (bench.settings.fault) throw bench.settings.fault;
        bench.settings.value = { ...bench.settings.value, ...change };
        return Promise.resolve();
      },
    },
    hub: { emit: (event, payload) => bench.events.push({ event, payload }) },
    checkEdit: () => {
      const { refuse } = bench;
      bench.refuse = undefined;
      if (refuse) throw refuse;
    },
    readDemo: () => Promise.resolve(sampleShow('demo', 4)),
    ...more,
  });
  return Object.assign(bench, { session });
}

/** A disk that holds one show file. */
export function diskWith(name: string, document: ShowDocument = sampleShow('one')): MemoryDisk {
  return { ...emptyDisk(), files: [{ ref: { name }, document, modifiedAt: 5 }] };
}
