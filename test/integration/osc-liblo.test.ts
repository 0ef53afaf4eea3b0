import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { OscBridge } from '../../src-main/bridges/osc/osc-bridge.ts';
import { parseAddress } from '../../src-main/contract/address.ts';
import { bool, f32, f64, nullValue, text, type Value } from '../../src-main/contract/signal.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { listNetworkCards } from '../../src-main/platform/network-interfaces.ts';
import { createSystemRandom } from '../../src-main/platform/system-random.ts';
import { oscSettings } from '../bridges/bridge-settings.ts';
import { RecordingHost } from '../conformance/bridge.ts';
import { silentLog } from '../silent-log.ts';
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

describe('OSC from oscsend', () => {
  skipUnless(hasProgram('oscsend'), notInstalled('oscsend', 'liblo-tools'));

  it('[OS11] arrives with every type that oscsend can send', async () => {
    const { bridge, host } = await start();
    const port = /:(\d+)/.exec(bridge.status().url)?.[1] ?? '';
    const arrives = async (types: string, values: string[], expected: Value): Promise<void> => {
      host.published.length = 0;
      await run('oscsend', ['127.0.0.1', port, '/desk/fader/1', types, ...values]);
      await until(`the message ,${types}`, () => host.published.length === 1);
      const kind = types === 'N' || types === 'I' ? 'event' : 'param';
      expect(host.published).toEqual([{ kind, address: '/osc/desk/fader/1', value: expected }]);
    };
    await arrives('i', ['-3'], { type: 'i32', value: -3 });
    await arrives('h', ['9007199254740993'], { type: 'i64', value: 9_007_199_254_740_993n });
    await arrives('f', ['0.75'], f32(0.75));
    await arrives('d', ['3.14159'], f64(3.14159));
    await arrives('s', ['Scene 1'], text('Scene 1'));
    await arrives('S', ['sym'], text('sym'));
    await arrives('c', ['x'], text('x'));
    await arrives('m', ['00903c7f'], { type: 'bytes', value: Uint8Array.of(0, 0x90, 0x3c, 0x7f) });
    await arrives('T', [], bool(true));
    await arrives('F', [], bool(false));
    await arrives('N', [], nullValue);
    await arrives('I', [], bool(true));
    await arrives('if', ['1', '0.5'], { type: 'array', value: [{ type: 'i32', value: 1 }, f32(0.5)] });
    expect(bridge.status()).toMatchObject({ state: 'connected', inTotal: 13, refusedTotal: 0 });
  });
});

describe('OSC to oscdump', () => {
  skipUnless(hasProgram('oscdump'), notInstalled('oscdump', 'liblo-tools'));

  it('[OS11] is read by oscdump with its types and values', async () => {
    const remotePort = await freeUdpPort();
    const lines = await dump(remotePort);
    const { bridge } = await start(remotePort);
    const values: [Value, string][] = [
      [{ type: 'i16', value: 7 }, 'i 7'],
      [{ type: 'i64', value: 2n ** 40n }, 'h 1099511627776'],
      [f32(0.25), 'f 0.250000'],
      [f64(0.5), 'f 0.500000'],
      [text('Scene 1'), 's "Scene 1"'],
      [bool(true), 'T #T'],
      [bool(false), 'F #F'],
      [nullValue, 'N Nil'],
      [{ type: 'bytes', value: Uint8Array.of(1, 2, 3) }, 'b [3b 0x1 0x2 0x3]'],
      [{ type: 'array', value: [f32(1), text('a')] }, 'fs 1.000000 "a"'],
      [{ type: 'map', value: [['x', f64(1)]] }, 's "{"x":1}"'],
    ];
    for (const [value] of values) bridge.apply([{ kind: 'param', address: parseAddress('/osc/x/y'), value }]);
    await until('all lines', () => lines().length === values.length);
    const read = lines().map((line) => line.replace(/^\S+ /, ''));
    for (const [i, [, expected]] of values.entries()) expect(read[i]).toContain(`/x/y ${expected}`);
  });
});

async function start(remotePort = 9): Promise<{ bridge: OscBridge; host: RecordingHost }> {
  const host = new RecordingHost();
  const bridge = new OscBridge(oscSettings({ targets: [{ host: '127.0.0.1', port: remotePort }] }), {
    clock: createSystemClock(),
    log: silentLog,
    random: createSystemRandom(),
    networkCards: () => listNetworkCards(),
  });
  await bridge.start(host);
  bridges.push(bridge);
  return { bridge, host };
}

/** Starts oscdump and waits until it listens.
 *  @returns what it printed so far, line by line */
async function dump(port: number): Promise<() => string[]> {
  const child = spawn('oscdump', ['-L', String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  await once(child, 'spawn');
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await until('oscdump to listen', () => isBound(port));
  return () => output.split('\n').slice(0, -1);
}

function isBound(port: number): boolean {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')} `;
  const tables = ['/proc/net/udp', '/proc/net/udp6'].filter((path) => existsSync(path));
  return tables.some((path) => readFileSync(path, 'utf8').includes(wanted));
}
