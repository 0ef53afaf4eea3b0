import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchToken } from '../dialects/clasp-dialect.ts';
import { startPtyLine, type PtyLine } from '../../pty-line.ts';
import { writeSoundPrograms } from '../stand-ins/sound-programs.ts';
import { ServerProcess } from './server-process.ts';
import type { RunningTarget, Target, TargetName } from './target.ts';

type Ways = NonNullable<RunningTarget['ways']>;

const root = fileURLToPath(new URL('../../..', import.meta.url));
const headless = join(root, 'out/main/headless.js');

export interface FlyrailSettings {
  readonly journal: 'off' | 'state' | 'full';
  /** of `serve`, beside those of every run */
  readonly flags?: readonly string[];
  /** clients show `benchToken`, which may do everything that the bench does, and little else */
  readonly asksForTokens?: boolean;
  /** `port` is that of its `wss` door */
  readonly isTls?: boolean;
  readonly tellsWays?: boolean;
  /** two serial lines at this rate are ways in too; ptys keep to it only as far as we do */
  readonly serialBaud?: number;
}

/** The product as it is built: `flyrail serve` with a data folder of its own, which goes with it. FLYRAIL_BENCH_NODE_FLAGS
 *  are flags of Node before it, such as `--cpu-prof`. */
export function flyrailTarget(name: TargetName, settings: FlyrailSettings): Target {
  const { journal, flags: own = [], asksForTokens = false, isTls = false, tellsWays = false, serialBaud } = settings;
  return {
    name,
    version: () => (existsSync(headless) ? versionOfPackage() : undefined),
    start: async ({ show, metrics, hasStandIns = false }): Promise<RunningTarget> => {
      const data = mkdtempSync(join(tmpdir(), 'flyrail-bench-'));
      const lines = serialBaud === undefined ? [] : [await startPtyLine(), await startPtyLine()];
      const serial = lines.flatMap(({ ends }) => ['--transport', `serial=${ends[0]},baud=${serialBaud}`]);
      const flags = (process.env['FLYRAIL_BENCH_NODE_FLAGS'] ?? '').split(' ').filter((flag) => flag !== '');
      const serve = [
        'serve',
        '--json',
        ...(metrics ? ['--ui-port', '0', '--metrics'] : ['--no-ui']),
        '--port',
        '0',
        '--data',
        data,
        '--journal',
        journal,
        ...showFlags(show, data),
        ...own,
        ...serial,
        ...(asksForTokens ? ['--token-file', tokenFileIn(data)] : []),
      ];
      const program = hasStandIns ? withStandIns(data) : [process.execPath];
      const server = new ServerProcess([...program, ...flags, headless, ...serve]);
      const scheme = isTls ? 'wss' : 'ws';
      const [, port = ''] = await server.says(new RegExp(`"url":"${scheme}://127\\.0\\.0\\.1:(\\d+)`));
      return {
        name,
        port: Number(port),
        ...(isTls && { isTls }),
        ...(tellsWays && { ways: await waysOf(server, data, clientEnds(lines, serialBaud)) }),
        pid: server.pid,
        ...(metrics && { metricsPort: await uiPortOf(server) }),
        fate: () => server.fate,
        stop: async () => {
          await server.stop();
          for (const line of lines) await line.unplug();
          rmSync(data, { recursive: true, force: true });
        },
      };
    },
  };
}

async function uiPortOf(server: ServerProcess): Promise<number> {
  const [, port = ''] = await server.says(/"ui":\{"url":"http:\/\/127\.0\.0\.1:(\d+)/);
  return Number(port);
}

/** Several scopes, as a real token has them; the one that counts stands last. */
function tokenFileIn(folder: string): string {
  const path = join(folder, 'tokens.txt');
  const scopes = ['read:/clock/**', 'write:/desk/*/fader', 'read:/lamps/**', 'admin:/bench/**'];
  writeFileSync(path, `${benchToken} ${scopes.join()}\n`, { mode: 0o600 });
  return path;
}

async function waysOf(server: ServerProcess, data: string, serialUrls: readonly string[]): Promise<Ways> {
  const [, list = '[]'] = await server.says(/"transports":(\[[^\]]*\])/);
  const told = (JSON.parse(list) as { url: string }[]).map(({ url }) => url);
  const urls = [...told.filter((url) => !url.startsWith('serial:')), ...serialUrls];
  const { stdout } = spawnSync(process.execPath, [headless, 'cert', 'export-ca', '--data', data]);
  return { urls, authority: stdout.toString() };
}

/** Node as it runs the product with libraries and programs of devices stood in for. */
function withStandIns(folder: string): readonly string[] {
  writeSoundPrograms(folder);
  const path = `PATH=${folder}${delimiter}${process.env['PATH'] ?? ''}`;
  return ['env', path, process.execPath, '--import', new URL('../stand-ins/preload-child.ts', import.meta.url).href];
}

function clientEnds(lines: readonly PtyLine[], baud = 0): readonly string[] {
  return lines.map(({ ends }) => `serial://${ends[1]}?baud=${baud}`);
}

function showFlags(show: unknown, folder: string): readonly string[] {
  if (show === undefined) return [];
  const [json, path] = [join(folder, 'bench.json'), join(folder, 'bench.flyrail')];
  writeFileSync(json, JSON.stringify(show));
  const { status, stderr } = spawnSync(process.execPath, [headless, 'show', 'import', json, '--out', path]);
  if (status !== 0) throw new Error(`flyrail show import: ${stderr.toString()}`);
  return ['--show', path];
}

function versionOfPackage(): string {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
}
