import type { MessageLink } from '../contract/message-link.ts';
import type { Role } from '../contract/role.ts';
import { openAccessFile } from '../platform/access-file.ts';
import type { DataFolder } from '../platform/data-folder.ts';
import { createDoorFile } from '../platform/door-file.ts';
import type { AuditLog } from '../ports/audit-log.ts';
import type { Clock } from '../ports/clock.ts';
import type { EngineSettingsStore } from '../ports/engine-settings.ts';
import type { Log } from '../ports/log.ts';
import type { TokenIssuer } from '../ports/token-issuer.ts';
import type { AccessDesk } from './access-desk.ts';
import type { Closers } from './closers.ts';
import type { EngineNews } from './engine-news.ts';
import type { EventHub } from './event-hub.ts';
import type { MachineIdentity } from './machine-identity.ts';
import { uiHost } from './page-origin.ts';
import type { MetricsText } from './page-requests.ts';
import { openInterface, type InterfaceHost } from './remote/interface-host.ts';
import { createRemoteAccess, type RemoteAccess } from './remote/remote-access.ts';
import { startRemoteServer, type RemoteServer } from './remote-server.ts';
import { createUiKeys } from './ui-keys.ts';

/** where the desktop application serves the interface when it is told to */
const usualUiPort = 7380;

/** How the interface for browsers is served. */
export interface PageOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** undefined: no interface for browsers */
  readonly uiPort: number | undefined;
  /** which cards it is served on; undefined: as the window left it */
  readonly uiHost: string | undefined;
  /** whether it is served over TLS, with this machine's certificate */
  readonly uiTls: boolean;
  /** without a port of the interface: the window may open it */
  readonly uiLater: boolean;
  /** whether figures are measured and shown at the interface's port */
  readonly metrics: boolean;
  readonly files: { readonly pagesFolder: string };
  readonly onNews: (news: EngineNews) => void;
}

export interface PagesAround {
  readonly closers: Closers;
  readonly hub: EventHub;
  readonly onRefused: () => void;
  readonly onPage: (link: MessageLink, role: Role) => void;
  readonly readMetrics: () => Promise<MetricsText>;
}

interface PageNeeds {
  readonly desk: AccessDesk;
  readonly audit: AuditLog;
  readonly folder: DataFolder;
  readonly settings: EngineSettingsStore;
  readonly identityOf: MachineIdentity;
}

/** The interface for browsers, and who may come to it.
 *  @throws InputError 'no-login' @throws UnavailableError 'port-in-use' | 'cannot-open-port' */
export async function openPages(
  options: PageOptions,
  { closers, hub, onPage, onRefused, readMetrics }: PagesAround,
  { folder, settings, identityOf, desk, audit }: PageNeeds,
): Promise<{ readonly remote: RemoteAccess; readonly pages: InterfaceHost }> {
  const { clock, log, uiPort, uiHost: host, uiTls: encrypted, uiLater, metrics, files, onNews } = options;
  const file = openAccessFile(folder.accessFile);
  const nowhere = { reach: 'off', urls: [], encrypted: false } as const;
  const served: { pages?: InterfaceHost } = {};
  const remote = createRemoteAccess({
    ...{ clock, log, file, issuer: issuerAt(desk) },
    onLogin: ({ what: way, role, peer, ok }) => {
      audit.note({ what: ok ? 'login' : 'login-refused', fields: { way, role: role ?? undefined, peer } });
    },
    where: () => served.pages?.where() ?? nowhere,
    onChange: () => {
      hub.emit('remote', remote.state());
    },
  });
  closers.add(() => {
    remote.close();
  });
  const keys = createUiKeys(clock, () => {
    const url = served.pages?.current()?.url();
    if (url !== undefined) onNews({ event: 'ui-link', url });
  });
  const doorFile = createDoorFile(folder.doorFile, keys.localKey);
  closers.add(() => {
    doorFile.remove();
  });
  const start = async (on: string, overTls: boolean, port = uiPort ?? usualUiPort): Promise<RemoteServer> => {
    const identity = overTls ? await identityOf({}) : undefined;
    const shared = { keys, log, onPage, onRefused, metrics: metrics ? readMetrics : undefined, access: remote };
    const server = await startRemoteServer({
      ...{ host: on, port, identity, pagesFolder: files.pagesFolder },
      ...shared,
    });
    await doorFile.write(server.url());
    return server;
  };
  const least = uiPort === undefined ? undefined : uiHost;
  const isSaid = host !== undefined || encrypted || (uiPort === undefined && !uiLater);
  const asked = isSaid ? { host: host ?? least, encrypted } : undefined;
  served.pages = await openInterface({
    ...{ clock, log, asked, least, file, settings, start },
    onChange: () => hub.emit('remote', remote.state()),
  });
  return { remote, pages: served.pages };
}

/** What a paired client is given is a token of this machine, to be revoked like any other. */
function issuerAt(desk: AccessDesk): TokenIssuer {
  return {
    issueToken: async (name, scopes) => (await desk.createToken({ name, scopes: [...scopes], expiresAt: null })).token,
  };
}
