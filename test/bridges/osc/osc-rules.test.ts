import { toBuffer } from 'osc-min';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundleBytesMax } from '../../../src-main/bridges/osc/osc-outbound.ts';
import { decodeOscPacket } from '../../../src-main/bridges/osc/osc-codec.ts';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { bool, f32, f64, fromJson, nullValue, text } from '../../../src-main/contract/signal.ts';
import { until } from '../../until.ts';
import { OscHall, param, to } from './osc-hall.ts';

let hall: OscHall;
beforeEach(() => {
  hall = new OscHall();
});
afterEach(() => hall.clear());

describe('what comes in by OSC', () => {
  it('[OS28] is a param, and without a value an event, where no rule says otherwise; the first rule decides', async () => {
    const kinds = [
      { pattern: '/cue/fader', as: 'param' },
      { pattern: '/cue/**', as: 'event' },
      { pattern: '/imu/*', as: 'stream' },
      { pattern: '/bare', as: 'param' },
    ] as const;
    const { host, port } = await hall.bridge({ kinds: [...kinds] });
    const device = await hall.device();
    const say = async (path: string, ...args: Parameters<typeof device.say>[2][]): Promise<unknown> => {
      host.published.length = 0;
      if (args.length > 0) device.say(path, port, args[0]);
      else device.sendRaw(toBuffer({ address: path }), port);
      await until(path, () => host.published.length === 1);
      return host.published[0];
    };
    const address = (path: string) => parseAddress(`/osc${path}`);
    expect(await say('/a', f32(1))).toEqual({ kind: 'param', address: address('/a'), value: f32(1) });
    expect(await say('/go')).toEqual({ kind: 'event', address: address('/go'), value: nullValue });
    expect(await say('/nil', nullValue)).toMatchObject({ kind: 'event' });
    expect(await say('/cue/1/go', f32(1))).toMatchObject({ kind: 'event', value: f32(1) });
    expect(await say('/cue/fader', f32(1))).toMatchObject({ kind: 'param' });
    expect(await say('/imu/x', f32(1))).toMatchObject({ kind: 'stream', value: f32(1) });
    expect(await say('/bare')).toEqual({ kind: 'param', address: address('/bare'), value: nullValue });
  });

  it('[OS24] has any path, and what is set there goes back to it', async () => {
    const device = await hall.device();
    const { bridge, host, port } = await hall.bridge({ targets: to(device.port) });
    const paths = ['/Fader 1', '/a//b', '/tab\there', '/100%', '/灯/', '/#1', '/'];
    for (const [i, path] of paths.entries()) {
      device.say(path, port, f32(i));
      await until(path, () => host.published.length === i + 1);
    }
    bridge.apply(host.published);
    await until('them all back', () => device.heard.length === paths.length);
    expect(device.paths).toEqual(paths);
    expect(bridge.status().refusedTotal).toBe(0);
  });

  it('[OS25] sets every param that its pattern covers, of those the router has and those that came since', async () => {
    const { bridge, host, port } = await hall.bridge();
    const device = await hall.device();
    host.known = ['/osc/x/1', '/osc/x/20', '/osc/y/1', '/osc/a b/1', '/elsewhere/x/1'].map(parseAddress);
    device.say('/x/*', port, f32(0.5));
    await until('both', () => host.published.length === 2);
    expect(host.batches).toEqual([[param('/osc/x/1', f32(0.5)), param('/osc/x/20', f32(0.5))]]);
    bridge.apply([param('/osc/x/3')]);
    device.say('/x/4', port);
    device.say('/{x,y}/[1-4]', port, f32(0.75));
    await until('all four', () => host.published.length === 7);
    expect(host.batches[2]).toEqual(
      ['/osc/x/1', '/osc/y/1', '/osc/x/3', '/osc/x/4'].map((address) => param(address, f32(0.75))),
    );
    expect(bridge.status()).toMatchObject({ inTotal: 7, refusedTotal: 0 });
  });

  it('[OS25] counts a pattern that covers nothing, or cannot be read', async () => {
    const { bridge, host, port } = await hall.bridge();
    const device = await hall.device();
    device.say('/nothing/*', port);
    await until('the refusal', () => bridge.status().refusedTotal === 1);
    expect(bridge.status().reason).toContain('Refused: /nothing/* names nothing that is known under /osc.');
    device.say('/x/[', port);
    await until('the refusal', () => bridge.status().refusedTotal === 2);
    expect([host.published, bridge.status().inTotal]).toEqual([[], 0]);
  });
});

