import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArrivalLimit, arrivalsMax, arrivalsPerSecond } from '../../../src-main/bridges/osc/arrival-limit.ts';
import { clientsMax } from '../../../src-main/bridges/osc/osc-tcp.ts';
import { dialCap } from '../../../src-main/bridges/osc/tcp-dial.ts';
import { roomBytesMax } from '../../../src-main/bridges/osc/paced-room.ts';
import { OscBridge } from '../../../src-main/bridges/osc/osc-bridge.ts';
import { text } from '../../../src-main/contract/signal.ts';
import { micros } from '../../../src-main/contract/units.ts';
import { RecordingHost } from '../../conformance/bridge.ts';
import { until } from '../../until.ts';
import { oscSettings } from '../bridge-settings.ts';
import { needsOf, onlyOf, OscHall, param, to } from './osc-hall.ts';

let hall: OscHall;
beforeEach(() => {
  hall = new OscHall();
});
afterEach(() => hall.clear());

describe.each(['slip', 'length'] as const)('an OSC bridge over TCP framed by %s', (framing) => {
  it('[OS12] takes clients, hears each, and sends each everything', async () => {
    const { bridge, host, port } = await hall.bridge({ transport: 'tcp', framing });
    const clients = [await hall.client(port, framing), await hall.client(port, framing)];
    await until('both', () => host.returns === 2);
    for (const [i, client] of clients.entries()) client.say(`/from/${i}`);
    await until('both messages', () => host.published.length === 2);
    expect(host.published).toEqual(expect.arrayContaining([param('/osc/from/0'), param('/osc/from/1')]));
    bridge.apply([param('/osc/1'), param('/osc/2')]);
    await until('all of it', () => clients.every(({ paths }) => paths.length === 2));
    expect(bridge.status()).toMatchObject({ state: 'connected', inTotal: 2, outTotal: 4, refusedTotal: 0 });
    expect(bridge.status().url).toBe(`tcp 127.0.0.1:${port}`);
  });

  it('[OS12] connects to targets, and hears them on the same connection', async () => {
    const device = await hall.server(framing);
    const { bridge, host } = await hall.bridge({
      transport: 'tcp',
      framing,
      role: 'connect',
      targets: to(device.port),
    });
    await until('the connection', () => device.peers.length === 1);
    bridge.apply([param('/osc/1')]);
    await until('the message', () => device.peers[0]?.paths.length === 1);
    device.peers[0]?.say('/back');
    await until('the answer', () => host.published.length === 1);
    expect(host.published).toEqual([param('/osc/back')]);
    expect(bridge.status().url).toBe(`→ tcp 127.0.0.1:${device.port}`);
  });
});

