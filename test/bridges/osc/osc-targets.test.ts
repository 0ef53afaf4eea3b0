import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { atOnceMax, stepEvery, stepPackets } from '../../../src-main/bridges/osc/paced-line.ts';
import { askEvery, settledAfter, tryAgainEvery } from '../../../src-main/bridges/osc/udp-target.ts';
import { sendersMax } from '../../../src-main/bridges/osc/udp-senders.ts';
import { f32 } from '../../../src-main/contract/signal.ts';
import { freePort } from '../../free-port.ts';
import { until } from '../../until.ts';
import { onlyOf, OscHall, param, to, type UdpDevice } from './osc-hall.ts';

let hall: OscHall;
beforeEach(() => {
  hall = new OscHall();
});
afterEach(() => hall.clear());

describe('targets of an OSC bridge', () => {
  it('[OS16] each get everything, and one where nobody listens is named and disturbs no other', async () => {
    const [left, right, away] = [await hall.device(), await hall.device(), await freePort()];
    const { bridge, host } = await hall.bridge({ targets: to(left.port, away, right.port) });
    bridge.apply([param('/osc/1')]);
    await until('word of the one that is away', () => bridge.status().state === 'trouble');
    expect(bridge.status().reason).toContain(`Nobody listens at 127.0.0.1:${away}. Start the program there`);
    bridge.apply([param('/osc/2'), param('/osc/3')]);
    await until('all of it', () => left.heard.length === 3 && right.heard.length === 3);
    expect([left.paths, right.paths]).toEqual([
      ['/1', '/2', '/3'],
      ['/1', '/2', '/3'],
    ]);
    expect(bridge.status().reason).toContain('Sending to 2 of 3.');
    expect(host.faults).toEqual([]);
  });

  it('[OS16] are well again some time after something was sent to them without complaint, and are given what stands alone', async () => {
    const [near, port] = [await hall.device(), await freePort()];
    const { bridge, host } = await hall.bridge({ targets: to(near.port, port) });
    host.returned = (how) => {
      host.returns++;
      bridge.apply([param('/osc/stands')], onlyOf(how));
    };
    bridge.apply([param('/osc/1')]);
    await until('word of the one that is away', () => bridge.status().state === 'trouble');
    const back = await hall.device(port);
    bridge.apply([param('/osc/2')]);
    await until('the second', () => back.heard.length === 1 && near.heard.length === 2);
    hall.clock.advance(settledAfter - 1);
    expect([bridge.status().state, host.returns]).toEqual(['trouble', 0]);
    hall.clock.advance(1);
    expect([bridge.status().state, host.returns]).toEqual(['connected', 1]);
    await until('what stands', () => back.heard.length === 2);
    expect([back.paths, near.paths]).toEqual([
      ['/2', '/stands'],
      ['/1', '/2'],
    ]);
  });

  it('[OS33] where nobody listened are found within two seconds, though nothing is sent to them, and by what sets nothing', async () => {
    const [near, port] = [await hall.device(), await freePort()];
    const { bridge, host } = await hall.bridge({ targets: to(near.port, port) });
    host.returned = (how) => bridge.apply([param('/osc/stands')], onlyOf(how));
    bridge.apply([param('/osc/1')]);
    await until('word of the one that is away', () => bridge.status().state === 'trouble');
    const { outTotal } = bridge.status();
    for (let asked = 0; asked < 8; asked++) {
      // The complaint is there when the question has left.
      hall.clock.advance(askEvery);
      for (let turn = 0; turn < 4; turn++) await nextTurn();
    }
    expect(bridge.status()).toMatchObject({ state: 'trouble', outTotal, refusedTotal: 0 });
    const back = await hall.device(port);
    await questions(back, (askEvery + settledAfter) / askEvery);
    expect(askEvery + settledAfter).toBeLessThan(2000);
    expect(bridge.status()).toMatchObject({ state: 'connected', refusedTotal: 0 });
    await until('what stands', () => back.heard.length > 0);
    expect([back.paths, near.paths]).toEqual([['/stands'], ['/1']]);
    expect(back.packets[0]?.toString('latin1')).toBe('#bundle\0\0\0\0\0\0\0\0\x01');
    expect(hall.clock.waiting).toBe(0);
  });

  it('[OS33] are not well while complaints come once a second, as Linux sends them', async () => {
    const port = await freePort();
    const { bridge, host } = await hall.bridge({ targets: to(port) });
    bridge.apply([param('/osc/1')]);
    await until('word of it', () => bridge.status().state === 'trouble');
    for (let second = 0; second < 5; second++) {
      // Nobody complains while somebody has the port.
      const mute = await hall.device(port);
      bridge.apply([param('/osc/2')]);
      await until('it', () => mute.heard.length === 1);
      await questions(mute, 1000 / askEvery);
      await mute.close();
      hall.clock.advance(askEvery);
      await until('the complaint', () => hall.clock.waiting === 1);
    }
    expect([bridge.status().state, host.returns]).toEqual(['trouble', 0]);
  });

  it('[SU63] that are back are said to have missed something: what found out that nobody listened is lost', async () => {
    const { port } = await hall.device();
    const { host, bridge } = await hall.bridge({ targets: to(port) });
    expect(host.misses).toBe(0);
    const gone = await freePort();
    const other = await hall.bridge({ targets: to(gone) });
    other.bridge.apply([param('/osc/lost')]);
    await until('word of it', () => other.bridge.status().state === 'trouble');
    const back = await hall.device(gone);
    await questions(back, (askEvery + settledAfter) / askEvery);
    expect([other.host.returns, other.host.misses, back.paths]).toEqual([1, 1, []]);
    expect(bridge.status().state).toBe('connected');
  });

  it('[OS16] whose host is not found are named and asked for again, while the others get everything', async () => {
    const near = await hall.device();
    const lost = { host: 'no-such-machine.invalid', port: 9 };
    const { bridge } = await hall.bridge({ targets: [lost, ...to(near.port)] });
    expect(bridge.status()).toMatchObject({
      state: 'trouble',
      reason: expect.stringContaining('No machine called no-such-machine.invalid was found.') as string,
    });
    bridge.apply([param('/osc/1')]);
    await until('the message', () => near.heard.length === 1);
    expect(bridge.status()).toMatchObject({ outTotal: 1, refusedTotal: 1 });
    await hall.clock.advanceAsync(tryAgainEvery);
    await bridge.stop();
    expect(hall.clock.waiting).toBe(0);
  });

  it('[OS16] are sent to from ports of their own, or from the port that is listened on', async () => {
    const device = await hall.device();
    for (const sendFrom of ['own', 'listen'] as const) {
      const { bridge, host, port } = await hall.bridge({ targets: to(device.port), sendFrom });
      device.from = 0;
      bridge.apply([param('/osc/1')]);
      await until('the message', () => device.from > 0);
      expect(device.from === port).toBe(sendFrom === 'listen');
      // Who answers to the sender's port is heard either way.
      device.say('/answer', device.from);
      await until('the answer', () => host.published.length === 1);
      expect(host.published).toEqual([param('/osc/answer')]);
    }
  });

  it('[OS19] may be the bridge itself: what it hears of itself it drops', async () => {
    const { port } = await hall.device().then(async (device) => {
      const free = device.port;
      await device.close();
      return { port: free };
    });
    const own = await hall.bridge({ listenPort: port, targets: to(port) });
    const device = await hall.device();
    own.bridge.apply([param('/osc/round')]);
    device.say('/other', port);
    await until('the other message', () => own.host.published.length > 0);
    expect(own.host.published).toEqual([param('/osc/other')]);
    expect(own.bridge.status()).toMatchObject({ inTotal: 1, refusedTotal: 0 });
  });
});

