import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import osc, { type OscPort } from 'osc';
import { afterEach, describe, expect, it } from 'vitest';
import { OscBridge } from '../../src-main/bridges/osc/osc-bridge.ts';
import type { OscSettings } from '../../src-main/contract/bridges/osc.ts';
import { f32, text, type Value } from '../../src-main/contract/signal.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { oscSettings } from '../bridges/bridge-settings.ts';
import { needsOf, param, to } from '../bridges/osc/osc-hall.ts';
import { RecordingHost } from '../conformance/bridge.ts';
import { until } from '../until.ts';
import { freeUdpPort } from './free-udp-port.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(some: Partial<OscSettings>) {
  const host = new RecordingHost();
  const clock = createSystemClock();
  const bridge = new OscBridge(oscSettings({ targets: [], ...some }), needsOf(clock));
  await bridge.start(host);
  closers.push(() => bridge.stop());
  return { bridge, host, clock, port: Number(/:(\d+)/.exec(bridge.status().url)?.[1]) };
}

function listenTo(port: OscPort) {
  const heard: [string, string, unknown][] = [];
  const bundles: { timeTag: { native: number }; packets: unknown[] }[] = [];
  port.on('message', ({ address, args }) =>
    heard.push([address, args.map(({ type }) => type).join(''), args.map(({ value }) => value)]),
  );
  port.on('bundle', (bundle) => bundles.push(bundle));
  port.on('error', (error) => heard.push(['error', '', error]));
  return { heard, bundles };
}

describe('the npm package osc', () => {
  it('[OS29] by UDP understands types, colours and bundles with their times, and is understood', async () => {
    const localPort = await freeUdpPort();
    const types = [
      { pattern: '/light', as: 'r' },
      { pattern: '/note', as: 'm' },
      { pattern: '/when', as: 't' },
      { pattern: '/go', as: 'I' },
    ];
    const { bridge, host, clock, port } = await start({
      targets: to(localPort),
      types,
      bundles: 'batch',
      bundleAheadMs: 5000,
    });
    const peer = new osc.UDPPort({
      localAddress: '127.0.0.1',
      localPort,
      remoteAddress: '127.0.0.1',
      remotePort: port,
      metadata: true,
    });
    const { heard, bundles } = listenTo(peer);
    const ready = new Promise<void>((resolve) => peer.on('ready', resolve));
    peer.open();
    await ready;
    closers.push(() => peer.close());
    const before = clock.nowMicros() / 1000;
    bridge.apply([
      param('/osc/light', text('#ff880040')),
      param('/osc/note', { type: 'bytes', value: Uint8Array.of(0x90, 60, 1) }),
    ]);
    bridge.apply([param('/osc/go', f32(1))]);
    await until('all', () => bundles.length === 1 && heard.length === 3);
    expect(heard.find(([address]) => address === '/light')).toEqual([
      '/light',
      'r',
      [{ r: 255, g: 136, b: 0, a: 64 / 255 }],
    ]);
    expect(heard.find(([address]) => address === '/note')).toEqual(['/note', 'm', [Uint8Array.of(0, 0x90, 60, 1)]]);
    expect(heard.find(([address]) => address === '/go')?.[1]).toBe('I');
    // Its clock counts since 1970, from tags since 1900.
    expect(bundles[0]?.timeTag.native).toBeGreaterThanOrEqual(Math.floor(before + 5000));
    expect(bundles[0]?.timeTag.native).toBeLessThan(before + 8000);

    const at = clock.nowMicros() / 1000 + 2000;
    peer.send({
      timeTag: osc.timeTag(2),
      packets: [
        { address: '/a', args: [{ type: 'i', value: 1 }] },
        { address: '/b', args: [{ type: 'f', value: 0.5 }] },
      ],
    });
    await until('the bundle', () => host.timed.length === 1);
    expect(host.timed[0]?.batch).toEqual([param('/osc/a', { type: 'i32', value: 1 }), param('/osc/b', f32(0.5))]);
    expect(Math.abs((host.timed[0]?.at ?? 0) / 1000 - at)).toBeLessThan(1000);
  });

  it('[OS29] by TCP with SLIP understands as a client, and as a server', async () => {
    const { bridge, host, port } = await start({ transport: 'tcp', framing: 'slip' });
    const client = new osc.TCPSocketPort({ address: '127.0.0.1', port, metadata: true });
    const { heard } = listenTo(client);
    const ready = new Promise<void>((resolve) => client.on('ready', resolve));
    client.open();
    await ready;
    closers.push(() => client.close());
    // Bytes that SLIP has to escape are among these.
    const bytes: Value = { type: 'bytes', value: Uint8Array.of(0xc0, 0xdb, 0xdc, 0xdd, 0xc0) };
    client.send({ address: '/raw', args: [{ type: 'b', value: Uint8Array.of(0xc0, 0xdb, 0xdc, 0xdd, 0xc0) }] });
    await until('the message', () => host.published.length === 1);
    expect(host.published).toEqual([param('/osc/raw', bytes)]);
    bridge.apply([param('/osc/back', bytes)]);
    await until('the answer', () => heard.length === 1);
    expect([heard[0]?.[0], ...(heard[0]?.[2] as Uint8Array[]).map(String)]).toEqual(['/back', '192,219,220,221,192']);

    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(() => server.close());
    const arrived = once(server, 'connection');
    const other = await start({
      transport: 'tcp',
      role: 'connect',
      targets: to((server.address() as AddressInfo).port),
    });
    const [socket] = (await arrived) as [Socket];
    const behind = listenTo(new osc.TCPSocketPort({ socket, metadata: true }));
    other.bridge.apply([param('/osc/served', f32(0.5))]);
    await until('the message', () => behind.heard.length === 1);
    expect(behind.heard).toEqual([['/served', 'f', [0.5]]]);
  });
});
