import { matcherOf, type Address, type Pattern } from '../contract/address.ts';
import { dmxKinds } from '../contract/bridges/bridge.ts';
import type { DeviceStatus } from '../contract/device.ts';
import type { MappingProblem } from '../contract/engine-api.ts';
import type { LiveMapping } from '../contract/live-events.ts';
import type { Scope } from '../contract/scope.ts';
import type { Bridge, ShowDocument } from '../contract/show.ts';
import type { BridgeNeeds } from '../bridges/catalogue.ts';
import type { MappingCheck } from '../core/mapping/check-mappings.ts';
import { createMappingEngine, type MappingEngine } from '../core/mapping/mapping-engine.ts';
import type { Router } from '../core/router/router.ts';
import type { TimedSignal } from '../core/router/memory/stream-memory.ts';
import { listNetworkCards } from '../platform/network-interfaces.ts';
import type { ArtnetPorts } from '../bridges/artnet/artnet-ports.ts';
import { createSerialAccess } from '../platform/serial/serial-access.ts';
import type { Clock } from '../ports/clock.ts';
import type { HidAccess } from '../ports/hid-ports.ts';
import type { Log } from '../ports/log.ts';
import type { Random } from '../ports/random.ts';
import { localNameOf } from './bridge-of-address.ts';
import { bridgePattern, tryBridgePattern } from '../contract/bridges/bridge-pattern.ts';
import { createDemoSwitch, demoShowId } from './demo-player.ts';
import type { EventHub } from './event-hub.ts';
import { judgementOf } from './late-bundles.ts';
import { mappingProblems } from './mapping-problems.ts';
import { describeRefusal } from './describe-refusal.ts';
import { createArtnetPorts } from './create-artnet-ports.ts';
import { createOpenBridge, type LinkSurroundings } from './open-bridge.ts';
import type { RunningDmx } from './running-dmx.ts';
import type { SentRates } from './sent-rates.ts';
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
  /** the desk that DMX goes by, and its fixtures; without it levels leave as they were asked for */
  readonly dmx?: RunningDmx | undefined;
  /** shared with discovery; of its own otherwise */
  readonly artnetPorts?: ArtnetPorts | undefined;
  /** of what leaves by gateways */
  readonly sentRates?: SentRates | undefined;
  /** without it no HID device is found */
  readonly hid?: HidAccess | undefined;
  /** for links to other routers; without it none comes up */
  readonly links?: LinkSurroundings | undefined;
  /** false where the command line said what becomes of late bundles, which goes before the show */
  readonly judgesLate?: boolean;
}

/** Makes the machine do what the document on the table says: bridges, mappings, the demo's waves. */
export interface ShowRunner {
  apply(document: ShowDocument): void;
  devices(): readonly DeviceStatus[];
  /** see Supervisor */
  readonly returns: Pick<Supervisor, 'resend' | 'leave'>;
  problems(): readonly MappingProblem[];
  /** the mapping that was the last to send there; undefined when it was somebody else, or nobody */
  senderTo(address: Address): string | undefined;
  /** Ends outputs in order; settles when they are closed. */
  stop(): Promise<void>;
}

