import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { decodeOscPacket, encodeOscMessage } from '../../src-main/bridges/osc/osc-codec.ts';
import { parseAddress } from '../../src-main/contract/address.ts';
import { emptyShow, mappingSchema, type OscBridge, type ShowDocument } from '../../src-main/contract/show.ts';
import { f32 } from '../../src-main/contract/signal.ts';
import { createRouter } from '../../src-main/core/router/router.ts';
import { publishesMax } from '../../src-main/engine/publish-limit.ts';
import { createShowRunner } from '../../src-main/engine/show-runner.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../src-main/platform/system-random.ts';
import type { Clock } from '../../src-main/ports/clock.ts';
import { oscSettings } from '../bridges/bridge-settings.ts';
import { silentLog } from '../silent-log.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import { until } from '../until.ts';
import { freeUdpPort } from './free-udp-port.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A show that runs on real sockets, in a time that stands still unless another is given. */
function bench(clock: Clock = new SimulatedClock()) {
  const random = createSystemRandom();
  const router = createRouter({ clock, random, log: silentLog, name: 'test', defer: setImmediate });
  const hub = { emit: () => undefined };
  const runner = createShowRunner({ router, clock, random, log: silentLog, hub, onLive: () => undefined });
  closers.push(() => runner.stop());
  const hand = router.openLocal('hand');
  const apply = async (...bridges: OscBridge[]): Promise<void> => applyShow({ bridges });
  const applyShow = async (parts: Partial<ShowDocument>): Promise<void> => {
    const show: ShowDocument = { ...emptyShow('gala', 'Gala'), ...parts };
    runner.apply(show);
    const isSettled = (): boolean => runner.devices().every(({ state }) => state !== 'connecting');
    await until('the bridges', isSettled);
  };
  const say = (address: string): void =>
    void hand.publish([{ kind: 'param', address: parseAddress(address), value: f32(1) }]);
  return { clock, router, runner, apply, applyShow, say };
}

function bridge(id: string, listenPort: number, remotePort: number): OscBridge {
  return { ...oscSettings({ listenPort, targets: [{ host: '127.0.0.1', port: remotePort }] }), id, name: id };
}

async function openDevice() {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  closers.push(() => new Promise<void>((resolve) => socket.close(() => resolve())));
  const heard: string[] = [];
  socket.on('message', (bytes) => heard.push(...decodeOscPacket(bytes).messages.map(({ address }) => address)));
  return { socket, heard, port: socket.address().port };
}

describe('OSC bridges of a show', () => {
  it('[SU62] that send to each other come to rest within the second, and say why', async () => {
    const { router, runner, apply, say } = bench(createSystemClock());
    const [portA, portB] = [await freeUdpPort(), await freeUdpPort()];
    await apply(bridge('a', portA, portB), bridge('b', portB, portA));
    expect(runner.devices().map(({ state, reason }) => [state, reason])).toEqual([
      ['trouble', 'Sends to b, a bridge of this show: signals could go round.'],
      ['trouble', 'Sends to a, a bridge of this show: signals could go round.'],
    ]);
    say('/osc/1');
    const isCut = (): boolean => runner.devices().some(({ reason }) => reason.includes('Signals went round'));
    await until('the cut', isCut, 20_000);
    // What still went round would be heard in these turns.
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
    expect(router.stats().messagesTotal).toBeLessThanOrEqual(2 * publishesMax + 1);
  });

  it('[SU11] that come up again send a device what others set, and not what it said itself', async () => {
    const { apply, router, say } = bench();
    const device = await openDevice();
    const port = await freeUdpPort();
    const desk = bridge('desk', port, device.port);
    await apply(desk);
    device.socket.send(encodeOscMessage('/own', f32(1)), port, '127.0.0.1');
    await until('the value of the device', () => router.get(parseAddress('/osc/own')) !== undefined);
    say('/osc/others');
    await until('the value of the hand', () => device.heard.length === 1);
    await apply({ ...desk, enabled: false });
    await apply(desk);
    await until('the value of the hand, again', () => device.heard.length === 2);
    expect(device.heard).toEqual(['/others', '/others']);
  });

  it('[SU49] that send by a mapping what their device sends back are cut off there, and nothing else is', async () => {
    const { runner, applyShow, say } = bench(createSystemClock());
    const port = await freeUdpPort();
    const device = await openDevice();
    const answer = (): void => device.socket.send(encodeOscMessage('/answer', f32(1)), port, '127.0.0.1');
    device.socket.on('message', (bytes) => decodeOscPacket(bytes).messages[0]?.address === '/order' && answer());
    const back = { source: { pattern: '/osc/answer' }, target: { address: '/osc/order' }, transforms: [] };
    await applyShow({
      bridges: [bridge('a', port, device.port)],
      mappings: [mappingSchema.parse({ id: 'back', number: 1, ...back })],
    });
    say('/osc/order');
    await until('the circle to run', () => device.heard.length > 100, 20_000);
    await until('the cut', () => runner.devices()[0]?.reason.includes('went round') ?? false, 20_000);
    expect(runner.devices()[0]).toMatchObject({
      state: 'trouble',
      reason: expect.stringMatching(/^Signals went round through this device at \/osc\/answer, /) as string,
    });
    const before = device.heard.length;
    say('/osc/else');
    await until('another message', () => device.heard.at(-1) === '/else');
    expect(device.heard.length - before).toBeLessThan(5);
  });

  it('[SU61] of which one sends to the other, whose signals a mapping brings to the first, come to rest and say why', async () => {
    const { router, runner, applyShow, say } = bench(createSystemClock());
    const [portA, portB] = [await freeUdpPort(), await freeUdpPort()];
    const out = bridge('out', portA, portB);
    const back = bridge('back', portB, portA);
    const around = { source: { pattern: '/back/*' }, target: { address: '/osc/{1}' }, transforms: [] };
    await applyShow({
      bridges: [out, { ...back, settings: { ...back.settings, prefix: '/back', direction: 'in' } }],
      mappings: [mappingSchema.parse({ id: 'around', number: 1, ...around })],
    });
    say('/osc/1');
    const told = (): boolean =>
      runner.devices().some(({ reason }) => reason.includes('Signals went round through this device at /back/1'));
    await until('the cut', told, 20_000);
    const before = router.stats().messagesTotal;
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
    expect(router.stats().messagesTotal - before).toBeLessThan(5);
  });
});
