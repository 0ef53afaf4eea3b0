import type { DoorSettings } from '../contract/door.ts';
import type { MessageLink } from '../contract/message-link.ts';
import type { RateLimits } from '../core/access/rate-limits.ts';
import { Journal, type JournalMode } from '../core/journal/journal.ts';
import { createNoJournal } from '../core/journal/no-journal.ts';
import { signalJournalLimits } from '../core/journal/signal-journal.ts';
import { createRouter, type Router, type RouterTiming } from '../core/router/router.ts';
import { openAuditFile } from '../platform/audit-file.ts';
import { openDataFolder, type DataFolder } from '../platform/data-folder.ts';
import { openEngineSettings } from '../platform/engine-settings-file.ts';
import { openSecretsFile } from '../platform/secrets-file.ts';
import { createWorkerJournalStore } from '../platform/worker-journal-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { EngineSettingsStore } from '../ports/engine-settings.ts';
import type { Log } from '../ports/log.ts';
import type { Random } from '../ports/random.ts';
import type { Secrets } from '../ports/secrets.ts';
import { AccessDesk, type TokenSources } from './access-desk.ts';
import { createAccessList, type AccessList } from './access-list.ts';
import { keepAuditTrail } from './audit-trail.ts';
import { ClaspDoors, type ClaspDoorsOptions } from './clasp-doors.ts';
import type { Closers } from './closers.ts';
import type { EngineNews } from './engine-news.ts';
import type { EventHub } from './event-hub.ts';
import { createMachineIdentity } from './machine-identity.ts';
import type { MetricsText } from './page-requests.ts';
import { startRemoteServer, type RemoteServer } from './remote-server.ts';
import { openRendezvousDoor, type RendezvousDoor, type RendezvousOptions } from './rendezvous-door.ts';
import { createUiKeys } from './ui-keys.ts';

export interface DoorOptions extends RendezvousOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** the data folder; the platform's without it */
  readonly data: string | undefined;
  /** where CLASP clients connect */
  readonly host: string;
  readonly port: number;
  /** ways in beside that */
  readonly transports: readonly DoorSettings[];
  /** how fast CLASP clients may send; no limits without */
  readonly rateLimits?: RateLimits;
  /** who may connect; as this machine keeps it without */
  readonly tokens?: TokenSources;
  /** undefined: no interface for browsers */
  readonly uiPort: number | undefined;
  /** whether figures are measured and shown at the interface's port */
  readonly metrics: boolean;
  /** what is kept on disk: nothing; the params; every signal */
  readonly journal: 'off' | JournalMode;
  /** the router's own defaults without it */
  readonly timing?: RouterTiming;
  readonly files: {
    readonly pagesFolder: string;
    readonly journalWorker: string | URL;
    readonly radioProcess: string | URL;
  };
  readonly onNews: (news: EngineNews) => void;
}

interface Around {
  readonly closers: Closers;
  /** hears 'access', tells of edits */
  readonly hub: EventHub;
  readonly onRefused: () => void;
  readonly onPage: (link: MessageLink) => void;
  readonly readMetrics: () => Promise<MetricsText>;
}

export interface Doors {
  readonly folder: DataFolder;
  readonly settings: EngineSettingsStore;
  readonly secrets: Secrets;
  readonly access: AccessList;
  readonly desk: AccessDesk;
  readonly router: Router;
  readonly journal: Pick<Journal, 'showOnTable' | 'lostTotal'>;
  readonly clasp: ClaspDoors;
  readonly closeClasp: () => Promise<void>;
  readonly rendezvous: RendezvousDoor;
  /** undefined: no interface for browsers */
  readonly remote: RemoteServer | undefined;
  readonly closePages: () => Promise<void>;
}

/** The data folder and the ports, before any show is touched: what is in use by another is found out while nothing runs.
 *  @throws UnavailableError 'data-folder-in-use' | 'cannot-write-file' | 'port-in-use' | 'cannot-open-port' */
