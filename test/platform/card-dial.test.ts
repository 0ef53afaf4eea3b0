import { once } from 'node:events';
import { createServer, request, type ClientRequest, type Server } from 'node:http';
import { createServer as createSecureServer, request as secureRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { agentFrom, dialFrom, endWithCard } from '../../src-main/platform/card-dial.ts';
import { makeAuthority, makeServerCertificate } from '../../src-main/platform/certificate-maker.ts';
import { until } from '../until.ts';
import { FakeCards } from './fake-cards.ts';

const away = { code: 'no-network-card' };

describe('dialling from a network card', () => {
  const cards = new FakeCards()
    .put('eth0', '10.0.0.7', '10.0.0.8', 'fd00::7', 'fe80::7')
    .put('eth1', 'fd01::7')
    .put('eth2', 'fe80::8');
  const from = (networkCard: string, host: string) => dialFrom({ networkCard, networkCards: cards.list }, host);

  it('[NW22] takes the address of the family that the host is of', () => {
    expect(from('eth0', '10.0.0.1')).toEqual({ localAddress: '10.0.0.7', family: 4 });
    expect(from('10.0.0.8', '10.0.0.1')).toEqual({ localAddress: '10.0.0.8', family: 4 });
    for (const host of ['fd00::1', '[fd00::1]'])
      expect(from('eth0', host)).toEqual({ localAddress: 'fd00::7', family: 6 });
    expect(from('', '10.0.0.1')).toEqual({});
  });

  it('[NW22] looks a name up for IPv4 where the card has an address of it, and for IPv6 otherwise', () => {
    expect(from('eth0', 'desk.local')).toEqual({ localAddress: '10.0.0.7', family: 4 });
    expect(from('eth1', 'desk.local')).toEqual({ localAddress: 'fd01::7', family: 6 });
    expect(from('fd00::7', 'desk.local')).toEqual({ localAddress: 'fd00::7', family: 6 });
  });

  it('[NW22] names the card that is missing, or has no address of that family', () => {
    const words = (card: string, family: string) =>
      `The network card ${card} is not there, or has no ${family} address. Connect it, or choose another one.`;
    const missing = [
      ['eth9', 'desk.local', 'IPv4'],
      ['eth9', '10.0.0.1', 'IPv4'],
      ['eth9', 'fd00::1', 'IPv6'],
      ['eth1', '10.0.0.1', 'IPv4'],
      ['10.0.0.7', '[fd00::1]', 'IPv6'],
      // What is for its own cable alone leads to no other host.
      ['eth2', 'fd00::1', 'IPv6'],
      ['eth2', 'desk.local', 'IPv4'],
    ] as const;
    for (const [card, host, family] of missing)
      expect(() => from(card, host)).toThrow(expect.objectContaining({ ...away, message: words(card, family) }));
  });
});

describe('a connection from a network card', () => {
  it('[NW23] ends with the sentence once the card has its address no more, and not for another address beside it', async () => {
    const cards = new FakeCards().put('show', '10.0.0.7');
    const connection = new PassThrough();
    const ended = once(connection, 'close');
    endWithCard(connection, { networkCard: 'show', networkCards: cards.list }, { localAddress: '10.0.0.7', family: 4 });
    cards.put('show', '10.0.0.5', '10.0.0.7').put('office', '10.1.0.5');
    await until('a look', () => cards.looked > 0);
    expect(connection.destroyed).toBe(false);
    cards.put('show', '10.0.0.5').put('office', '10.0.0.7');
    await expect(ended).rejects.toMatchObject(away);
    expect(connection.destroyed).toBe(true);
  });
});

describe('an agent of a network card', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  async function serve(server: Server): Promise<{ port: number; seen: unknown[] }> {
    servers.push(server);
    const seen: unknown[] = [];
    server.on('request', (asked, answer) => {
      seen.push(asked.socket.remoteAddress);
      answer.end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { port: (server.address() as AddressInfo).port, seen };
  }

  async function answered(call: ClientRequest): Promise<void> {
    call.end();
    const [answer] = (await once(call, 'response')) as [NodeJS.ReadableStream];
    answer.resume();
    await once(answer, 'end');
  }

  it('[NW23] looks the card up at each connection, and is none where the system chooses', async () => {
    const { port, seen } = await serve(createServer());
    const cards = new FakeCards();
    const card = { networkCard: 'show', networkCards: cards.list };
    const agent = agentFrom(card, false);
    const ask = () => request({ host: 'localhost', port, agent });
    expect(agent).toBeDefined();
    expect(agentFrom({ ...card, networkCard: '' }, false)).toBeUndefined();
    await expect(answered(ask())).rejects.toMatchObject(away);
    for (const address of ['127.0.0.2', '127.0.0.3']) {
      cards.put('show', address);
      await answered(ask());
    }
    cards.put('show');
    await expect(answered(ask())).rejects.toMatchObject(away);
    expect([seen, cards.looked]).toEqual([['127.0.0.2', '127.0.0.3'], 4]);
  });

  it('[NW23] does so over TLS, and believes nobody for what it saw before', async () => {
    const now = Date.now();
    const authority = await makeAuthority('Flyrail test', now);
    const { port, seen } = await serve(createSecureServer(await makeServerCertificate(authority, ['127.0.0.1'], now)));
    const cards = new FakeCards();
    const agent = agentFrom({ networkCard: 'show', networkCards: cards.list }, true);
    const ask = (ca?: string) => secureRequest({ host: '127.0.0.1', port, agent, ...(ca !== undefined && { ca }) });
    await expect(answered(ask(authority.cert))).rejects.toMatchObject(away);
    cards.put('show', '127.0.0.2');
    await answered(ask(authority.cert));
    await expect(answered(ask())).rejects.toThrow(/certificate/);
    expect(seen).toEqual(['127.0.0.2']);
  });
});
