import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { settingsSchema } from '../../src-main/contract/show.ts';
import { parseShowFile } from '../../src-main/platform/show-file.ts';
import { sampleMapping, sampleShow } from '../show-samples.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { openEnginePage } from './engine-page.ts';
import { startFlyrail, startServe } from './flyrail-process.ts';
import { connectClient } from './quiet-client.ts';
import { listenForSacn } from './sacn-listener.ts';
import { sacnOutput, writeShow } from './serve-shows.ts';

const rename = (name: string) => ({ label: `rename to ${name}`, steps: [{ do: 'rename' as const, name }] });

describe('the show that flyrail serve opens', () => {
  it('[CL40] is empty at first, never the demo, in the folder that XDG_DATA_HOME names', async () => {
    const home = temporaryFolder();
    const args = ['serve', '--json', '--port', '0', '--ui-port', '0'];
    const flyrail = startFlyrail(args, { env: { XDG_DATA_HOME: home } });
    const { show, bridges } = await flyrail.ready();
    expect({ show, bridges }).toEqual({ show: { name: 'Untitled', file: null, unsaved: false }, bridges: [] });
    expect(existsSync(join(home, 'flyrail', 'lock'))).toBe(true);
    expect((await flyrail.stop()).code).toBe(0);
  });

  it('[CL41] is the one that --show names, to which edits go; after that it is the last one', async () => {
    const folder = temporaryFolder();
    const path = writeShow(folder, sampleShow('one'));
    const data = join(folder, 'data');
    const first = startServe(data, ['--show', path]);
    const { show, ui } = await first.ready();
    expect(show).toEqual({ name: 'Show one', file: path, unsaved: false });
    const page = await openEnginePage(ui?.url ?? '');
    const settings = settingsSchema.parse({ autosaveSeconds: 1 });
    await page.api.edit({ label: 'save soon', steps: [{ do: 'settings', settings }] });
    await page.api.edit(rename('Autosaved'));
    await first.event('show-saved');
    expect(documentIn(path).name).toBe('Autosaved');
    await page.api.edit(rename('At the end'));
    expect((await first.stop()).code).toBe(0);
    expect(documentIn(path).name).toBe('At the end');

    const second = startServe(data);
    expect((await second.ready()).show).toEqual({ name: 'At the end', file: path, unsaved: false });
    expect((await second.stop()).code).toBe(0);
  }, 60_000);

  it('[CL42] is found by its path by no page, which sees no path either', async () => {
    const folder = temporaryFolder();
    const path = writeShow(folder, sampleShow('one'), 'gala tour.flyrail');
    const flyrail = startServe(join(folder, 'data'), ['--show', path]);
    const { ui } = await flyrail.ready();
    const { api, close } = await openEnginePage(ui?.url ?? '');
    const told: unknown[] = [];
    for (const event of ['edited', 'document', 'show'] as const) api.on(event, (payload) => void told.push(payload));
    for (const attempt of [api.openShow({ path }), api.saveShowAs({ to: { path }, overwrite: true })]) {
      await expect(attempt).rejects.toMatchObject({ code: 'path-not-allowed' });
    }
    const seen = [
      await api.snapshot(),
      await api.listShows(),
      await api.edit(rename('A')),
      await api.undo(),
      await api.saveShow(),
    ];
    await until('the events', () => told.length >= 3);
    await api.saveShowAs({ to: { name: 'inside' }, overwrite: false });
    seen.push(await api.listShows());
    expect(JSON.stringify([seen, told], (_, value: unknown) => (typeof value === 'bigint' ? 0 : value))).not.toContain(
      folder,
    );
    expect(seen[0]).toMatchObject({ paths: false, show: { file: 'gala tour.flyrail' } });
    expect(seen.at(-1)).toMatchObject({
      inDataFolder: [{ ref: { name: 'inside' } }],
      recent: [{ ref: { name: 'inside' } }],
    });
    close();
    expect((await flyrail.stop()).code).toBe(0);
  });
});

