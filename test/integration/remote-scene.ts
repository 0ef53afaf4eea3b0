import { writeFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { LoginWay } from '../../src-main/contract/login.ts';
import type { MessageLink } from '../../src-main/contract/message-link.ts';
import type { RemoteState } from '../../src-main/contract/remote-access.ts';
import type { Role } from '../../src-main/contract/role.ts';
import type { PageRefusal } from '../../src-main/engine/page-origin.ts';
import type { MetricsText } from '../../src-main/engine/page-requests.ts';
import { startRemoteServer, type RemoteServer } from '../../src-main/engine/remote-server.ts';
import type { LoginReport } from '../../src-main/engine/remote/logins.ts';
import { createRemoteAccess, type RemoteAccess } from '../../src-main/engine/remote/remote-access.ts';
import { createUiKeys, type UiKeys } from '../../src-main/engine/ui-keys.ts';
import { openAccessFile, type AccessFile } from '../../src-main/platform/access-file.ts';
import type { CertificatePair } from '../../src-main/platform/certificate-maker.ts';
import { pakeReady, startPakeClient } from '../../src-main/platform/pake.ts';
import { stretchPin } from '../../src-main/platform/stretch-pin.ts';
import { silentLog } from '../silent-log.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** An interface's port with everything behind it but the engine. */
export interface RemoteScene {
  readonly server: RemoteServer;
  readonly access: RemoteAccess;
  readonly file: AccessFile;
  readonly clock: SimulatedClock;
  readonly keys: UiKeys;
  readonly pages: { readonly link: MessageLink; readonly role: Role }[];
  readonly refused: PageRefusal[];
  readonly reports: LoginReport[];
  readonly tokens: { readonly name: string; readonly scopes: readonly string[] }[];
  /** after every change, as the window is told */
  readonly states: RemoteState[];
  readonly origin: string;
  /** of the browser that asks */
  readonly cookie?: string;
}

interface SceneOptions {
  readonly port?: number;
  readonly host?: string;
  readonly identity?: CertificatePair;
  readonly metrics?: () => Promise<MetricsText>;
  readonly patience?: { headersMs: number; requestMs: number; checkEveryMs: number };
  readonly issues?: boolean;
}

export const openServers: RemoteServer[] = [];
afterEach(() => Promise.all(openServers.splice(0).map((server) => server.stop())));

export async function startRemote(options: SceneOptions = {}): Promise<RemoteScene> {
  const { port = 0, host = '127.0.0.1', identity, metrics, patience, issues = true } = options;
  await pakeReady;
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'index.html'), '<title>Flyrail</title>');
  writeFileSync(join(folder, '.hidden'), 'secret');
  const pages: { link: MessageLink; role: Role }[] = [];
  const refused: PageRefusal[] = [];
  const reports: LoginReport[] = [];
  const states: RemoteState[] = [];
  const tokens: { name: string; scopes: readonly string[] }[] = [];
  const clock = new SimulatedClock();
  const file = openAccessFile(join(temporaryFolder(), 'access.json'));
  const issuer = {
    issueToken: (name: string, scopes: readonly string[]) => {
      tokens.push({ name, scopes });
      return Promise.resolve(`cpsk_${'0'.repeat(32)}`);
    },
  };
  const served: { server?: RemoteServer } = {};
  const access = createRemoteAccess({
    ...{ clock, log: silentLog, file, issuer: issues ? issuer : undefined },
    onLogin: (report) => reports.push(report),
    onChange: () => states.push(access.state()),
    where: () => served.server?.where() ?? { reach: 'off', urls: [], encrypted: false },
  });
  const keys = createUiKeys(clock);
  const server = await startRemoteServer({
    ...{ host, port, identity, pagesFolder: folder, keys, access, log: silentLog, metrics },
    ...(patience && { patience }),
    onPage: (link, role) => pages.push({ link, role }),
    onRefused: (reason) => refused.push(reason),
  });
  served.server = server;
  openServers.push(server);
  const origin = `${identity ? 'https' : 'http'}://${host === '0.0.0.0' ? '127.0.0.1' : host}:${server.port}`;
  return { server, access, file, clock, keys, pages, refused, reports, tokens, states, origin };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

export function ask(
  scene: RemoteScene,
  path: string,
  { method = 'GET', headers = {}, body }: Asked = {},
): Promise<Answer> {
  const { hostname: host, port } = new URL(scene.origin);
  return new Promise((resolve, reject) => {
    const call = request({ host, port, path, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}

/** What a POST was answered: the body's own fields, whichever came. */
export interface Posted {
  readonly status: number;
  readonly cookie: string;
  readonly headers: IncomingHttpHeaders;
  readonly role?: string;
  readonly device?: string | null;
  readonly sealed?: string | null;
  readonly exchange?: string;
  readonly answers?: readonly string[];
  readonly error?: unknown;
}

/** A POST as the page does it, with the cookie of the scene if it has one. */
export async function post(scene: RemoteScene, path: string, value: unknown): Promise<Posted> {
  const body = typeof value === 'string' ? value : JSON.stringify(value);
  const headers = { origin: scene.origin, ...(scene.cookie !== undefined && { cookie: scene.cookie }) };
  const answer = await ask(scene, path, { method: 'POST', headers, body });
  const parsed = answer.body.startsWith('{') ? (JSON.parse(answer.body) as Partial<Posted>) : {};
  return { ...parsed, status: answer.status, cookie: cookieOf(answer), headers: answer.headers };
}

function cookieOf({ headers }: Answer): string {
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

/** What a paired page keeps. */
export interface PairedKey {
  readonly key: string;
  readonly device: string;
}

/** The first turn. @param secret the PIN, stretched here, the code, or the key of a paired page */
export async function begin(scene: RemoteScene, way: LoginWay, secret: string | PairedKey) {
  const { key, device } = typeof secret === 'string' ? { key: secret, device: undefined } : secret;
  const password = way === 'pin' ? await stretchPin(key, scene.file.read().salt) : key;
  const asked = startPakeClient(way, password);
  const path = way === 'code' ? '/pair/start' : '/login/start';
  const started = await post(scene, path, { message: asked.message, device });
  const answers = (started.answers ?? []).map((answer) => asked.finish(answer));
  const fits = answers.findIndex((each) => each !== undefined);
  const { message = '', sessionKey = '' } = answers[fits] ?? {};
  return { started, message, sessionKey, answer: Math.max(fits, 0), exchange: started.exchange ?? '' };
}

/** Both turns, as the login page does it. */
export async function logIn(scene: RemoteScene, way: LoginWay, secret: string | PairedKey) {
  const { started, message, answer, exchange, sessionKey } = await begin(scene, way, secret);
  if (started.status !== 200) return { ...started, sessionKey };
  const more = way === 'code' ? { name: 'Phone', kind: 'page' } : {};
  const path = way === 'code' ? '/pair/finish' : '/login/finish';
  return { ...(await post(scene, path, { exchange, answer, message, ...more })), sessionKey };
}
