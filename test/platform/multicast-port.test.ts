import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { UnavailableError } from '../../src-main/contract/errors.ts';
import { listenAtPort, type PortEar } from '../../src-main/platform/multicast-port.ts';
import { UdpSocket } from '../../src-main/platform/udp-socket.ts';
import { freeUdpPort } from '../integration/free-udp-port.ts';
import { UdpSockets } from '../udp-sockets.ts';
import { until } from '../until.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe('listenAtPort', () => {
  it('[NW13] shares one socket among all who listen at a port, each gets every datagram, and the last closes it', async () => {
    const sockets = new UdpSockets();
    const port = await freeUdpPort();
    const [one, other] = [await listen(port), await listen(port)];
    await send(port, '127.0.0.1', 'hello');
    await until('both to hear', () => one.heard.includes('hello') && other.heard.includes('hello'));
    expect(sockets.open.filter((socket) => socket.address().port === port)).toHaveLength(1);
    await one.ear.close();
    await send(port, '127.0.0.1', 'again');
    await until('the other to hear', () => other.heard.includes('again'));
    expect(one.heard).not.toContain('again');
    await other.ear.close();
    expect(sockets.open).toEqual([]);
    sockets.release();
  });

  it('[NW14] hears groups that any of them follows, more than one socket may have, and none once it is left', async () => {
    const sockets = new UdpSockets();
    const port = await freeUdpPort();
    const { ear, heard } = await listen(port);
    const groups = Array.from({ length: 70 }, (_, i) => `239.255.77.${i + 1}`);
    const onLoopback = (some: readonly string[]) => some.map((group) => ({ group, card: '127.0.0.1' }));
    const other = await listen(port);
    other.ear.follow(onLoopback(groups.slice(0, 3)));
    ear.follow(onLoopback(groups));
    await until('all groups', () => ear.missing.length === 0);
    for (const group of groups) await send(port, group, group);
    await until('each once', () => groups.every((group) => heard.filter((text) => text === group).length === 1));
    expect(sockets.open.length).toBeLessThan(8);
    ear.follow(onLoopback(groups.slice(2, 4)));
    await send(port, groups[10] ?? '', 'left');
    await send(port, groups[0] ?? '', 'of the other');
    await send(port, groups[3] ?? '', 'stays');
    await until('what stays', () => heard.includes('stays') && heard.includes('of the other'));
    expect(heard).not.toContain('left');
    sockets.release();
  });

  it('[NW14] names groups of a card that is not there, and hears them once they are asked for on one that is', async () => {
    const port = await freeUdpPort();
    const { ear, heard } = await listen(port);
    ear.follow([{ group: '239.255.77.1', card: '198.51.100.7' }]);
    await until('what is missing', () => ear.missing.length === 1);
    ear.follow([{ group: '239.255.77.1', card: '127.0.0.1' }]);
    expect(ear.missing).toEqual([]);
    await send(port, '239.255.77.1', 'here');
    await until('the datagram', () => heard.includes('here'));
  });

  it('[NW13] refuses a port that somebody has for himself, and opens it once it is free', async () => {
    const port = await freeUdpPort();
    const holder = createSocket('udp4').bind(port, '0.0.0.0');
    await once(holder, 'listening');
    await expect(listen(port)).rejects.toThrow(UnavailableError);
    await new Promise<void>((resolve) => holder.close(() => resolve()));
    const { ear } = await listen(port);
    expect(ear.missing).toEqual([]);
  });

  it('[NW13] tells everyone once that the port died, and opens it anew for who asks again', async () => {
    const sockets = new UdpSockets();
    const port = await freeUdpPort();
    const [one, other] = [await listen(port), await listen(port)];
    await other.ear.close();
    sockets.open[0]?.emit('error', new Error('the card is gone'));
    expect([one.faults.length, other.faults.length]).toEqual([1, 0]);
    const { heard } = await listen(port);
    await send(port, '127.0.0.1', 'anew');
    await until('the datagram', () => heard.includes('anew'));
    sockets.release();
  });
});

async function listen(
  port: number,
): Promise<{ ear: PortEar; heard: string[]; faults: UnavailableError[] }> {
  const heard: string[] = [];
  const faults: UnavailableError[] = [];
  const ear = await listenAtPort(port, {
    onMessage: (bytes) => heard.push(Buffer.from(bytes).toString()),
    onError: (reason) => faults.push(reason),
  });
  closers.push(() => ear.close());
  return { ear, heard, faults };
}

async function send(port: number, address: string, text: string): Promise<void> {
  const socket = await UdpSocket.open({
    ...{ address: '127.0.0.1', port: 0, onMessage: () => undefined, onError: () => undefined },
    multicast: { from: '127.0.0.1', timeToLive: 1 },
  });
  await new Promise<void>((resolve) => socket.send(Buffer.from(text), { address, port }, () => resolve()));
  await socket.close();
}