describe('those who speak to an OSC bridge', () => {
  it('[OS17] are answered at the port they sent from: nobody, the last, or all', async () => {
    const devices = [await hall.device(), await hall.device()];
    const heardWith = async (answer: 'nobody' | 'last' | 'all'): Promise<string[][]> => {
      const { bridge, host, port } = await hall.bridge({ answer });
      for (const [i, device] of devices.entries()) {
        device.heard.length = 0;
        device.say('/hello', port);
        await until('the hello', () => host.published.length === i + 1);
      }
      bridge.apply([param('/osc/reply')]);
      // What nobody waits for has come by the time that another round trip is over.
      const { host: echo, port: end } = await hall.bridge();
      devices[1]?.say('/end', end);
      await until('the round trip', () => echo.published.length === 1);
      const expected = { nobody: 0, last: 1, all: 2 }[answer];
      await until('the replies', () => bridge.status().outTotal === expected);
      await until('them to arrive', () => devices.flatMap(({ paths }) => paths).length === expected);
      return devices.map(({ paths }) => paths);
    };
    expect(await heardWith('nobody')).toEqual([[], []]);
    expect(await heardWith('last')).toEqual([[], ['/reply']]);
    expect(await heardWith('all')).toEqual([['/reply'], ['/reply']]);
  });

  it('[OS17] are answered no longer than set, and a target that speaks gets everything once', async () => {
    const [device, target] = [await hall.device(), await hall.device()];
    const { bridge, host, port } = await hall.bridge({ answer: 'all', answerSeconds: 5, targets: to(target.port) });
    device.say('/hello', port);
    target.say('/hello', port);
    await until('both', () => host.published.length === 2);
    hall.clock.advance(5000);
    bridge.apply([param('/osc/1')]);
    await until('both answers', () => device.heard.length === 1 && target.heard.length === 1);
    hall.clock.advance(1);
    bridge.apply([param('/osc/2')]);
    await until('the target', () => target.heard.length === 2);
    expect([device.paths, bridge.status().outTotal]).toEqual([['/1'], 3]);
  });

  it('[OS17] are the last of many, when there are many', async () => {
    const { bridge, host, port } = await hall.bridge({ answer: 'all' });
    const devices = await Promise.all(Array.from({ length: sendersMax + 2 }, () => hall.device()));
    for (const [i, device] of devices.entries()) {
      device.say('/hello', port);
      await until('the hello', () => host.published.length === i + 1);
    }
    bridge.apply([param('/osc/1')]);
    await until('the answers', () => bridge.status().outTotal === sendersMax);
    await until('the last', () => devices.at(-1)?.heard.length === 1);
    expect(devices.slice(0, 2).map(({ heard }) => heard.length)).toEqual([0, 0]);
  });

  it('[OS39] are paced each by itself, the newest of each param, and told how much waits', async () => {
    const devices = [await hall.device(), await hall.device()];
    const { bridge, host, port } = await hall.bridge({ answer: 'all' });
    for (const [i, device] of devices.entries()) {
      device.say('/hello', port);
      await until('the hello', () => host.published.length === i + 1);
    }
    bridge.apply(Array.from({ length: atOnceMax + stepPackets }, (_, index) => param(`/osc/${index}`)));
    bridge.apply([param(`/osc/${atOnceMax}`, f32(2))]);
    await until('what left at once', () => devices.every(({ heard }) => heard.length === atOnceMax));
    expect(bridge.status().reason).toContain(`Sending to 2 of 2. ${2 * stepPackets} packets wait to leave.`);
    hall.clock.advance(stepEvery);
    await until('the rest', () => devices.every(({ heard }) => heard.length === atOnceMax + stepPackets));
    expect(devices.map(({ heard }) => heard[atOnceMax]?.value)).toEqual([f32(2), f32(2)]);
    expect(bridge.status().reason).not.toContain('wait');
  });

  it('[OS39] are forgotten with what waits for them, which is counted, once too many others spoke', async () => {
    const { bridge, host, port } = await hall.bridge({ answer: 'all' });
    const [first, ...others] = await Promise.all(Array.from({ length: sendersMax + 1 }, () => hall.device()));
    first?.say('/hello', port);
    await until('the first', () => host.published.length === 1);
    bridge.apply(Array.from({ length: atOnceMax + 5 }, (_, index) => param(`/osc/${index}`)));
    for (const [i, device] of others.entries()) {
      device.say('/hello', port);
      await until('the hello', () => host.published.length === i + 2);
    }
    expect(bridge.status()).toMatchObject({
      refusedTotal: 5,
      reason: expect.stringContaining('is not answered any more, since others spoke.') as string,
    });
    expect(hall.clock.waiting).toBe(0);
  });
});

/** Lets the time pass in which that many come. */
async function questions(device: UdpDevice, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const before = device.packets.length;
    hall.clock.advance(askEvery);
    if (hall.clock.waiting > 0) await until('the question', () => device.packets.length > before);
  }
}
