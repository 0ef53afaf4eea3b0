import { listPorts } from '../bridges/port-lists.ts';
import type { ArtnetPorts } from '../bridges/artnet/artnet-ports.ts';
import { createArtnetPorts } from './create-artnet-ports.ts';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { MessageLink } from '../contract/message-link.ts';
import { parseShow } from '../contract/parse-show.ts';
import type { Role } from '../contract/role.ts';
import { serveEngine } from '../contract/rpc.ts';
import { createMappingCheck, type MappingCheck } from '../core/mapping/check-mappings.ts';
import type { Router } from '../core/router/router.ts';
import { createHidAccess } from '../platform/hid/hid-access.ts';
import { listNetworkCards } from '../platform/network-interfaces.ts';
import { createWorkerShowStore } from '../platform/worker-show-store.ts';
import type { HidAccess } from '../ports/hid-ports.ts';
import type { Log } from '../ports/log.ts';
import { createClosers, type Closers } from './closers.ts';
import type { DmxControl } from './dmx-control.ts';
import { DmxViews } from './dmx-views.ts';
import { openDiscovery, type DiscoveryWishes, type EngineDiscovery } from './discovery/open-discovery.ts';
import { tellNews } from './engine-news.ts';
import { createEngineClient, type ClientRights, type EngineParts } from './engine-service.ts';
import { snapshotOf } from './engine-snapshot.ts';
import { createEventHub, type EventHub } from './event-hub.ts';
import { HidLearner } from './hid-learner.ts';
import { createLiveFeed, type LiveFeed } from './feeds/live-feed.ts';
import { createStatsFeed, type StatsFeed } from './feeds/stats-feed.ts';
import { createMetricsPage } from './open-metrics.ts';
import { monitorWords } from './monitor-words.ts';
import { openDoors, type DoorOptions, type Doors } from './open-doors.ts';
import { describeReadiness, type Readiness } from './readiness.ts';
import { refuseBadPrefixes } from './refuse-bad-prefixes.ts';
import { linkSurroundings } from './link-surroundings.ts';
import { createLoopRefusal } from './refuse-new-loops.ts';
import { createRunningDmx } from './running-dmx.ts';
import { createShowRunner, type ShowRunner } from './show-runner.ts';
import { createShowSession, type ShowSession } from './show-session.ts';

/** What the engine loads at run time. */
export interface EngineFiles {
  /** folder of the built interface */
  readonly pagesFolder: string;
  /** entry of the thread that keeps shows */
  readonly showStoreWorker: string | URL;
  /** entry of the thread that keeps params */
  readonly journalWorker: string | URL;
  /** entry of the process that has a Bluetooth library */
  readonly radioProcess: string | URL;
  /** the demo in the exchange format */
  readonly demoShow: string;
  /** folder of the layouts of HID devices that come with Flyrail */
  readonly hidLayouts: string;
}

export interface EngineOptions extends DoorOptions, DiscoveryWishes {
  readonly version: string;
  readonly files: EngineFiles;
  /** a show file to open; the last show, else an empty one, without it */
  readonly show: string | undefined;
}

export interface Engine {
  /** How it stands, once every bridge has had its first try or half a second has passed. */
  ready(): Promise<Readiness>;
  /** Answers one client until its link closes. */
  serve(link: MessageLink, rights: ClientRights): void;
  /** Ends outputs in order, saves, and lets go of ports and folder. Never rejects; later calls give the same promise. */
  stop(reason: string): Promise<void>;
}

/** The engine, put together: the architecture on one screen.
 *  @throws AppError when something it needs cannot be had; then nothing stays open */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const closers = createClosers(options.log);
  try {
    return await assemble(options, closers);
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}

