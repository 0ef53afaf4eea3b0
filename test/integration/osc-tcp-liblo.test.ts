import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { OscBridge } from '../../src-main/bridges/osc/osc-bridge.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import type { OscSettings } from '../../src-main/contract/bridges/osc.ts';
import { f32, text } from '../../src-main/contract/signal.ts';
import { oscSettings } from '../bridges/bridge-settings.ts';
import { needsOf, param, to } from '../bridges/osc/osc-hall.ts';
import { RecordingHost } from '../conformance/bridge.ts';
import { skipUnless } from '../skip-unless.ts';
import { until } from '../until.ts';
import { hasProgram, notInstalled } from './find-program.ts';
import { freeUdpPort } from './free-udp-port.ts';

const run = promisify(execFile);
const bridges: OscBridge[] = [];
const children: ChildProcess[] = [];
afterEach(async () => {
  for (const bridge of bridges.splice(0)) await bridge.stop();
  for (const child of children.splice(0)) child.kill();
});

async function start(some: Partial<OscSettings>) {
  const host = new RecordingHost();
  const bridge = new OscBridge(oscSettings({ targets: [], ...some }), needsOf(createSystemClock()));
  await bridge.start(host);
  bridges.push(bridge);
  return { bridge, host, port: /:(\d+)/.exec(bridge.status().url)?.[1] ?? '' };
}

describe('liblo by TCP', () => {
  skipUnless(hasProgram('oscsend'), notInstalled('oscsend', 'liblo-tools'));

  it('[OS29] sends what arrives, with the length before each packet', async () => {
    const { bridge, host, port } = await start({ transport: 'tcp', framing: 'length' });
    await run('oscsend', [`osc.tcp://127.0.0.1:${port}/`, '/desk/fader/1', 'fs', '0.75', 'Scene 1']);
    await until('the message', () => host.published.length === 1);
    const value = { type: 'array', value: [f32(0.75), text('Scene 1')] } as const;
    expect(host.published).toEqual([param('/osc/desk/fader/1', value)]);
    expect(bridge.status()).toMatchObject({ state: 'connected', refusedTotal: 0 });
  });

  it.each(['length', 'slip'] as const)('[OS29] reads what is sent to it, framed by %s', async (framing) => {
    const port = await freeUdpPort();
    const lines = await dumpTcp(port);
    const { bridge } = await start({ transport: 'tcp', role: 'connect', framing, targets: to(port) });
    await until('the connection', () => bridge.status().state === 'connected');
    bridge.apply([param('/osc/x/y', text('Scene 1')), param('/osc/x/z')]);
    await until('both lines', () => lines().length === 2);
    expect(lines().map((line) => line.replace(/^\S+ /, ''))).toEqual(['/x/y s "Scene 1"', '/x/z f 1.000000']);
  });
});

/** oscdump by TCP; what it printed so far, line by line. */
async function dumpTcp(port: number): Promise<() => string[]> {
  const child = spawn('oscdump', ['-L', `osc.tcp://:${port}/`], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  await once(child, 'spawn');
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await until('oscdump to listen', () => isListening(port));
  return () => output.split('\n').slice(0, -1);
}

/** state 0A in the system's table */
function isListening(port: number): boolean {
  const wanted = new RegExp(`:${port.toString(16).toUpperCase().padStart(4, '0')} \\S+ 0A `);
  const tables = ['/proc/net/tcp', '/proc/net/tcp6'].filter((path) => existsSync(path));
  return tables.some((path) => wanted.test(readFileSync(path, 'utf8')));
}
