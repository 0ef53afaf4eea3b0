import { execFile, execFileSync } from 'node:child_process';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { emptyShow } from '../../src-main/contract/show.ts';
import { httpSettings } from '../bridges/bridge-settings.ts';
import { skipUnless } from '../skip-unless.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { hasProgram, notInstalled } from './find-program.ts';
import { builtCommand, startFlyrail } from './flyrail-process.ts';
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
    const flyrail = startFlyrail(['serve', '--json', '--port', '0', '--data', folder, '--show', path]);
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
