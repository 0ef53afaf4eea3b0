import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { versionOf } from './program-version.ts';
import { ServerProcess } from './server-process.ts';
import type { Target, TargetName } from './target.ts';

/** A TCP server in C that sends back what it gets, compiled when it is wanted. */
export const echoTarget: Target = {
  name: 'echo',
  version: () => {
    const gcc = versionOf('gcc', '--version');
    return gcc && `by gcc ${gcc}`;
  },
  start: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'echo-bench-'));
    const program = join(folder, 'tcp-echo');
    const source = fileURLToPath(new URL('tcp-echo.c', import.meta.url));
    const { status, stderr } = spawnSync('gcc', ['-O2', '-o', program, source], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`gcc: ${stderr}`);
    const server = new ServerProcess([program]);
    const [, port = ''] = await server.says(/port (\d+)/);
    return {
      name: 'echo',
      port: Number(port),
      pid: server.pid,
      fate: () => server.fate,
      stop: async () => {
        await server.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};

/** The same in Node: the least that a server written in it takes. */
export const nodeEchoTarget: Target = childTarget('node-echo', 'node-echo-child.ts');

/** A protocol by UDP with a library of it, and nothing around it. */
export const udpLoopTargets: readonly Target[] = (['osc', 'sacn', 'artnet'] as const).map((kind) =>
  childTarget(`node-${kind}`, 'udp-loop-child.ts', kind),
);

/** MQTT with the library that the bridge uses, at the same broker. */
export const nodeMqttTarget: Target = childTarget('node-mqtt', 'mqtt-loop-child.ts');

/** What the stand-ins for the libraries of MIDI and HID take by themselves. */
export const portLoopTargets: readonly Target[] = (['midi', 'hid'] as const).map((kind) =>
  childTarget(`node-${kind}`, 'port-loop-child.ts', kind),
);

/** Serial lines with the library that the bridge uses. */
export const nodeSerialTarget: Target = childTarget('node-serial', 'serial-loop-child.ts');

/** What is spoken with web servers, with the library that the bridge uses. */
export const webLoopTargets: readonly Target[] = (['websocket', 'socketio', 'http-poll', 'http-webhook'] as const).map(
  (kind) => childTarget(`node-${kind}`, 'web-loop-child.ts', kind),
);

function childTarget(name: TargetName, file: string, ...args: readonly string[]): Target {
  return {
    name,
    version: () => process.version,
    start: async () => {
      const child = fileURLToPath(new URL(file, import.meta.url));
      const server = new ServerProcess([process.execPath, child, ...args]);
      const [, port = ''] = await server.says(/port (\d+)/);
      return { name, port: Number(port), pid: server.pid, fate: () => server.fate, stop: () => server.stop() };
    },
  };
}