describe('the doors of flyrail serve', () => {
  it('[CL3] let other machines reach CLASP when told so twice, and never the interface', async ({ skip }) => {
    const card = Object.values(networkInterfaces())
      .flat()
      .find((each) => each && !each.internal && each.family === 'IPv4');
    skip(!card, 'no network card but loopback');
    const flyrail = startServe(temporaryFolder(), ['--host', '0.0.0.0', '--allow-unauthenticated']);
    const { clasp, ui } = await flyrail.ready();
    const reaches = (url: string): Promise<boolean> =>
      new Promise((resolve) => {
        const socket = connect(Number(new URL(url).port), card?.address);
        socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
        socket.once('connect', () => socket.destroy());
      });
    expect(await reaches(clasp.url)).toBe(true);
    expect(await reaches(ui?.url ?? '')).toBe(false);
    expect((await flyrail.stop()).code).toBe(0);
  });

  it('[CL43] refuse web pages of other origins with 403, count them, and let those in that were allowed', async () => {
    const data = temporaryFolder();
    const first = startServe(data);
    const { clasp, ui } = await first.ready();
    const { api } = await openEnginePage(ui?.url ?? '');
    expect(await dial(clasp.url, 'https://show.example')).toBe(403);
    expect(await dial(clasp.url, 'https://show.example')).toBe(403);
    const { access, stats } = await api.snapshot();
    expect(access.refusedOrigins).toMatchObject([{ origin: 'https://show.example', count: 2 }]);
    expect(stats.refused).toBe(2);
    for (const origin of [undefined, 'http://127.0.0.1:9', 'http://localhost'])
      expect(await dial(clasp.url, origin)).toBe(101);
    await api.allowOrigin({ origin: 'https://show.example' });
    expect(await dial(clasp.url, 'https://show.example')).toBe(101);
    expect(await dial(clasp.url, 'https://other.example')).toBe(403);
    expect((await first.stop()).code).toBe(0);

    const second = startServe(data);
    expect(await dial((await second.ready()).clasp.url, 'https://show.example')).toBe(101);
    expect((await second.stop()).code).toBe(0);
  }, 60_000);
});

describe('a signal through flyrail serve', () => {
  it('[CL50] goes from a CLASP client by a mapping to sACN, is seen by a page, and does so again after a restart', async () => {
    const sacn = await listenForSacn();
    const data = temporaryFolder();
    const first = startServe(data);
    const { clasp, ui } = await first.ready();
    const { api } = await openEnginePage(ui?.url ?? '');
    const seen = { live: 0, monitor: [] as string[] };
    api.on('live', ({ mappings }) => void (seen.live += mappings.length));
    api.on('monitor', ({ entries }) => void seen.monitor.push(...entries.map(({ address }) => address)));
    await api.watchMonitor({ pattern: '/**' });
    await api.edit({ label: 'add Lights', steps: [{ do: 'put', list: 'bridges', item: sacnOutput(sacn.port) }] });
    await api.edit({ label: 'add set 1', steps: [{ do: 'put', list: 'mappings', item: sampleMapping(1) }] });
    await first.event('bridge-status', (event) => event['status'] === 'connected');
    const client = await connectClient(clasp.url);
    for (const [value, level] of [
      [1, 255],
      [0, 0],
      [0.5, 128],
    ] as const) {
      client.set('/desk/fader/1', value);
      await until(`level ${level}`, () => sacn.level(1) === level);
    }
    await until(
      'the page',
      () => seen.live > 0 && ['/desk/fader/1', '/sacn/1/1'].every((address) => seen.monitor.includes(address)),
    );
    await api.saveShowAs({ to: { name: 'gala' }, overwrite: false });
    expect((await first.stop()).code).toBe(0);

    const second = startServe(data);
    const again = await second.ready();
    expect(again).toMatchObject({
      show: { file: 'gala', unsaved: false },
      bridges: [{ id: 'lights', status: 'connected' }],
    });
    const other = await connectClient(again.clasp.url);
    other.set('/desk/fader/1', 0.2);
    await until('the level after the restart', () => sacn.level(1) === 51);
    expect((await second.stop()).code).toBe(0);
    sacn.close();
  }, 60_000);
});

function documentIn(path: string) {
  return parseShowFile(readFileSync(path), path).document;
}

/** @returns the status of the answer: 101 for a WebSocket */
function dial(url: string, origin: string | undefined): Promise<number> {
  const socket = new WebSocket(url, 'clasp', origin === undefined ? {} : { origin });
  return new Promise((resolve) => {
    socket.on('error', () => undefined);
    socket.on('unexpected-response', (_, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
    socket.on('open', () => {
      resolve(101);
      socket.terminate();
    });
  });
}