export async function openDoors(options: DoorOptions, around: Around): Promise<Doors> {
  const { clock, random, log } = options;
  const { closers, hub, onRefused } = around;
  const folder = openDataFolder(options.data);
  closers.add(() => {
    folder.release();
  });
  const settings = openEngineSettings(folder.settingsFile, log);
  const secrets = openSecretsFile({ path: folder.secretsFile, log });
  const access = createAccessList({
    clock,
    allowed: settings.current().allowedOrigins,
    keep: (allowedOrigins) => settings.update({ allowedOrigins }),
    onChange: (state) => {
      hub.emit('access', state);
    },
  });
  closers.add(() => {
    access.close();
  });
  const router = createRouter({ ...options.timing, clock, random, log, name: 'Flyrail', defer: setImmediate });
  openAudit(options, { folder, router, closers, hub });
  const journal = await openJournal(options, { folder, router, closers });
  const identityOf = createMachineIdentity(folder.certificates, clock);
  const onChange: ClaspDoorsOptions['onChange'] = (doors) => hub.emit('doors', doors);
  const clasp = new ClaspDoors({
    ...options,
    ...options.files,
    settings,
    router,
    access,
    identityOf,
    onRefused,
    onChange,
  });
  const desk = new AccessDesk({
    ...options,
    ...{ settings, guard: router.guard, storePath: folder.tokensFile, tokens: options.tokens },
    rateLimits: options.rateLimits,
    faultWithoutTokens: () => clasp.faultWithoutTokens(),
    onChange: (state) => hub.emit('accessRules', state),
  });
  closers.add(() => desk.close());
  await desk.open();
  const closeClasp = closers.add(() => clasp.stop());
  await clasp.open();
  const open = () => clasp.listOpen();
  const rendezvous = await openRendezvousDoor({ ...options, folder, open, closers });
  const remote = await openPages(options, around);
  const closePages = closers.add(() => remote?.stop());
  const kept = { settings, secrets, access };
  return { folder, ...kept, desk, router, journal, clasp, closeClasp, rendezvous, remote, closePages };
}

/** Kept until all else has ended. */
function openAudit(
  { clock, log }: DoorOptions,
  { folder, router, closers, hub }: { folder: DataFolder; router: Router } & Pick<Around, 'closers' | 'hub'>,
): void {
  const audit = openAuditFile({ path: folder.auditFile, clock, log });
  closers.add(() => audit.close());
  closers.add(keepAuditTrail({ audit, clock, hub, watchSessions: (run) => router.guard.watchSessions(run) }));
}

/** Before anyone can come in: whoever does finds the params as they were.
 *  @throws UnavailableError 'cannot-write-file' */
async function openJournal(
  { clock, random, log, files, journal: mode }: DoorOptions,
  { folder, router, closers }: { folder: DataFolder; router: Router; closers: Closers },
): Promise<Doors['journal']> {
  if (mode === 'off') return createNoJournal(router.params);
  const store = createWorkerJournalStore({ worker: files.journalWorker, paths: folder, log });
  const { params, timelines, clients } = router;
  const around = { params, timelines, clients, clock, random, log, defer: setImmediate };
  const journal = new Journal({ ...around, store, mode, limits: signalJournalLimits });
  closers.add(() => journal.close());
  await journal.restore();
  router.keepWith(journal);
  return journal;
}

async function openPages(
  { clock, log, uiPort, metrics, files, onNews }: DoorOptions,
  { onPage, onRefused, readMetrics }: Around,
): Promise<RemoteServer | undefined> {
  if (uiPort === undefined) return undefined;
  const keys = createUiKeys(clock, () => {
    onNews({ event: 'ui-link', url: remote.url() });
  });
  const remote = await startRemoteServer({
    port: uiPort,
    pagesFolder: files.pagesFolder,
    keys,
    log,
    onPage,
    onRefused,
    metrics: metrics ? readMetrics : undefined,
  });
  return remote;
}
