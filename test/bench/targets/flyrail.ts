import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ServerProcess } from './server-process.ts';
import type { RunningTarget, Target, TargetName } from './target.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const headless = join(root, 'out/main/headless.js');

/** The product as it is built: `flyrail serve` with a data folder of its own, which goes with it. FLYRAIL_BENCH_NODE_FLAGS
 *  are flags of Node before it, such as `--cpu-prof`. */
export function flyrailTarget(name: TargetName, journal: 'off' | 'state' | 'full'): Target {
  return {
    name,
    version: () => (existsSync(headless) ? versionOfPackage() : undefined),
    start: async ({ show, metrics }): Promise<RunningTarget> => {
      const data = mkdtempSync(join(tmpdir(), 'flyrail-bench-'));
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
      ];
      const server = new ServerProcess([process.execPath, ...flags, headless, ...serve]);
      const [, port = ''] = await server.says(/"clasp":\{"url":"ws:\/\/127\.0\.0\.1:(\d+)/);
      return {
        name,
        port: Number(port),
        pid: server.pid,
        ...(metrics && { metricsPort: await uiPortOf(server) }),
        fate: () => server.fate,
        stop: async () => {
          await server.stop();
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
