import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { MessageLink } from '../contract/message-link.ts';
import { parseShow } from '../contract/parse-show.ts';
import type { Role } from '../contract/role.ts';
import { serveEngine } from '../contract/rpc.ts';
import { createMappingCheck, type MappingCheck } from '../core/mapping/check-mappings.ts';
import type { Router } from '../core/router/router.ts';
import { listNetworkCards } from '../platform/network-interfaces.ts';
import { createWorkerShowStore } from '../platform/worker-show-store.ts';
import type { Log } from '../ports/log.ts';
import type { AccessList } from './access-list.ts';
import { createClosers, type Closers } from './closers.ts';
import { tellNews } from './engine-news.ts';
import { createEngineClient, type ClientRights, type EngineParts } from './engine-service.ts';
import { createEventHub, type EventHub } from './event-hub.ts';
import { createLiveFeed, type LiveFeed } from './feeds/live-feed.ts';
import { createStatsFeed, type StatsFeed } from './feeds/stats-feed.ts';
import { lateBundlesOf } from './late-bundles.ts';
import { createMetricsPage } from './open-metrics.ts';
import { createMonitorWords } from './monitor-words.ts';
import { openDoors, type DoorOptions, type Doors } from './open-doors.ts';
import { describeReadiness, type Readiness } from './readiness.ts';
import { refuseBadPrefixes } from './refuse-bad-prefixes.ts';
import { createLoopRefusal } from './refuse-new-loops.ts';
import type { RemoteAccess } from './remote/remote-access.ts';
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
  /** the demo in the exchange format */
  readonly demoShow: string;
}

export interface EngineOptions extends DoorOptions {
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
  const onRefused = (): void => {
    refusals.total++;
  };
  // Nobody comes in before the engine is whole: the interface's secret is not told until then.
  let serve: Engine['serve'] = (link) => {
    link.close();
  };
  const onPage = (link: MessageLink, role: Role): void => {
    serve(link, { paths: false, role });
  };

  const metrics = createMetricsPage();
  const doors = await openDoors(options, { closers, hub, onRefused, onPage, readMetrics: metrics.read });
  const { router, pages } = doors;
  const check = createMappingCheck();
  const show = await openShow(options, doors, { hub, closers, check });
  const closeShow = closers.add(() => show.close());
  const bridges = () => show.document.bridges;
  closers.add(tellNews({ hub, bridges, onNews }));
  const { live, stats, runner } = runShow(options, { ...doors, show, hub, refusals, check });
  closers.add(stats.stop);
  const devices = () => runner.devices();
  await metrics.open(options, { doors, bridges, devices, refused: () => refusals.total });
  const closeOutputs = closers.add(() => runner.stop());

  const claspUrl = doors.clasp.url;
  const parts: EngineParts = {
    clock,
    router,
    hand: router.openLocal('hand', { echo: true }),
    show,
    hub,
    access: doors.access,
    live,
    describe: createMonitorWords({ bridges, statusOf: (id) => devices().find(({ bridgeId }) => bridgeId === id) }),
    listNetworkCards,
    remote: doors.remote,
    setInterface: (reach) => pages.setReach(reach),
    makeUiLink: () => pages.current()?.url(),
    snapshot: snapshotOf({ options, claspUrl, show, runner, live, stats, ...doors }),
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
    await Promise.all([doors.closePages(), doors.closeClasp(), closeOutputs(), closeShow()]);
    await closers.closeAll();
  }
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

interface Running {
  readonly live: LiveFeed;
  readonly stats: StatsFeed;
  readonly runner: ShowRunner;
}

interface RunNeeds {
  readonly router: Router;
  readonly journal: Doors['journal'];
  readonly show: ShowSession;
  readonly hub: EventHub;
  readonly refusals: { total: number };
  readonly check: MappingCheck;
}

/** Runs what is on the table, and whatever comes onto it later. */
function runShow({ clock, random, log, timing }: EngineOptions, needs: RunNeeds): Running {
  const { router, journal, show, hub, refusals, check } = needs;
  const live = createLiveFeed(clock);
  const stats = createStatsFeed({
    router,
    clock,
    refused: () => refusals.total,
    send: (now) => {
      hub.emit('stats', now);
    },
  });
  const runner = createShowRunner({
    router,
    clock,
    random,
    log,
    hub,
    check,
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
  return { live, stats, runner };
}

interface SnapshotParts extends Running {
  readonly options: Pick<EngineOptions, 'version' | 'timing'>;
  readonly claspUrl: string;
  readonly show: ShowSession;
  readonly access: AccessList;
  readonly remote: RemoteAccess;
}

interface ReadinessNeeds {
  readonly doors: Doors;
  readonly hub: EventHub;
  readonly show: ShowSession;
  readonly devices: () => ReturnType<ShowRunner['devices']>;
}

function readinessNeeds({ doors: { clasp, pages }, hub, show, devices }: ReadinessNeeds) {
  const url = pages.current()?.url();
  const ui = url === undefined ? undefined : { url, ...pages.where() };
  return { hub, show, devices, claspUrl: clasp.url, transports: clasp.open, ui };
}

function snapshotOf({
  options,
  claspUrl,
  show,
  runner,
  live,
  stats,
  access,
  remote,
}: SnapshotParts): EngineParts['snapshot'] {
  const { version, timing } = options;
  return () => ({
    version,
    revision: show.revision,
    document: show.document,
    show: show.state(),
    devices: runner.devices(),
    problems: runner.problems(),
    access: access.state(),
    remote: remote.state(),
    stats: stats.now(),
    live: live.newest(),
    claspUrl,
    lateBundlesGiven: timing?.latePolicy ? lateBundlesOf(timing.latePolicy) : null,
    laying: show.laying,
    firstStart: show.firstStart,
  });
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