describe('an OSC bridge over TCP', () => {
  it('[OS15] connects again without end, says why not meanwhile, and gives what stands to the one that came back', async () => {
    const [near, gone] = [await hall.server('slip'), await hall.server('slip')];
    const { bridge, host } = await hall.bridge({ transport: 'tcp', targets: to(near.port, gone.port) });
    host.returned = (how) => bridge.apply([param('/osc/stands')], onlyOf(how));
    await until('both', () => near.peers.length === 1 && gone.peers.length === 1);
    const { port } = gone;
    await gone.close();
    await until('word of it', () => bridge.status().state === 'trouble');
    await until('the reason', () => {
      hall.clock.advance(dialCap / 10);
      return bridge.status().reason.includes(`Nobody listens at 127.0.0.1:${port}.`);
    });
    bridge.apply([param('/osc/missed')]);
    const back = await hall.server('slip', port);
    await until('the connection', () => {
      hall.clock.advance(dialCap / 10);
      return back.peers.length === 1;
    });
    await until('what stands', () => back.peers[0]?.paths.length === 1);
    await until('the other', () => near.peers[0]?.paths.length === 1);
    expect([back.peers[0]?.paths, near.peers[0]?.paths]).toEqual([['/stands'], ['/missed']]);
    expect(bridge.status()).toMatchObject({ state: 'connected', refusedTotal: 1 });
    expect(host.faults).toEqual([]);
  });

  it.each([
    ['the only one', 1, 0],
    ['one of several', 2, 1],
  ])('[OS56] says of a target that is back, and is %s, whether it missed what was sent', async (_, count, misses) => {
    const devices = await Promise.all(Array.from({ length: count }, () => hall.server('slip')));
    const { host } = await hall.bridge({
      transport: 'tcp',
      role: 'connect',
      targets: to(...devices.map(({ port }) => port)),
    });
    await until('all', () => devices.every(({ peers }) => peers.length === 1));
    const before = host.returns;
    devices[0]?.peers[0]?.socket.destroy();
    await until('the return', () => {
      hall.clock.advance(dialCap / 10);
      return host.returns > before;
    });
    expect(host.misses).toBe(misses);
  });

  it('[OS56] says of a client that it missed what was sent before', async () => {
    const { host, port } = await hall.bridge({ transport: 'tcp' });
    await hall.client(port, 'slip');
    await until('it', () => host.returns === 1);
    expect(host.misses).toBe(1);
  });

  it('[OS15] that only connects is broken while nobody is there', async () => {
    const device = await hall.server('slip');
    const { port } = device;
    await device.close();
    const { bridge } = await hall.bridge({ transport: 'tcp', role: 'connect', targets: to(port) });
    expect(bridge.status()).toMatchObject({
      state: 'broken',
      reason: expect.stringMatching(/^Nobody listens at .* Flyrail keeps trying\.$/) as string,
    });
    await bridge.stop();
    expect(hall.clock.waiting).toBe(0);
  });

  it('[OS13] ends the connection that sends a giant or the other framing, counts it, and no other', async () => {
    const { bridge, host, port } = await hall.bridge({ transport: 'tcp', framing: 'length' });
    const [giant, other, good] = [
      await hall.client(port, 'length'),
      await hall.client(port, 'slip'),
      await hall.client(port, 'length'),
    ];
    giant.socket.write(Uint8Array.of(0x00, 0x20, 0x00, 0x00));
    await until('its end', () => giant.isClosed);
    expect(bridge.status().reason).toContain('A packet has at most 1048576 bytes, and one has 2097152.');
    other.say('/x');
    await until('its end', () => other.isClosed);
    expect(bridge.status().reason).toContain('It sends SLIP, and this bridge expects lengths. Set the other framing.');
    good.say('/good');
    await until('the good one', () => host.published.length === 1);
    expect([good.isClosed, bridge.status().refusedTotal]).toEqual([false, 2]);
  });

  it('[OS14] keeps the newest of each param for a slow reader, and counts what it leaves out', async () => {
    const { bridge, host, port } = await hall.bridge({ transport: 'tcp' });
    const [slow, quick] = [await hall.client(port, 'slip'), await hall.client(port, 'slip')];
    await until('both', () => host.returns === 2);
    slow.socket.pause();
    const filling = 'x'.repeat(4000);
    let sent = 0;
    await until('the slow one to be full', () => {
      for (let i = 0; i < 20; i++, sent++) bridge.apply([param(`/osc/${sent % 100}`, text(`${sent} ${filling}`))]);
      return bridge.status().refusedTotal > 200;
    });
    expect(bridge.status().reason).toContain('reads too slowly, so older values were left out');
    bridge.apply([param('/osc/last')]);
    slow.socket.resume();
    await until('the last', () => [slow, quick].every(({ paths }) => paths.at(-1) === '/last'));
    for (let i = sent - 100; i < sent; i++) expect(slow.values.get(`/${i % 100}`)).toEqual(text(`${i} ${filling}`));
    const { outTotal, refusedTotal } = bridge.status();
    expect([outTotal, outTotal + refusedTotal]).toEqual([slow.paths.length + quick.paths.length, 2 * (sent + 1)]);
  }, 30_000);

  it('[OS14] holds no more than its bound of events', async () => {
    const { bridge, host, port } = await hall.bridge({ transport: 'tcp' });
    const slow = await hall.client(port, 'slip');
    await until('it', () => host.returns === 1);
    slow.socket.pause();
    const filling = { type: 'string', value: 'x'.repeat(60_000) } as const;
    const event = { ...param('/osc/e', filling), kind: 'event' } as const;
    const sent = await fillWith(
      () => bridge.apply([event]),
      () => bridge.status().refusedTotal > 0,
    );
    bridge.apply([{ ...event, value: { type: 'string', value: 'last' } }]);
    slow.socket.resume();
    const dropped = bridge.status().refusedTotal;
    await until('the rest', () => slow.paths.length === sent + 1 - dropped);
    expect(sent * 60_000).toBeGreaterThan(roomBytesMax);
  }, 30_000);

  it('[OS14] sends away clients beyond its bound', async () => {
    const { bridge, host, port } = await hall.bridge({ transport: 'tcp' });
    for (let i = 0; i < clientsMax; i++) await hall.client(port, 'slip');
    await until('all', () => host.returns === clientsMax);
    const last = await hall.client(port, 'slip');
    await until('it to be sent away', () => last.isClosed);
    expect(bridge.status()).toMatchObject({ refusedTotal: 1 });
  });

  it('[OS32] gives what stands to so many that come at once, then to four a second', () => {
    const limit = new ArrivalLimit(micros(0));
    const admitted = (atMs: number, tries: number): number =>
      Array.from({ length: tries }, () => limit.admits(micros(atMs * 1000))).filter(Boolean).length;
    expect([admitted(0, arrivalsMax + 10), admitted(1000, 10), admitted(1100, 10), admitted(3_600_000, 1000)]).toEqual([
      arrivalsMax,
      arrivalsPerSecond,
      0,
      arrivalsMax,
    ]);
  });

  it('[OS32] counts who comes more often than that, and hears it all the same', async () => {
    const { bridge, host, port } = await hall.bridge({ transport: 'tcp' });
    for (let i = 0; i < arrivalsMax + 1; i++) {
      const client = await hall.client(port, 'slip');
      client.say(`/hello/${i}`);
      await until('it', () => host.published.length === i + 1);
      client.socket.destroy();
    }
    expect(host.returns).toBe(arrivalsMax);
    expect(bridge.status()).toMatchObject({ inTotal: arrivalsMax + 1, refusedTotal: 1 });
  });

  it('[OS9] says in words which port is taken', async () => {
    const taken = await hall.server('slip');
    const bridge = new OscBridge(oscSettings({ transport: 'tcp', listenPort: taken.port }), needsOf(hall.clock));
    await expect(bridge.start(new RecordingHost())).rejects.toMatchObject({
      code: 'port-in-use',
      message: `TCP port ${taken.port} is used by another program, or another bridge. Close it there, or choose another port.`,
    });
    expect(hall.clock.waiting).toBe(0);
  });

  it('[OS12] leaves no connection and no timer when it stops, and tells its last word before', async () => {
    const device = await hall.server('slip');
    const { bridge, host, port } = await hall.bridge({ transport: 'tcp', targets: to(device.port) });
    const client = await hall.client(port, 'slip');
    await until('both', () => host.returns === 1 && device.peers.length === 1);
    bridge.apply([param('/osc/last')]);
    await bridge.stop();
    await until('both ends', () => client.isClosed && device.peers[0]?.isClosed === true);
    expect([client.paths, device.peers[0]?.paths, hall.clock.waiting]).toEqual([['/last'], ['/last'], 0]);
    expect(host.faults).toEqual([]);
  });
});

/** @returns how many times it was done until then */
async function fillWith(send: () => void, isFull: () => boolean): Promise<number> {
  let sent = 0;
  await until('it to be full', () => {
    for (let i = 0; i < 10_000 && !isFull(); i++, sent++) send();
    return isFull();
  });
  return sent;
}
