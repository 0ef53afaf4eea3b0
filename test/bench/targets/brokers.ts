import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../free-port.ts';
import { versionOf } from './program-version.ts';
import { ServerProcess } from './server-process.ts';
import type { RunningTarget, Target, TargetName } from './target.ts';

/** Nothing logged or kept, nothing bounded that the load could reach: as fast as it goes. */
const mosquittoSettings = (port: number): string => `listener ${port} 127.0.0.1
allow_anonymous true
persistence false
log_type none
set_tcp_nodelay true
max_queued_messages 0
max_inflight_messages 0
`;

export const mosquittoTarget: Target = {
  name: 'mosquitto',
  version: () => versionOf('mosquitto', '-h'),
  start: () => startWithSettings('mosquitto', mosquittoSettings, (path) => ['mosquitto', '-c', path]),
};

const natsSettings = (port: number): string => `host: 127.0.0.1
port: ${port}
ping_interval: "1h"
`;

export const natsTarget: Target = {
  name: 'nats',
  version: () => versionOf('nats-server', '--version'),
  start: () => startWithSettings('nats', natsSettings, (path) => ['nats-server', '-c', path]),
};

export const aedesTarget: Target = {
  name: 'aedes',
  version: () => {
    const description = new URL('package.json', import.meta.resolve('aedes'));
    return (JSON.parse(readFileSync(description, 'utf8')) as { version: string }).version;
  },
  start: async () => {
    const child = fileURLToPath(new URL('aedes-child.ts', import.meta.url));
    const server = new ServerProcess([process.execPath, child]);
    const [, port = ''] = await server.says(/port (\d+)/);
    return { name: 'aedes', port: Number(port), pid: server.pid, fate: () => server.fate, stop: () => server.stop() };
  },
};

async function startWithSettings(
  name: TargetName,
  settings: (port: number) => string,
  command: (path: string) => readonly string[],
): Promise<RunningTarget> {
  const folder = mkdtempSync(join(tmpdir(), `${name}-bench-`));
  const path = join(folder, 'settings.conf');
  const port = await freePort();
  writeFileSync(path, settings(port));
  const server = new ServerProcess(command(path));
  await server.answersOn(port);
  return {
    name,
    port,
    pid: server.pid,
    fate: () => server.fate,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