export function createShowRunner(options: ShowRunnerOptions): ShowRunner {
  const { hub, onLive, check, judgesLate = true, dmx, ...around } = options;
  const problems = createProblemNews(hub);
  let document: ShowDocument | undefined;
  let stopped = false;
  const mappingEngine = createRoutedMappings({ ...around, check, onLive, onProblem: findProblems });
  const supervisor = createRoutedSupervisor({ ...around, desk: dmx?.control.desk, onChange: tellDevices });
  const demo = createDemoSwitch(() => around.router.openLocal('demo'), around.clock);
  const senderTo = (address: Address) => mappingEngine.senderTo(address);
  return { apply, devices: () => supervisor.statuses(), returns: supervisor, problems: problems.now, senderTo, stop };

  function apply(next: ShowDocument): void {
    // A last edit may come while the outputs end.
    if (stopped) return;
    // Another show begins with nothing of the last one running, even where both have the same bridge.
    if (document && document.id !== next.id) clear();
    const before = document;
    document = next;
    // Before anything runs that writes.
    applySignals(around.router, { before, next, judgesLate });
    // Before the bridges, so that nothing leaves that is parked or dark; the journal has put back what was.
    dmx?.load(before, next);
    // Bridges first, so that a mapping's first value finds its bridge.
    if (before?.bridges !== next.bridges) {
      around.router.streams.ask(patternsOf(next.bridges));
      supervisor.apply(next.bridges);
    }
    if (before?.mappings !== next.mappings) mappingEngine.load(next.mappings);
    if (before?.id !== next.id) demo.set(next.id === demoShowId);
    findProblems();
  }

  function clear(): void {
    around.router.timelines.clear();
    supervisor.clear();
    mappingEngine.clear();
    around.router.streams.clear();
    document = undefined;
  }

  function tellDevices(statuses: readonly DeviceStatus[]): void {
    hub.emit('devices', statuses);
    findProblems();
  }

  function findProblems(): void {
    const devices = { statuses: supervisor.statuses(), senderTo };
    if (document) problems.tell(mappingProblems(document, mappingEngine.problems(), devices));
  }

  async function stop(): Promise<void> {
    stopped = true;
    demo.set(false);
    mappingEngine.stop();
    dmx?.stop();
    await supervisor.stopAll();
  }
}

function patternsOf(bridges: readonly Bridge[]): Pattern[] {
  return bridges.flatMap(({ settings: { prefix } }) => tryBridgePattern(prefix) ?? []);
}

interface ShowChange {
  readonly before: ShowDocument | undefined;
  readonly next: ShowDocument;
  readonly judgesLate: boolean;
}

/** What the show says of signals, whoever sends them. */
function applySignals(router: Router, { before, next, judgesLate }: ShowChange): void {
  const isSame = before?.settings.signals === next.settings.signals && before.signalRules === next.signalRules;
  if (!isSame) router.applyRules({ ...next.settings.signals, rules: next.signalRules });
  const { lateBundles } = next.settings;
  if (judgesLate && before?.settings.lateBundles !== lateBundles) router.judgeLate(judgementOf(lateBundles));
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

type RoutedSupervisorOptions = Pick<
  ShowRunnerOptions,
  'router' | 'clock' | 'random' | 'log' | 'links' | 'artnetPorts' | 'hid' | 'sentRates'
> &
  Pick<SupervisorOptions, 'onChange'> &
  Pick<BridgeNeeds, 'desk'>;

/** Every bridge takes part in the router under a name of its own. */
function createRoutedSupervisor({
  router,
  onChange,
  links,
  artnetPorts,
  desk,
  hid,
  sentRates,
  ...world
}: RoutedSupervisorOptions): Supervisor {
  const ports = artnetPorts ?? createArtnetPorts(world);
  return createSupervisor({
    ...world,
    ...(sentRates && { sentRates }),
    onChange,
    standing: (pattern, bridge) => standingFor(router, pattern, bridge),
    params: (pattern) => router.current(pattern).map(({ address }) => address),
    ownAddresses: () => listNetworkCards().map(({ address }) => address),
    load: createOpenBridge({
      ...world,
      networkCards: listNetworkCards,
      artnetPorts: ports,
      serial: createSerialAccess(world),
      hid,
      router,
      links,
      desk,
    }),
    connect: (bridge) => router.openLocal(localNameOf(bridge.id), { scopes: [scopesOf(bridge)] }),
  });
}

/** What comes from a device stays under the prefix of its bridge, whatever it says. */
function scopesOf({ settings: { prefix } }: Bridge): readonly Scope[] {
  return [{ action: 'admin', pattern: bridgePattern(prefix) }];
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

/** What a bridge that comes up is told of its addresses: params, and, where it sends levels all the time, those that only
 *  streams carry. To any other device an old stream could be a button pressed again. */
function* standingFor(
  router: Router,
  pattern: Pattern,
  { id, kind }: Bridge,
): Generator<TimedSignal | undefined, undefined> {
  const name = localNameOf(id);
  const covers = matcherOf(pattern);
  for (const { address, value, writer, timestamp } of router.params.records()) {
    const isMeant = writer !== name && covers(address);
    yield isMeant ? { signal: { kind: 'param', address, value: value.value }, at: timestamp } : undefined;
  }
  if (dmxKinds.has(kind)) yield* router.streams.newest(pattern, name);
  return undefined;
}
