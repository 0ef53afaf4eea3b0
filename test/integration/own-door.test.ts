import { Clasp } from '@clasp-to/core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { bridgeSchema, emptyShow } from '../../src-main/contract/show.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { startServe, type FlyrailProcess } from './flyrail-process.ts';
import { freeUdpPort } from './free-udp-port.ts';
import { writeShow } from './serve-shows.ts';

// The official CLASP client reports every ACK on the console.
beforeEach(() => {
  for (const method of ['log', 'debug', 'warn', 'error'] as const)
    vi.spyOn(console, method).mockImplementation(() => undefined);
});

const reasonOf = (flyrail: FlyrailProcess, id: string): string =>
  String(flyrail.events().findLast((event) => event.event === 'bridge-status' && event['id'] === id)?.['reason']);

describe('a bridge that is connected to a door of its own Flyrail', () => {
  it.each([
    ['mqtt', (port: number) => ({ url: `mqtt://127.0.0.1:${port}` }), '/mqtt/lamp', 'What it brings comes back to it'],
    [
      'websocket',
      (port: number) => ({ url: `ws://127.0.0.1:${port}/ws`, hello: ['{"type":"subscribe","pattern":"/**"}'] }),
      '/ws/lamp',
      'Signals went round through this device at /ws/lamp',
    ],
  ])('[SU61] [SU57] by %s comes to rest and says why', async (kind, settings, address, reason) => {
    const folder = temporaryFolder();
    const port = await freeUdpPort();
    const bridge = bridgeSchema.parse({ id: 'own', number: 1, name: 'Own', kind, settings: settings(port) });
    const show = writeShow(folder, { ...emptyShow('own', 'Own'), bridges: [bridge] });
    const door = kind === 'mqtt' ? 'mqtt' : 'http';
    const flyrail = startServe(folder, ['--show', show, '--transport', `${door}=${port}`]);
    const ready = await flyrail.ready();
    const client = new Clasp(ready.clasp.url, { reconnect: false });
    await client.connect();
    const heard: string[] = [];
    client.on('/**', (_value, at) => void heard.push(at));
    client.set('/lamp', 0.5);
    await until('the word', () => reasonOf(flyrail, 'own').startsWith(reason), 20_000);
    const before = heard.length;
    client.set('/rest', 1);
    await until('another value', () => heard.includes('/rest'));
    // Its copies under the prefix, and no second round of the first.
    expect(heard.slice(before).filter((at) => at === address)).toEqual([]);
    expect(new Set(heard.map((at) => at.split('/').length)).size).toBeLessThanOrEqual(3);
    client.close();
    expect((await flyrail.stop()).code).toBe(0);
  });
});
