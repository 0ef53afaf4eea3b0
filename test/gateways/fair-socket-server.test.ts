import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { FairSocketServer } from '../../src-main/gateways/fair-socket-server.ts';
import { until } from '../until.ts';

describe('a client of the web that sends everything at once', () => {
  it('[WB14] has one message taken in each turn of the event loop, in order, and compresses none', async () => {
    const server = new FairSocketServer({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    const heard: { readonly text: string; readonly turn: number }[] = [];
    let [turn, isOver] = [0, false];
    const count = (): void => {
      turn++;
      if (!isOver) setImmediate(count);
    };
    count();
    server.on('connection', (client) =>
      client.on('message', (data: Buffer) => heard.push({ text: data.toString('utf8'), turn })),
    );
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await once(client, 'open');
    for (let i = 0; i < 500; i++) client.send(String(i));
    await until('all of it', () => heard.length === 500);
    isOver = true;
    expect(heard.map(({ text }) => Number(text))).toEqual(Array.from({ length: 500 }, (_, i) => i));
    expect(new Set(heard.map(({ turn: of }) => of)).size).toBeGreaterThan(450);
    expect(client.extensions).toBe('');
    client.terminate();
    server.close();
  });
});
