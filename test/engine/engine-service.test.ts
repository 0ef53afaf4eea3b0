import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src-main/contract/address.ts';
import type { EventName } from '../../src-main/contract/engine-api.ts';
import type { EngineStats, LiveMapping, MonitorBatch } from '../../src-main/contract/live-events.ts';
import { createMemoryLinkPair } from '../../src-main/contract/message-link.ts';
import { f64 } from '../../src-main/contract/signal.ts';
import type { Role } from '../../src-main/contract/role.ts';
import { connectEngine, serveEngine } from '../../src-main/contract/rpc.ts';
import type { Delivery } from '../../src-main/core/router/delivery/delivery.ts';
import { createEngineClient, type EngineParts } from '../../src-main/engine/engine-service.ts';
import { createEventHub } from '../../src-main/engine/event-hub.ts';
import { createLiveFeed } from '../../src-main/engine/feeds/live-feed.ts';
import { renameShow, sampleShow } from '../show-samples.ts';
import { silentLog } from '../silent-log.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import { sampleOsc } from './bridge-samples.ts';
import { diskWith, openSession } from './session-bench.ts';

const eventNames: readonly EventName[] = [
  'edited',
  'document',
  'show',
  'devices',
  'problems',
  'access',
  'doors',
  'accessRules',
  'tokens',
  'found',
  'stopping',
  'live',
  'monitor',
  'traffic',
  'learn',
  'stats',
];
const inside = '/media/stick/gala.flyrail';

async function bench({ paths, role = 'edit' }: { paths: boolean; role?: Role }) {
  const hub = createEventHub(silentLog);
  const clock = new SimulatedClock();
  const disk = {
    ...diskWith('inside'),
    files: [...diskWith('inside').files, { ref: { path: inside }, document: sampleShow('two'), modifiedAt: 5 }],
  };
  const { session } = await openSession(disk, { hub });
  const taps = new Set<(delivery: Delivery) => void>();
  const live = createLiveFeed(clock);
  const returned: string[] = [];
  const parts = {
    clock,
    hub,
    live,
    show: session,
    router: {
      current: () => [],
      tap: (run: (delivery: Delivery) => void) => {
        taps.add(run);
        return () => taps.delete(run);
      },
    },
    access: {},
    doors: {},
    desk: {},
    secrets: { set: () => Promise.resolve() },
    discovery: {
      connect: () => Promise.resolve({ revision: 1, show: session.state() }),
    },
    hand: {},
    returns: {
      resend: (bridgeId?: string) => returned.push(`resend ${bridgeId ?? 'all'}`),
      leave: (bridgeId: string) => returned.push(`leave ${bridgeId}`),
    },
    describe: () => ({ direction: 'in', device: '', because: '', trouble: false }),
    describeTraffic: () => () => ({ direction: 'out', device: '', because: '', trouble: false }),
    listNetworkCards: () => [],
    makeUiLink: () => undefined,
    snapshot: () => ({ show: session.state(), access: { allowedOrigins: ['https://a.example'], refusedOrigins: [] } }),
  } as unknown as EngineParts;
  return { hub, clock, session, live, taps, returned, client: createEngineClient(parts, { paths, role }) };
}

