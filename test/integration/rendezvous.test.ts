import { describe, expect, it } from 'vitest';
import type { Found } from '../../src-main/contract/rendezvous.ts';
import { freePort } from '../free-port.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { runFlyrail, startFlyrail, startServe } from './flyrail-process.ts';

type FoundLine = Found & { readonly source: string };

const quiet = { code: 0, stdout: '', stderr: '' };

/** A server of its own; its URL. */
async function startFinder(...flags: readonly string[]) {
  const finder = startFlyrail(['rendezvous', '--json', '--port', '0', ...flags]);
  const ready = await finder.event('ready');
  return { finder, ready, url: String(ready['url']) };
}

async function listAt(url: string, ...flags: readonly string[]): Promise<FoundLine[]> {
  const { code, stdout, stderr } = await runFlyrail(['discover', '--json', '--rendezvous', url, ...flags]);
  expect([code, stderr]).toEqual([0, '']);
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as FoundLine);
}

describe('flyrail rendezvous', () => {
  it('[RZ50] says where it is, answers, and ends in order', async () => {
    const { finder, ready, url } = await startFinder();
    expect(ready).toEqual({
      ...{ event: 'ready', pid: finder.child.pid, version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as unknown },
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as unknown,
    });
    expect(await (await fetch(`${url}/api/v1/health`)).text()).toBe('OK');
    const second = await runFlyrail(['rendezvous', '--port', new URL(url).port]);
    expect([second.code, second.stderr]).toEqual([2, expect.stringContaining('is in use by another program')]);
    const { code, tookMs } = await finder.stop('SIGINT');
    expect([code, finder.stderr()]).toEqual([0, '']);
    expect(tookMs).toBeLessThan(2000);
    expect(finder.events().at(-1)).toEqual({ event: 'stopping', reason: 'SIGINT' });
  });

  it('[RZ50] takes signed requests only, and so many entries of an address, where that is asked for', async () => {
    const { url, finder } = await startFinder('--require-signed', '--per-source', '3');
    const body = '{"name":"a","endpoints":{}}';
    const answer = await fetch(`${url}/api/v1/register`, { method: 'POST', body });
    expect([answer.status, await answer.text()]).toEqual([401, expect.stringContaining('signature-required')]);
    await finder.stop();
    const open = await startFinder('--per-source', '1');
    const statuses = [];
    for (const name of ['a', 'b'])
      statuses.push(
        (await fetch(`${open.url}/api/v1/register`, { method: 'POST', body: body.replace('"a"', `"${name}"`) })).status,
      );
    expect(statuses).toEqual([201, 429]);
    await open.finder.stop();
  });
});

describe('a router at a rendezvous server', () => {
  it('[RZ51] [RZ52] [RZ53] is found there, signed, by somebody who then dials it, until it ends', async () => {
    const { url, finder } = await startFinder('--require-signed');
    const data = temporaryFolder();
    const flags = ['--no-ui', '--host', '0.0.0.0', '--allow-unauthenticated', '--transport', 'tcp=0'];
    const start = () => startServe(data, [...flags, '--register', `${url},tag=hall,tag=lights`]);
    const flyrail = start();
    const { transports } = await flyrail.ready();
    let found: FoundLine[] = [];
    for (let tries = 0; found.length === 0 && tries < 50; tries++) found = await listAt(url, '--tag', 'hall');
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ source: 'rendezvous', signed: true, tags: ['hall', 'lights'] });
    expect(found[0]?.verified).toMatch(/^[\w-]{43}$/);
    expect(Object.values(found[0]?.endpoints ?? {})).toEqual(transports.map((each) => each.url));
    expect(await runFlyrail(['pub', '/a', '1', '--url', found[0]?.endpoints['tcp'] ?? ''])).toEqual(quiet);
    expect(await listAt(url, '--tag', 'stage')).toEqual([]);
    const plain = await runFlyrail(['discover', '--rendezvous', url, '--feature', 'param']);
    expect(plain.stdout).toMatch(/^Flyrail on [^\t]+\tws:\/\/\S+ tcp:\/\/\S+\thall lights\tsigned by [\w-]{43}\n$/);
    expect((await flyrail.stop()).code).toBe(0);
    expect(await listAt(url)).toEqual([]);
    const again = start();
    await again.ready();
    let later: FoundLine[] = [];
    for (let tries = 0; later.length === 0 && tries < 50; tries++) later = await listAt(url);
    expect(later[0]?.verified).toBe(found[0]?.verified);
    await again.stop();
    await finder.stop();
  });

  it('[RZ51] starts where no server answers, and registers once there is one', async () => {
    const port = await freePort();
    const flyrail = startServe(temporaryFolder(), ['--no-ui', '--register', `http://127.0.0.1:${port}`]);
    const { rendezvous } = await flyrail.ready();
    expect(rendezvous).toBeNull();
    await until('the log to say so', () => flyrail.stderr().includes('not registered at the rendezvous server'));
    const inside = startServe(temporaryFolder(), ['--no-ui', '--rendezvous-port', String(port)]);
    const ready = await inside.ready();
    expect(ready.rendezvous).toEqual({ url: `http://127.0.0.1:${port}` });
    let found: FoundLine[] = [];
    for (let tries = 0; found.length === 0 && tries < 100; tries++) found = await listAt(`http://127.0.0.1:${port}`);
    expect(found).toHaveLength(1);
    expect((await inside.stop()).code).toBe(0);
    const { code, tookMs } = await flyrail.stop();
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(2500);
  });
});
