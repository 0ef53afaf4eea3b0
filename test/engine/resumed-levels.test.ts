import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { parseAddress } from '../../src-main/contract/address.ts';
import { emptyShow, type Bridge, type Mapping, type SacnBridge } from '../../src-main/contract/show.ts';
import { f64, fromJson, type SignalKind } from '../../src-main/contract/signal.ts';
import { createRouter } from '../../src-main/core/router/router.ts';
import { createShowRunner } from '../../src-main/engine/show-runner.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../src-main/platform/system-random.ts';
import { sampleMapping } from '../show-samples.ts';
import { silentLog } from '../silent-log.ts';
import { until } from '../until.ts';
import { sampleSacn } from './bridge-samples.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A show that runs with one sACN output, and a lamp that hears it. */
async function rig() {
  const lamp = createSocket('udp4').bind(0, '127.0.0.1');
  await once(lamp, 'listening');
  const packets: Buffer[] = [];
  // Goodbyes carry the last levels, and may come when their output is long gone [E1.31 6.2.6].
  lamp.on('message', (packet) => {
    if ((packet.readUInt8(112) & 0x40) === 0) packets.push(packet);
  });
  const [clock, random, log] = [createSystemClock(), createSystemRandom(), silentLog];
  const router = createRouter({ clock, random, log, name: 'test', defer: setImmediate });
  const hub = { emit: () => undefined };
  const runner = createShowRunner({ router, clock, random, log, hub, onLive: () => undefined });
  const hand = router.openLocal('hand');
  closers.push(async () => {
    await runner.stop();
    await new Promise<void>((resolve) => lamp.close(() => resolve()));
  });
  const mappings: Mapping[] = [];
  const map = (pattern: string, target: Mapping['target']): void => {
    mappings.push({ ...sampleMapping(mappings.length + 1), source: { pattern }, target });
  };
  const output = (some: Partial<SacnBridge['settings']> = {}): Bridge =>
    sampleSacn('stage', { universes: [{ first: 1, last: 4, priority: 100 }], port: lamp.address().port, ...some });
  const levels = () =>
    [1, 2, 3].map((universe) => packets.findLast((each) => each.readUInt16BE(113) === universe)?.[126]);
  return {
    levels,
    output,
    apply: (...bridges: Bridge[]) => runner.apply({ ...emptyShow('gala', 'Gala'), bridges, mappings: [...mappings] }),
    /** From now on the show has a mapping to this address, as a stream. */
    patch: (target: string, source = '/desk') => map(source, { kind: 'stream', address: target, as: 'same' }),
    /** From now on the show has a mapping that keeps the kind. */
    link: (source: string, target: string) => map(source, { kind: 'same', address: target, as: 'same' }),
    openOther: (...bridges: Bridge[]) => runner.apply({ ...emptyShow('tour', 'Tour'), bridges }),
    say: (kind: Extract<SignalKind, 'param' | 'stream' | 'event'>, address: string, value: number) =>
      hand.publish([{ kind, address: parseAddress(address), value: f64(value) }]),
    sayArray: (address: string, values: number[]) =>
      hand.publish([{ kind: 'param', address: parseAddress(address), value: fromJson(values) }]),
    /** Hears nothing of before. */
    forget: () => void packets.splice(0),
    isUp: () => runner.devices()[0]?.state === 'connected',
  };
}

