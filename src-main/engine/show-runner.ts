import { createBridge } from '../bridges/catalogue.ts';
import type { Address } from '../contract/address.ts';
import type { DeviceStatus } from '../contract/device.ts';
import type { LiveMapping, MappingProblem } from '../contract/engine-api.ts';
import type { ShowDocument } from '../contract/show.ts';
import { micros, type Micros } from '../contract/units.ts';
import type { MappingCheck } from '../core/mapping/check-mappings.ts';
import { createMappingEngine, type MappingEngine } from '../core/mapping/mapping-engine.ts';
import type { Router } from '../core/router/router.ts';
import { listNetworkCards } from '../platform/network-interfaces.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Random } from '../ports/random.ts';
import { localNameOf } from './bridge-of-address.ts';
import { bridgePattern } from './bridge-pattern.ts';
import { createDemoSwitch, demoShowId } from './demo-player.ts';
import type { EventHub } from './event-hub.ts';
import { mappingProblems } from './mapping-problems.ts';
import { describeRefusal } from './describe-refusal.ts';
import { createUpWatch } from './up-watch.ts';
import { createSupervisor, type Supervisor, type SupervisorOptions } from './supervisor.ts';

interface ShowRunnerOptions {
  readonly router: Router;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** hears 'devices' and 'problems' */
  readonly hub: Pick<EventHub, 'emit'>;
  readonly onLive: (live: LiveMapping) => void;
  /** shared with who judges edits; one of its own otherwise */
  readonly check?: MappingCheck | undefined;
}

/** Makes the machine do what the document on the table says: bridges, mappings, the demo's waves. */
export interface ShowRunner {
  apply(document: ShowDocument): void;
  devices(): readonly DeviceStatus[];
  problems(): readonly MappingProblem[];
  /** Ends outputs in order; settles when they are closed. */
  stop(): Promise<void>;
}

export function createShowRunner({ hub, onLive, check, ...around }: ShowRunnerOptions): ShowRunner {
  let document: ShowDocument | undefined;
  const problems = createProblemNews(hub);
  const ups = createUpWatch();
  let stopped = false;
  const mappingEngine = createRoutedMappings({ ...around, check, onLive, onProblem: findProblems });
  const supervisor = createRoutedSupervisor({
    ...around,
    onChange: (statuses) => {
      hub.emit('devices', statuses);
      feed(ups.take(statuses));
      findProblems();
    },
  });
  const demo = createDemoSwitch(() => around.router.openLocal('demo'), around.clock);
  return { apply, devices: () => supervisor.statuses(), problems: problems.now, stop };

  function apply(next: ShowDocument): void {
    // A last edit may come while the outputs end.
    if (stopped) return;
    if (document && document.id !== next.id) clear();
    const before = document;
    document = next;
    // Bridges first, so that a mapping's first value finds its bridge.
    ups.edited(before?.bridges ?? [], next.bridges);
    if (before?.bridges !== next.bridges) supervisor.apply(next.bridges);
    if (before?.mappings !== next.mappings) mappingEngine.load(next.mappings);
    if (before?.id !== next.id) demo.set(next.id === demoShowId);
    findProblems();
  }

  function feed(fresh: ReadonlySet<string>): void {
    const up = document?.bridges.filter(({ id }) => fresh.has(id)) ?? [];
    if (up.length > 0) mappingEngine.takeOverStreams(up.map(({ settings }) => bridgePattern(settings.prefix)));
  }

  /** Another show begins with nothing of the last one running, even where both have the same bridge. */
  function clear(): void {
    supervisor.clear();
    mappingEngine.clear();
    ups.clear();
    document = undefined;
  }

  function findProblems(): void {
    if (!document) return;
    const senderTo = (address: Address) => mappingEngine.senderTo(address);
    const devices = { statuses: supervisor.statuses(), senderTo };
    problems.tell(mappingProblems(document, mappingEngine.problems(), devices));
  }

  async function stop(): Promise<void> {
    stopped = true;
    demo.set(false);
    mappingEngine.stop();
    await supervisor.stopAll();
  }
}

/** Tells what has changed since it was told last. */
function createProblemNews(hub: Pick<EventHub, 'emit'>) {
  let told: readonly MappingProblem[] = [];
  return {
    now: () => told,
    tell: (problems: readonly MappingProblem[]): void => {
      if (JSON.stringify(problems) === JSON.stringify(told)) return;
      told = problems;
      hub.emit('problems', problems);
    },
  };
}

type RoutedSupervisorOptions = Pick<ShowRunnerOptions, 'router' | 'clock' | 'random' | 'log'> &
  Pick<SupervisorOptions, 'onChange'>;

/** Every bridge takes part in the router under a name of its own. */
function createRoutedSupervisor({ router, onChange, ...world }: RoutedSupervisorOptions): Supervisor {
  return createSupervisor({
    ...world,
    onChange,
    current: (pattern, { id }) => router.current(pattern, { notBy: localNameOf(id) }),
    writtenAt: (address) => writtenAt(router, address),
    ownAddresses: () => listNetworkCards().map(({ address }) => address),
    load: (bridge) => createBridge(bridge, { ...world, networkCards: listNetworkCards }),
    connect: ({ id }) => router.openLocal(localNameOf(id)),
  });
}

interface RoutedMappingsOptions extends Pick<ShowRunnerOptions, 'router' | 'clock' | 'log' | 'onLive' | 'check'> {
  readonly onProblem: () => void;
}

const mappingsName = 'mappings';

function createRoutedMappings({ router, ...options }: RoutedMappingsOptions): MappingEngine {
  return createMappingEngine({
    ...options,
    name: mappingsName,
    session: router.openLocal(mappingsName, { echo: true }),
    params: router.params,
    watchPasses: (run) => router.watchPasses(run),
    defer: setImmediate,
    describe: (refusal) => describeRefusal(router, refusal),
  });
}

function writtenAt(router: Router, address: Address): Micros | undefined {
  const record = router.params.get(address);
  return record && micros(Number(record.timestamp));
}
