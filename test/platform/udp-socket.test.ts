import { afterEach, describe, expect, it } from 'vitest';
import type { UnavailableError } from '../../src-main/contract/errors.ts';
import { sendsPendingMax, UdpSocket, type UdpEndpoint, type UdpOptions } from '../../src-main/platform/udp-socket.ts';
import { UdpSockets } from '../udp-sockets.ts';
import { until } from '../until.ts';

const opened: UdpSocket[] = [];
afterEach(async () => {
  for (const socket of opened.splice(0)) await socket.close();
});

describe('UdpSocket', () => {
  it('[NW3] carries datagrams both ways and says who sent them', async () => {
    const heard: [string, UdpEndpoint][] = [];
    const left = await open({ onMessage: (bytes, from) => heard.push([Buffer.from(bytes).toString(), from]) });
    const right = await open();
    right.send(Buffer.from('hello'), left.local, () => undefined);
    await until('the datagram', () => heard.length === 1);
    expect(heard).toEqual([['hello', right.local]]);
  });

  it('[NW3] does the same over IPv6', async () => {
    const heard: string[] = [];
    const left = await open({ address: '::1', onMessage: (bytes) => heard.push(Buffer.from(bytes).toString()) });
    const right = await open({ address: '::1' });
    right.send(Buffer.from('hello'), left.local, () => undefined);
    await until('the datagram', () => heard.length === 1);
  });

  it('[NW3] opens on a name of this machine', async () => {
    const named = await open({ address: 'localhost' });
    expect(named.local.address).toBe('127.0.0.1');
  });

  it('[DC34] shares its port with others that share it, and with nobody else', async () => {
    const first = await open({ shared: true });
    const { port } = first.local;
    await expect(open({ port })).rejects.toMatchObject({ code: 'port-in-use' });
    const second = await open({ port, shared: true });
    expect(second.local.port).toBe(port);
  });

  it('[NW20] opened toward one place hears that nobody is there, goes on, and gives each datagram a try', async () => {
    const heard: string[] = [];
    const gone = await open();
    const { local: endpoint } = gone;
    await gone.close();
    const reasons: string[] = [];
    const socket = await open({ toward: { endpoint, onUnreachable: ({ message }) => reasons.push(message) } });
    const fates: unknown[] = [];
    const send = (text: string): void => socket.send(Buffer.from(text), endpoint, (failure) => fates.push(failure));
    send('lost');
    await until('word of it', () => reasons.length + fates.filter(Boolean).length > 0);
    expect(reasons[0]).toBe(
      `Nobody listens at 127.0.0.1:${endpoint.port}. Start the program there, or check the port.`,
    );
    const back = await open({ port: endpoint.port, onMessage: (bytes) => heard.push(Buffer.from(bytes).toString()) });
    send('one');
    send('two');
    await until('both', () => heard.length === 2);
    expect([heard, fates, back.local.port]).toEqual([['one', 'two'], [undefined, undefined, undefined], endpoint.port]);
  });

  it.each<[string, Partial<UdpOptions>, string, RegExp]>([
    [
      'an address that this machine has not',
      { address: '192.0.2.77' },
      'cannot-open-port',
      /^This machine has no address 192.0.2.77\.$/,
    ],
    [
      'a card that is not there',
      { multicast: { from: '192.0.2.77', timeToLive: 1 } },
      'cannot-open-port',
      /^This machine has no address 192.0.2.77\.$/,
    ],
  ])('[NW4] refuses %s in words, and leaves nothing open', async (_what, some, code, message) => {
    const sockets = new UdpSockets();
    await expect(open(some)).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
    expect(sockets.open).toEqual([]);
    sockets.release();
  });

  it('[NW5] counts on the caller to hear of each datagram that did not leave, and never throws', async () => {
    const socket = await open();
    const failures: (UnavailableError | undefined)[] = [];
    socket.send(Buffer.alloc(1), { address: '127.0.0.1', port: 0 }, (failure) => failures.push(failure));
    socket.send(Buffer.alloc(70_000), { address: '127.0.0.1', port: 9 }, (failure) => failures.push(failure));
    await until('both failures', () => failures.length === 2);
    expect(failures.map((failure) => failure?.message)).toEqual([
      'Sending to 127.0.0.1:0 failed: ERR_SOCKET_BAD_PORT.',
      'The message is too long for one packet.',
    ]);
    await socket.close();
    socket.send(Buffer.alloc(1), { address: '127.0.0.1', port: 9 }, (failure) => failures.push(failure));
    expect(failures.at(-1)?.code).toBe('link-closed');
  });

  it('[NW6] refuses more when as many datagrams wait to leave as the limit says, and takes them again later', async () => {
    const socket = await open();
    const to = { address: '127.0.0.1', port: 9 };
    let settled = 0;
    const refused: (UnavailableError | undefined)[] = [];
    for (let i = 0; i < sendsPendingMax; i++) socket.send(Buffer.alloc(1), to, () => settled++);
    socket.send(Buffer.alloc(1), to, (failure) => refused.push(failure));
    expect(refused.map((failure) => failure?.code)).toEqual(['cannot-send']);
    await until('the others to leave', () => settled === sendsPendingMax);
    socket.send(Buffer.alloc(1), to, (failure) => refused.push(failure));
    await until('the next to leave', () => refused.length === 2);
    expect(refused[1]).toBeUndefined();
  });
});

async function open(some: Partial<UdpOptions> = {}): Promise<UdpSocket> {
  const nothing = (): void => undefined;
  const socket = await UdpSocket.open({ address: '127.0.0.1', port: 0, onMessage: nothing, onError: nothing, ...some });
  opened.push(socket);
  return socket;
}