describe('an output that is made anew', () => {
  it.each<[string, (lights: Awaited<ReturnType<typeof rig>>) => Promise<void>]>([
    ['its edit', async ({ apply, output }) => apply(output({ networkCard: '127.0.0.1' }))],
    [
      'its removal and the undo of that',
      async ({ apply, output }) => {
        apply();
        await new Promise(setImmediate);
        apply(output());
      },
    ],
    [
      'being switched off and on',
      async ({ apply, output }) => {
        apply({ ...output(), enabled: false });
        await new Promise(setImmediate);
        apply(output());
      },
    ],
    [
      'its narrowing and the undo of that',
      async ({ apply, output }) => {
        apply(output({ universes: [{ first: 1, last: 1, priority: 120 }] }));
        await new Promise(setImmediate);
        apply(output());
      },
    ],
    [
      'another prefix and the undo of that',
      async ({ apply, output, isUp }) => {
        apply(output({ prefix: '/x' }));
        await until('it to be up', isUp);
        apply(output());
      },
    ],
  ])('[SU15] sends the levels of params, streams and events again after %s', async (_what, restart) => {
    const lights = await rig();
    lights.apply(lights.output());
    await until('the output', lights.isUp);
    lights.say('param', '/sacn/1/1', 0.2);
    lights.say('stream', '/sacn/1/1', 1);
    lights.say('stream', '/sacn/2/1', 0.8);
    lights.say('event', '/sacn/3/1', 0.4);
    await until('the levels', () => lights.levels().every((level) => level !== undefined));
    await restart(lights);
    lights.say('param', '/sacn/3/1', 0.6);
    await until('it to be up', lights.isUp);
    lights.forget();
    // One that goes on may have sent what it held before it hears the param; a moment later it has.
    await until('the levels again', () => lights.levels().every(Boolean) && lights.levels()[2] !== 102);
    expect(lights.levels()).toEqual([255, 204, 153]);
  });

  it.each<[string, (lights: Awaited<ReturnType<typeof rig>>) => Promise<void>]>([
    [
      'it gets a universe more',
      async ({ apply, output, say }) => {
        apply(output({ universes: [{ first: 1, last: 1, priority: 100 }] }));
        say('param', '/desk', 0.2);
        await new Promise(setImmediate);
        apply(output());
      },
    ],
    [
      'it was off while it moved',
      async ({ apply, output, say }) => {
        apply({ ...output(), enabled: false });
        say('param', '/desk', 0.2);
        await new Promise(setImmediate);
        apply(output());
      },
    ],
    [
      'its prefix becomes the one that the mapping names',
      async ({ apply, output, say, isUp }) => {
        apply(output({ prefix: '/x' }));
        await until('it to be up', isUp);
        say('param', '/desk', 0.2);
        apply(output());
      },
    ],
    [
      'it is made anew while it moves',
      async ({ apply, output, say }) => {
        apply(output({ networkCard: '127.0.0.1' }));
        say('param', '/desk', 0.2);
        await new Promise(setImmediate);
      },
    ],
  ])('[MP49] has the newest levels of mappings that stream when %s', async (_what, restart) => {
    const lights = await rig();
    lights.patch('/sacn/2/1');
    lights.apply(lights.output());
    await until('the output', lights.isUp);
    lights.say('param', '/desk', 1);
    await until('the level', () => lights.levels()[1] === 255);
    await restart(lights);
    await until('it to be up', lights.isUp);
    await until('the newest level', () => lights.levels()[1] === 51);
  });

  it.each(['a priority that is dragged', 'being switched off and on'])(
    '[SU15] brings back no level that something else has changed since, arrays of slots too: %s',
    async (what) => {
      const lights = await rig();
      lights.patch('/sacn/1/1');
      lights.apply(lights.output());
      await until('the output', lights.isUp);
      lights.say('param', '/desk', 1);
      await until('full', () => lights.levels()[0] === 255);
      lights.sayArray('/sacn/1/1', [0, 0, 0]);
      await until('dark', () => lights.levels()[0] === 0);
      if (what.includes('off')) {
        lights.apply({ ...lights.output(), enabled: false });
        await new Promise(setImmediate);
      }
      lights.forget();
      lights.apply(lights.output({ universes: [{ first: 1, last: 4, priority: 101 }] }));
      await until('it to be up', lights.isUp);
      await until('a packet', () => lights.levels()[0] !== undefined);
      lights.say('stream', '/sacn/2/1', 1);
      await until('a later packet', () => lights.levels()[1] === 255);
      expect(lights.levels()[0]).toBe(0);
    },
  );

  it('[MP49] has levels that come through chains and wildcards, with all outputs that share a prefix', async () => {
    const lights = await rig();
    lights.patch('/group/x');
    lights.patch('/{1}/2/1', '/in/*');
    lights.link('/group/x', '/sacn/1/1');
    lights.say('param', '/desk', 1);
    lights.say('param', '/in/sacn', 0.4);
    const half = (id: string, universe: number) => ({
      ...lights.output({ universes: [{ first: universe, last: universe, priority: 100 }] }),
      id,
    });
    lights.apply(half('a', 1), { ...half('b', 2), enabled: false });
    await until('the first', () => lights.levels()[0] === 255);
    lights.apply(half('a', 1), half('b', 2));
    await until('the second', () => lights.levels()[1] === 102);
  });

  it('[SU15] has the newest of each address also when an output that asked for it was away', async () => {
    const lights = await rig();
    lights.apply(lights.output());
    await until('the output', lights.isUp);
    lights.say('stream', '/sacn/2/1', 1);
    await until('full', () => lights.levels()[1] === 255);
    lights.apply();
    lights.say('stream', '/sacn/2/1', 0);
    lights.forget();
    lights.apply({ ...lights.output(), id: 'another' });
    await until('it to be up', lights.isUp);
    lights.say('stream', '/sacn/1/1', 1);
    await until('a packet', () => lights.levels()[0] === 255);
    expect(lights.levels()[1]).toBe(0);
  });

  it('[SU16] sends nothing of the show before', async () => {
    const lights = await rig();
    lights.apply(lights.output());
    await until('the output', lights.isUp);
    lights.say('stream', '/sacn/2/1', 0.8);
    await until('the level', () => lights.levels()[1] === 204);
    lights.openOther(lights.output());
    await until('it to be up', lights.isUp);
    lights.forget();
    lights.say('stream', '/sacn/1/1', 1);
    await until('the new level', () => lights.levels()[0] === 255);
    expect(lights.levels()).toEqual([255, undefined, undefined]);
  });
});