describe('the engine as one client sees it', () => {
  it('[EA17] a page neither gives a path nor sees one, in answers or events', async () => {
    const { client, session } = await bench({ paths: false });
    const told: unknown[] = [];
    for (const event of ['edited', 'document', 'show'] as const) client.on(event, (payload) => void told.push(payload));
    await expect(client.openShow({ path: inside })).rejects.toMatchObject({ code: 'path-not-allowed' });
    await expect(client.saveShowAs({ to: { path: inside }, overwrite: true })).rejects.toMatchObject({
      code: 'path-not-allowed',
    });
    expect(told).toEqual([]);
    await session.openShow({ path: inside });
    const answers = [
      await client.edit(renameShow('a')),
      await client.undo(),
      await client.redo(),
      await client.saveShow(),
      await client.connectFound({ key: 'found-1' }),
      await client.snapshot(),
    ];
    expect(told).toHaveLength(5);
    expect(JSON.stringify([answers, told])).not.toContain('/media');
    expect(JSON.stringify([answers, told]).match(/"file":"gala\.flyrail"/g)).toHaveLength(11);
  });

  it('[SC11] a secret that a page sets is in no answer, event or snapshot', async () => {
    const { client } = await bench({ paths: true });
    const told: unknown[] = [];
    for (const event of eventNames) client.on(event, (payload) => void told.push(payload));
    await client.setSecret({ name: 'desk', value: 'hush-hush' });
    told.push(await client.snapshot());
    expect(JSON.stringify(told)).not.toContain('hush');
  });

  it('[EA17] the desktop window gives and sees paths', async () => {
    const { client } = await bench({ paths: true });
    expect(await client.openShow({ path: inside })).toMatchObject({ file: inside });
    expect(await client.snapshot()).toMatchObject({ paths: true, show: { file: inside } });
  });

  it('[EA18] a client that has gone hears nothing more, holds nothing, and starts nothing', async () => {
    const { client, hub, clock, live, taps } = await bench({ paths: false });
    const heard: EventName[] = [];
    for (const name of eventNames) client.on(name, () => void heard.push(name));
    await client.startLearn();
    await client.watchMonitor({ pattern: '/**' });
    await client.watchMonitor({ pattern: '/a' });
    expect(taps.size).toBe(2);
    client.close();
    expect(taps.size).toBe(0);
    await client.watchMonitor({ pattern: '/**' });
    await client.startLearn();
    client.on('stopping', () => void heard.push('stopping'));
    expect(taps.size).toBe(0);
    hub.emit('stopping', { reason: 'x' });
    live.report({ mappingId: 'm1' } as LiveMapping);
    await clock.advanceAsync(1000);
    expect(heard).toEqual([]);
    expect(clock.waiting).toBe(0);
  });

  it('[EA34] tells a client of one device at a time, fifteen times a second at most, until it asks no more', async () => {
    const { client, clock, session, taps } = await bench({ paths: false });
    await session.edit({ label: 'add', steps: [{ do: 'put', list: 'bridges', item: sampleOsc('synth') }] });
    const batches: MonitorBatch[] = [];
    client.on('traffic', (batch) => void batches.push(batch));
    await expect(client.watchDevice({ bridgeId: 'nobody' })).rejects.toMatchObject({ code: 'unknown-id' });
    await client.watchDevice({ bridgeId: 'synth' });
    await client.watchDevice({ bridgeId: 'synth' });
    expect(taps.size).toBe(1);
    const say = (address: string) => {
      const signal = { kind: 'param', address: parseAddress(address), value: f64(1) } as const;
      for (const run of taps) run({ signal, from: 'hand', fromLocal: true, at: clock.nowMicros() });
    };
    for (let turn = 0; turn < 100; turn++) {
      for (const address of ['/osc/x', '/elsewhere']) say(address);
      await clock.advanceAsync(10);
    }
    expect(batches.length).toBeGreaterThan(5);
    expect(batches.length).toBeLessThanOrEqual(16);
    expect(new Set(batches.flatMap(({ entries }) => entries.map(({ address }) => address)))).toEqual(
      new Set(['/osc/x']),
    );
    await client.unwatchDevice();
    expect(taps.size).toBe(0);
  });

  it('[EA18] so it is when its link closes', async () => {
    const { client, taps } = await bench({ paths: false });
    const [page, engine] = createMemoryLinkPair();
    serveEngine(engine, client, { role: 'edit', onRefused: () => undefined, onBug: () => undefined });
    engine.onClose(client.close);
    const api = connectEngine(page);
    await api.startLearn();
    expect(taps.size).toBe(1);
    page.close();
    await new Promise(setImmediate);
    expect(taps.size).toBe(0);
  });

  it('[EA8] gives out stats only when the client has taken the ones before', async () => {
    const { client, hub } = await bench({ paths: false });
    const taken: (() => void)[] = [];
    const heard: number[] = [];
    client.on('stats', ({ sessions }) => {
      heard.push(sessions);
      return new Promise<void>((resolve) => taken.push(resolve));
    });
    const stats = (sessions: number) => hub.emit('stats', { sessions } as EngineStats);
    stats(1);
    stats(2);
    stats(3);
    expect(heard).toEqual([1]);
    taken[0]?.();
    await Promise.resolve();
    await Promise.resolve();
    stats(4);
    expect(heard).toEqual([1, 4]);
  });

  it('[RS12] keeps the origins that may come in from who may not edit', async () => {
    for (const [role, origins] of [
      ['view', []],
      ['control', []],
      ['edit', ['https://a.example']],
    ] as const) {
      const { client } = await bench({ paths: false, role });
      expect(await client.snapshot()).toMatchObject({ role, access: { allowedOrigins: origins } });
    }
  });
});

describe('devices that come back', () => {
  it('[EA33] are sent what stands by `resend`, one or all, and left alone by `leaveAsIs`, over a link too', async () => {
    const { client, returned } = await bench({ paths: false, role: 'control' });
    const [page, engine] = createMemoryLinkPair();
    serveEngine(engine, client, { role: 'control', onRefused: () => undefined, onBug: () => undefined });
    const remote = connectEngine(page);
    expect(await remote.resend({ bridgeId: 'a' })).toEqual({ values: 1 });
    expect(await remote.resend({})).toEqual({ values: 2 });
    await remote.leaveAsIs({ bridgeId: 'a' });
    expect(returned).toEqual(['resend a', 'resend all', 'leave a']);
  });
});