async function assemble(options: EngineOptions, closers: Closers): Promise<Engine> {
  const { clock, log, onNews } = options;
  const hub = createEventHub(log);
  const refusals = { total: 0 };
  const onRefused = (): number => ++refusals.total;
  // Nobody comes in before the engine is whole: the interface's secret is not told until then.
  let serve: Engine['serve'] = (link) => {
    link.close();
  };
  const onPage = (link: MessageLink, role: Role): void => {
    serve(link, { paths: false, role });
  };

  const metrics = createMetricsPage();
  const doors = await openDoors(options, { closers, hub, onRefused, onPage, readMetrics: metrics.read });
  const { router, clasp, pages, remote } = doors;
  const check = createMappingCheck();
  const show = await openShow(options, doors, { hub, closers, check });
  const closeShow = closers.add(() => show.close());
  const bridges = () => show.document.bridges;
  closers.add(tellNews({ hub, bridges, onNews }));
  const artnetPorts = createArtnetPorts(options);
  const { hid, learnControls } = openHid(options, doors, closers);
  const { live, stats, runner, dmx } = runShow(options, { ...doors, show, hub, refusals, check, artnetPorts, hid });
  closers.add(stats.stop);
  const devices = () => runner.devices();
  const { discovery, closeDiscovery } = discover(options, doors, { show, hub, closers, artnetPorts });
  const sources = { bridges, devices, refused: () => refusals.total, discovery: () => discovery.figures() };
  await metrics.open(options, { doors, ...sources });
  const closeOutputs = closers.add(() => runner.stop());

  const claspUrl = clasp.url;
  const { access, desk, secrets } = doors;
  const makeUiLink = () => pages.current()?.url();
  const machine = { access, desk, secrets, discovery, remote, doors: clasp, ...lists, learnControls, makeUiLink };
  const parts: EngineParts = {
    ...machine,
    ...{ clock, router, show, hub, live, dmx, returns: runner.returns },
    views: viewsOf({ router, show, live, runner, dmx }),
    hand: router.openLocal('hand', { echo: true }),
    ...monitorWords({ bridges, devices }),
    setInterface: (reach) => pages.setReach(reach),
    snapshot: snapshotOf({ ...machine, options, claspUrl, show, runner, live, stats }),
  };
  serve = serveWith({ parts, log, onRefused });
  let stopped: Promise<void> | undefined;
  return {
    ready: () => describeReadiness({ ...readinessNeeds({ doors, hub, show, devices }), clock }),
    serve,
    stop: (reason) => (stopped ??= stop(reason)),
  };

  async function stop(reason: string): Promise<void> {
    hub.emit('stopping', { reason });
    // Beside each other, so that a share that hangs keeps no lamp lit, and a device that hangs no edit from its file.
    await Promise.all([doors.closePages(), doors.closeClasp(), closeOutputs(), closeShow(), closeDiscovery()]);
    await closers.closeAll();
  }
}

/** What the machine has to choose from. */
const lists = { listNetworkCards, listPorts };

/** The HID devices of the machine, for bridges and for who learns their controls. */
function openHid({ clock, log, files }: EngineOptions, { folder }: Doors, closers: Closers) {
  const hid = createHidAccess(clock, { builtIn: files.hidLayouts, own: folder.hidLayouts });
  const learner = new HidLearner({ access: hid, clock, log });
  closers.add(() => learner.stop());
  return { hid, learnControls: learner.listen.bind(learner) };
}

function viewsOf({
  router,
  show,
  live,
  runner,
  dmx,
}: Pick<EngineParts, 'router' | 'show'> & Pick<Running, 'live' | 'runner' | 'dmx'>) {
  return new DmxViews({
    ...{ desk: dmx.desk, router, document: () => show.document, live: () => live.newest() },
    senderTo: (address) => runner.senderTo(address),
  });
}