describe('what goes out by OSC', () => {
  it('[OS27] has the types that the first rule for its path wants; what that cannot be is refused with the reason', async () => {
    const device = await hall.device();
    const types = [
      { pattern: '/level/*', as: 'i' },
      { pattern: '/go', as: 'none' },
      { pattern: '/light/*', as: 'r' },
      { pattern: '/**', as: 'd' },
    ];
    const { bridge } = await hall.bridge({ targets: to(device.port), types });
    bridge.apply([
      param('/osc/level/1', f64(2.4)),
      param('/osc/go', bool(true)),
      param('/osc/light/1', text('#ff0000')),
      param('/osc/x', f64(0.5)),
      param('/osc/level/2', text('loud')),
    ]);
    await until('four', () => device.packets.length === 4);
    expect(device.packets.map((bytes) => bytes.subarray(bytes.indexOf(',')).toString('hex'))).toEqual([
      '2c69000000000002',
      '2c000000',
      '2c720000ff0000ff',
      '2c6400003fe0000000000000',
    ]);
    expect(bridge.status()).toMatchObject({
      outTotal: 4,
      refusedTotal: 1,
      reason: expect.stringContaining("Refused: /osc/level/2: The show's rule wants a number there.") as string,
    });
  });

  it('[OS41] tells which signal was refused and why, and that one that only hears sends nothing', async () => {
    const device = await hall.device();
    const { bridge } = await hall.bridge({ targets: to(device.port), types: [{ pattern: '/level', as: 'f' }] });
    bridge.apply([param('/osc/level', text('loud'))]);
    expect(bridge.status().refused).toEqual({
      address: '/osc/level',
      why: "The show's rule wants a number there",
    });
    const { bridge: deaf } = await hall.bridge({ targets: to(device.port), direction: 'in' });
    deaf.apply([param('/osc/level', f64(1))]);
    expect(deaf.status()).toMatchObject({
      refusedTotal: 1,
      refused: { address: '/osc/level', why: 'it does not send' },
    });
  });

  it('[OS23] leaves as one bundle with what changed together, to be done at once', async () => {
    const device = await hall.device();
    const { bridge } = await hall.bridge({ targets: to(device.port), bundles: 'batch' });
    bridge.apply([param('/osc/1'), param('/osc/2')]);
    bridge.apply([param('/osc/alone')]);
    await until('both packets', () => device.packets.length === 2);
    const [both] = device.packets;
    expect(both?.subarray(0, 16).toString('latin1')).toBe('#bundle\0\0\0\0\0\0\0\0\x01');
    expect(device.heard.map(({ address, at }) => [address, at])).toEqual([
      ['/1', undefined],
      ['/2', undefined],
      ['/alone', undefined],
    ]);
  });

  it('[OS23] can be timed ahead, and is several bundles where one would be too large', async () => {
    const device = await hall.device();
    const { bridge } = await hall.bridge({ targets: to(device.port), bundles: 'batch', bundleAheadMs: 20 });
    const long = fromJson('x'.repeat(3000));
    bridge.apply([1, 2, 3, 4, 5].map((i) => param(`/osc/${i}`, long)));
    await until('all', () => device.heard.length === 5);
    expect(device.packets.length).toBe(3);
    for (const packet of device.packets) {
      expect(packet.length).toBeLessThanOrEqual(bundleBytesMax);
      expect(decodeOscPacket(packet).messages[0]?.at).toBe(hall.clock.nowMicros() + 20_000);
    }
  });

  it('[OS23] keeps a bundle of many small messages within its bound too', async () => {
    const device = await hall.device();
    const { bridge } = await hall.bridge({ targets: to(device.port), bundles: 'batch' });
    bridge.apply(Array.from({ length: 900 }, (_, i) => param(`/osc/${i}`)));
    await until('all', () => device.heard.length === 900);
    expect(Math.max(...device.packets.map(({ length }) => length))).toBeLessThanOrEqual(bundleBytesMax);
    expect(device.packets.length).toBeLessThan(4);
  });
});
