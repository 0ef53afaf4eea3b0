import { execFile, execFileSync } from 'node:child_process';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { emptyShow } from '../../src-main/contract/show.ts';
import { freePort } from '../free-port.ts';
import { httpSettings } from '../bridges/bridge-settings.ts';
import { skipUnless } from '../skip-unless.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { hasProgram, notInstalled } from './find-program.ts';
import { builtCommand, startServe } from './flyrail-process.ts';
import { HttpPeer } from './http-peer.ts';
import { writeShow } from './serve-shows.ts';

const run = promisify(execFile);

describe('flyrail serve with an HTTP bridge, and a web server that is killed', () => {
  skipUnless(hasProgram('python3'), notInstalled('python3', 'python3'));
  const peer = new HttpPeer();
  afterEach(() => peer.kill());

  it('[HB24] sends what is set, also what was set meanwhile, takes what the server has, and shows a secret of the machine', async () => {
    await peer.start();
    const folder = temporaryFolder();
    const flyrailRun = (...args: string[]) => run(process.execPath, [builtCommand, ...args]);
    const keeping = [builtCommand, 'secret', 'set', 'token', '--data', folder];
    execFileSync(process.execPath, keeping, { input: 'geheim\n' });
    const bridge = httpSettings({
      url: peer.url,
      headers: [{ name: 'Authorization', value: 'Bearer {secret}', secretName: 'token' }],
      polls: [{ url: '/state', values: [{ path: '$.level', to: '/level' }], everyMs: 200 }],
      webhooks: [{ from: '/lamp/*', method: 'PUT', url: '/kept{address}', body: '{"value": {value}}' }],
    });
    const show = { ...emptyShow('rig', 'Rig'), bridges: [bridge] };
    const path = writeShow(folder, show, 'rig.flyrail');
    const flyrail = startServe(folder, ['--show', path]);
    const { clasp } = await flyrail.ready();
    const set = (value: number) => flyrailRun('pub', '--url', clasp.url, '/http/lamp/1', String(value));
    const puts = (): string[] =>
      peer.lines.filter(({ method, path: at }) => method === 'PUT' && at === '/kept/lamp/1').map(({ body }) => body);
    await set(0.25);
    await until('the first value', () => puts().includes('{"value": 0.25}'));
    await peer.kill();
    await until('the cut', () => flyrail.events().some((event) => JSON.stringify(event).includes('"broken"')));
    await set(0.5);
    await set(0.75);
    await peer.start();
    await until('what was set meanwhile', () => puts().includes('{"value": 0.75}'));
    expect(puts()).not.toContain('{"value": 0.5}');
    await peer.ask('PUT', '/state', '{"level": 0.125}');
    const asked = peer.lines.length;
    await until('it to be asked again', () => peer.lines.slice(asked).some(({ status }) => status === 304));
    const { stdout } = await flyrailRun('get', '--url', clasp.url, '/http/level');
    expect(stdout).toContain('0.125');
    const fromFlyrail = peer.lines.filter(({ headers }) => headers['user-agent'] === 'Flyrail');
    expect(fromFlyrail.every(({ headers }) => headers['authorization'] === 'Bearer geheim')).toBe(true);
    expect(fromFlyrail.some(({ status }) => status === 304)).toBe(true);
    expect((await flyrail.stop()).code).toBe(0);
    expect(flyrail.stdout() + flyrail.stderr()).not.toContain('geheim');
  }, 60_000);
});

describe('flyrail serve with an HTTP bridge to the web door of another', () => {
  it('[HB24] takes all signals that are there, gives what is set here, and sends nothing round', async () => {
    const port = await freePort();
    const far = startServe(temporaryFolder(), ['--transport', `http=${port}`]);
    const { clasp: there } = await far.ready();
    const folder = temporaryFolder();
    const bridge = httpSettings({
      url: `http://127.0.0.1:${port}`,
      prefix: '/far',
      polls: [{ url: '/api/signals?limit=2&pattern=/desk/**', read: 'signals', everyMs: 100 }],
      webhooks: [{ method: 'PUT', url: '/api/signals{address}', payload: 'json' }],
    });
    const show = writeShow(folder, { ...emptyShow('rig', 'Rig'), bridges: [bridge] }, 'rig.flyrail');
    const near = startServe(folder, ['--show', show]);
    const { clasp: here } = await near.ready();
    const flyrailRun = async (...args: string[]) => (await run(process.execPath, [builtCommand, ...args])).stdout;
    for (let i = 1; i <= 5; i++) await flyrailRun('pub', '--url', there.url, `/desk/fader/${i}`, String(i / 8));
    expect(await waitFor('/far/desk/fader/5', here.url, '0.625')).toContain('0.625');
    await flyrailRun('pub', '--url', here.url, '/far/desk/fader/1', '0.9');
    expect(await waitFor('/desk/fader/1', there.url, '0.9')).toContain('0.9');
    await flyrailRun('pub', '--url', there.url, '/desk/fader/1', '0.3');
    expect(await waitFor('/far/desk/fader/1', here.url, '0.3')).toContain('0.3');
    expect(await flyrailRun('get', '--url', there.url, '/desk/fader/1')).toContain('0.3');
    expect((await near.stop()).code).toBe(0);
    expect((await far.stop()).code).toBe(0);
  }, 90_000);
});

/** Asks a router for an address until it says so. @returns its last answer */
async function waitFor(address: string, url: string, words: string): Promise<string> {
  for (let tries = 0; ; tries++) {
    const { stdout } = await run(process.execPath, [builtCommand, 'get', '--url', url, address]).catch(() => ({
      stdout: '',
    }));
    if (stdout.includes(words) || tries === 20) return stdout;
  }
}