/** @throws AppError when the show that was named cannot be opened */
async function openShow(
  { clock, random, log, files, show }: EngineOptions,
  { folder, settings }: Doors,
  { hub, closers, check }: { hub: EventHub; closers: Closers; check: MappingCheck },
): Promise<ShowSession> {
  const store = createWorkerShowStore({ worker: files.showStoreWorker, paths: folder, log });
  closers.add(() => store.close());
  const refuseLoops = createLoopRefusal(check);
  return createShowSession({
    store,
    settings,
    clock,
    random,
    log,
    hub,
    checkEdit: (before, after) => {
      refuseBadPrefixes(before, after);
      refuseLoops(before, after);
    },
    open: show === undefined ? undefined : { path: resolve(show) },
    readDemo: async () => parseShow(JSON.parse(await readFile(files.demoShow, 'utf8'))),
  });
}

function discover(
  options: EngineOptions,
  { settings, clasp }: Doors,
  { show, hub, closers, artnetPorts }: { show: ShowSession; hub: EventHub; closers: Closers; artnetPorts: ArtnetPorts },
): { discovery: EngineDiscovery; closeDiscovery: () => Promise<void> } {
  const door = { host: options.host, url: clasp.url };
  const discovery = openDiscovery({ ...options, settings, show, hub, door, artnetPorts });
  return { discovery, closeDiscovery: closers.add(() => discovery.stop()) };
}

interface Running {
  readonly live: LiveFeed;
  readonly stats: StatsFeed;
  readonly runner: ShowRunner;
  readonly dmx: DmxControl;
}

interface RunNeeds {
  readonly router: Router;
  readonly journal: Doors['journal'];
  readonly sentRates: Doors['sentRates'];
  readonly settings: Doors['settings'];
  readonly secrets: Doors['secrets'];
  readonly show: ShowSession;
  readonly hub: EventHub;
  readonly refusals: { total: number };
  readonly check: MappingCheck;
  readonly artnetPorts: ArtnetPorts;
  readonly hid: HidAccess;
}

/** Runs what is on the table, and whatever comes onto it later. */
function runShow({ clock, random, log, timing, files }: EngineOptions, needs: RunNeeds): Running {
  const { router, journal, show, hub, refusals, check, settings, secrets, artnetPorts, hid, sentRates } = needs;
  const live = createLiveFeed(clock);
  const stats = createStatsFeed({
    router,
    clock,
    refused: () => refusals.total,
    send: (now) => {
      hub.emit('stats', now);
    },
  });
  const dmx = createRunningDmx({ router, clock });
  const runner = createShowRunner({
    dmx,
    router,
    clock,
    random,
    log,
    hub,
    check,
    artnetPorts,
    hid,
    sentRates,
    links: linkSurroundings({ clock, random, log, settings, secrets, radioProcess: files.radioProcess }),
    judgesLate: timing?.latePolicy === undefined,
    onLive: (report) => {
      live.report(report);
      stats.routed(report.latencyMicros);
    },
  });
  const run = (): void => {
    journal.showOnTable(show.document.id);
    live.keep(show.document.mappings);
    runner.apply(show.document);
  };
  hub.on('edited', run);
  hub.on('document', run);
  run();
  return { live, stats, runner, dmx: dmx.control };
}

interface ReadinessNeeds {
  readonly doors: Doors;
  readonly hub: EventHub;
  readonly show: ShowSession;
  readonly devices: () => ReturnType<ShowRunner['devices']>;
}

function readinessNeeds({ doors: { clasp, pages, rendezvous }, hub, show, devices }: ReadinessNeeds) {
  const url = pages.current()?.url();
  const ui = url === undefined ? undefined : { url, ...pages.where() };
  return { hub, show, devices, claspUrl: clasp.url, transports: clasp.listOpen(), rendezvousUrl: rendezvous.url, ui };
}

interface ServeNeeds {
  readonly parts: EngineParts;
  readonly log: Log;
  readonly onRefused: () => void;
}

function serveWith({ parts, log, onRefused }: ServeNeeds): Engine['serve'] {
  return (link, rights) => {
    const client = createEngineClient(parts, rights);
    const onBug = (error: unknown, command: string): void => {
      log.error('a command failed inside', { command, error });
    };
    serveEngine(link, client, { role: rights.role, onRefused, onBug });
    link.onClose(() => {
      client.close();
    });
  };
}
