import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { serveUsage } from '../../src-main/cli/serve-usage.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openEnginePage } from './engine-page.ts';
import { repository, startServe } from './flyrail-process.ts';
import { connectClient } from './quiet-client.ts';
import { listenForSacn } from './sacn-listener.ts';
import { fadingShow, writeShow } from './serve-shows.ts';

describe('flyrail serve --json', () => {
  it('[CL10] says first where it is reached and how its bridges stand, exactly shaped, and nothing else on stdout', async () => {
    const sacn = await listenForSacn();
    const folder = temporaryFolder();
    const show = writeShow(folder, fadingShow(sacn.port));
    const flyrail = startServe(join(folder, 'data'), ['--show', show, '--log-level', 'debug']);
    const ready = await flyrail.ready();
    expect(ready).toMatchObject({
      pid: flyrail.child.pid,
      version: packageJson.version,
      show: { name: 'Gala', file: show, unsaved: false },
      bridges: [{ id: 'lights', kind: 'sacn', url: 'U 1 to 127.0.0.1', status: 'connected' }],
    });
    await connectClient(ready.clasp.url);
    expect((await flyrail.stop()).code).toBe(0);
    expect(flyrail.events().map(({ event }) => event)).toEqual(['ready', 'stopping']);
    expect(flyrail.stdout().endsWith('\n')).toBe(true);
    for (const line of flyrail.stderr().trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('level');
    sacn.close();
  });

  it('[CL11] has no interface with --no-ui, and says so with null', async () => {
    const flyrail = startServe(temporaryFolder(), ['--no-ui']);
    expect((await flyrail.ready()).ui).toBeNull();
    expect((await flyrail.stop()).code).toBe(0);
  });

  it('[CL12] tells what happens later: a used link, each save, each change of a bridge, the end', async () => {
    const sacn = await listenForSacn();
    const folder = temporaryFolder();
    const flyrail = startServe(folder);
    const { ui } = await flyrail.ready();
    const page = await openEnginePage(ui?.url ?? '');
    const link = await flyrail.event('ui-link');
    expect(link['url']).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#[\w-]{43}$/);
    expect(link['url']).not.toBe(ui?.url);
    const [bridge] = fadingShow(sacn.port).bridges;
    if (!bridge) throw new Error('no bridge');
    await page.api.edit({ label: 'add Lights', steps: [{ do: 'put', list: 'bridges', item: bridge }] });
    const status = { event: 'bridge-status', id: 'lights', kind: 'sacn' };
    expect(await flyrail.event('bridge-status', (event) => event['status'] === 'connected')).toEqual({
      ...status,
      status: 'connected',
      reason: expect.any(String) as string,
    });
    await page.api.saveShowAs({ to: { name: 'first' }, overwrite: false });
    const saved = await flyrail.event('show-saved');
    expect(saved).toMatchObject({ name: 'Untitled', file: 'first' });
    expect(new Date(String(saved['at'])).toISOString()).toBe(saved['at']);
    await page.api.edit({ label: 'rename', steps: [{ do: 'rename', name: 'Second' }] });
    await flyrail.stop('SIGINT');
    const events = flyrail.events();
    // What was not saved is saved at the end, and that is told too.
    expect(events.find((event) => event.event === 'show-saved' && event['name'] === 'Second')).toBeDefined();
    expect(events.find(({ event }) => event === 'stopping')).toEqual({ event: 'stopping', reason: 'SIGINT' });
    sacn.close();
  });

  it('[CL13] goes on when whoever read its lines has gone', async () => {
    const flyrail = startServe(temporaryFolder());
    const { ui, clasp } = await flyrail.ready();
    flyrail.child.stdout.destroy();
    const page = await openEnginePage(ui?.url ?? '');
    for (const name of ['a', 'b', 'c']) await page.api.saveShowAs({ to: { name }, overwrite: false });
    await connectClient(clasp.url);
    expect(await flyrail.stop()).toMatchObject({ code: 0 });
    expect(flyrail.stderr()).toBe('');
  });

  it('[CL17] goes on when whoever should read its log does not', async () => {
    const flyrail = startServe(temporaryFolder(), ['--log-level', 'info']);
    const { clasp } = await flyrail.ready();
    flyrail.child.stderr.pause();
    const { port } = new URL(clasp.url);
    // Each is a line of the log; together they are more than the system keeps for a reader.
    for (let round = 0; round < 60; round++) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => refusedUpgrade(Number(port))));
      expect(new Set(answers)).toEqual(new Set([403]));
    }
    flyrail.child.stderr.resume();
    expect((await flyrail.stop()).code).toBe(0);
    expect(flyrail.stderr().length).toBeGreaterThan(300_000);
  });

  it('[CL14] is described in docs/command-line.md: every flag, event, reason to refuse and exit code', () => {
    const page = readFileSync(join(repository, 'docs/command-line.md'), 'utf8');
    const flags = [...serveUsage.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, flag]) => String(flag));
    expect(flags.length).toBeGreaterThan(25);
    for (const flag of flags) expect(page, flag).toContain(`\`${flag}`);
    const news = readFileSync(join(repository, 'src-main/engine/engine-news.ts'), 'utf8');
    const events = ['ready', ...[...news.matchAll(/readonly event: '([a-z-]+)'/g)].map(([, event]) => String(event))];
    expect(events).toHaveLength(5);
    for (const event of events) expect(page, event).toContain(`{"event":"${event}"`);
    for (const code of [0, 1, 2]) expect(page).toContain(`| ${code} `);
  });
});

/** A web page from elsewhere asks for a WebSocket. @returns the status of the answer */
function refusedUpgrade(port: number): Promise<number> {
  const headers = { connection: 'upgrade', upgrade: 'websocket', origin: 'https://elsewhere.example' };
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on('error', reject).end();
  });
}
