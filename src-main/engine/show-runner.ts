import { createBridge } from '../bridges/catalogue.ts';
import type { DeviceStatus } from '../contract/device.ts';
import type { LiveMapping, MappingProblem } from '../contract/engine-api.ts';
import type { ShowDocument } from '../contract/show.ts';
import { micros } from '../contract/units.ts';
import { createMappingEngine, type MappingEngine } from '../core/mapping/mapping-engine.ts';
import type { Router } from '../core/router/router.ts';
import { listNetworkCards } from '../platform/network-interfaces.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Random } from '../ports/random.ts';
import { localNameOf } from './bridge-of-address.ts';
import { createDemoSwitch, demoShowId } from './demo-player.ts';
import type { EventHub } from './event-hub.ts';
import { mappingProblems } from './mapping-problems.ts';
import { createSupervisor } from './supervisor.ts';

interface ShowRunnerOptions {
  readonly router: Router;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** hears 'devices' and 'problems' */
  readonly hub: Pick<EventHub, 'emit'>;
  readonly onLive: (live: LiveMapping) => void;
}

/** Makes the machine do what the document on the table says: bridges, mappings, the demo's waves. */
export interface ShowRunner {
  apply(document: ShowDocument): void;
  devices(): readonly DeviceStatus[];
  problems(): readonly MappingProblem[];
  /** Ends outputs in order; settles when they are closed. */
  stop(): Promise<void>;
}

export function createShowRunner({ router, clock, random, log, hub, onLive }: ShowRunnerOptions): ShowRunner {
  let document: ShowDocument | undefined;
  let refused: readonly MappingProblem[] = [];
  let problems: readonly MappingProblem[] = [];
  let stopped = false;
  const mappingEngine = createRoutedMappings({ router, clock, log, onLive });
  const supervisor = createSupervisor({
    clock,
    random,
    log,
    current: (pattern, { id }) => router.current(pattern, { notBy: localNameOf(id) }),
    ownAddresses: () => listNetworkCards().map(({ address }) => address),
    load: (bridge) => createBridge(bridge, { clock, random, log, networkCards: listNetworkCards }),
    connect: ({ id }) => router.openLocal(localNameOf(id)),
    onChange: (statuses) => {
      hub.emit('devices', statuses);
      findProblems();
    },
  });
  const demo = createDemoSwitch(() => router.openLocal('demo'), clock);
  return { apply, devices: () => supervisor.statuses(), problems: () => problems, stop };

  function apply(next: ShowDocument): void {
    // A last edit may come while the outputs end.
    if (stopped) return;
    if (document && document.id !== next.id) clear();
    const before = document;
    document = next;
    // Bridges first, so that a mapping's first value finds its bridge.
    if (before?.bridges !== next.bridges) supervisor.apply(next.bridges);
    if (before?.mappings !== next.mappings) refused = mappingEngine.load(next.mappings);
    if (before?.id !== next.id) demo.set(next.id === demoShowId);
    findProblems();
  }

  /** Another show begins with nothing of the last one running, even where both have the same bridge. */
  function clear(): void {
    supervisor.apply([]);
    mappingEngine.load([]);
    document = undefined;
  }

  function findProblems(): void {
    if (!document) return;
    const found = mappingProblems(document, refused, supervisor.statuses());
    if (JSON.stringify(found) === JSON.stringify(problems)) return;
    problems = found;
    hub.emit('problems', found);
  }

  async function stop(): Promise<void> {
    stopped = true;
    demo.set(false);
    mappingEngine.stop();
    await supervisor.stopAll();
  }
}

function createRoutedMappings({
  router,
  clock,
  log,
  onLive,
}: Pick<ShowRunnerOptions, 'router' | 'clock' | 'log' | 'onLive'>): MappingEngine {
  return createMappingEngine({
    session: router.openLocal('mappings', { echo: true }),
    clock,
    log,
    current: (pattern) => router.current(pattern),
    writtenAt: (address) => {
      const record = router.params.get(address);
      return record && micros(Number(record.timestamp));
    },
    onLive,
  });
}
