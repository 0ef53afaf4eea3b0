import { describe, expect, it } from 'vitest';
import { parseAddress, parsePattern } from '../../src-main/contract/address.ts';
import type {
  EngineStats,
  LearnBatch,
  LiveBatch,
  LiveMapping,
  MonitorBatch,
} from '../../src-main/contract/live-events.ts';
import { f64, type Signal } from '../../src-main/contract/signal.ts';
import { micros, millis } from '../../src-main/contract/units.ts';
import type { Delivery } from '../../src-main/core/router/delivery/delivery.ts';
import { followLearn, learnAddressesMax, learnShownMax } from '../../src-main/engine/feeds/learn-feed.ts';
import { createLiveFeed } from '../../src-main/engine/feeds/live-feed.ts';
import { followMonitor, monitorBatchMax } from '../../src-main/engine/feeds/monitor-feed.ts';
import { createStatsFeed } from '../../src-main/engine/feeds/stats-feed.ts';
import { RouterFixture } from '../core/router/router-fixture.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import { sampleMapping } from './bridge-samples.ts';

function tappable(clock: SimulatedClock) {
  const taps = new Set<(delivery: Delivery) => void>();
  return {
    taps,
    current: () => [],
    tap: (run: (delivery: Delivery) => void) => {
      taps.add(run);
      return () => taps.delete(run);
    },
    hear: (signal: Signal) => {
      for (const run of taps) run({ signal, from: 'desk', fromLocal: false, at: clock.nowMicros() });
    },
    say: (address: string, value = 0, more: Partial<Delivery> & { kind?: 'param' | 'event' } = {}) => {
      const signal: Signal = { kind: more.kind ?? 'param', address: parseAddress(address), value: f64(value) };
      const delivery = { signal, from: 'desk', fromLocal: false, at: clock.nowMicros(), ...more } as Delivery;
      for (const run of taps) run(delivery);
    },
  };
}

function live(mappingId: string, value: number, count = 1): LiveMapping {
  const common = {
    sourceAddress: '/a',
    targetAddress: '/b',
    kind: 'param',
    refused: null,
    latencyMicros: micros(10),
    at: millis(0),
  } as const;
  return { mappingId, source: f64(value), target: f64(value), count, ...common };
}

describe('live feed', () => {
  it('[EA12] batches the newest value of each mapping with the number of signals it stands for', async () => {
    const clock = new SimulatedClock();
    const feed = createLiveFeed(clock);
    const batches: LiveBatch[] = [];
    feed.follow((batch) => batches.push(batch));
    for (let i = 1; i <= 10; i++) feed.report(live('one', i));
    feed.report(live('two', 5));
    await clock.advanceAsync(17);
    expect(batches).toHaveLength(1);
    expect(batches[0]?.mappings).toEqual([live('one', 10, 10), live('two', 5)]);
    await clock.advanceAsync(1000);
    expect(batches).toHaveLength(1);
  });

  it('[EA12] forgets mappings that are gone or lead elsewhere, also what waits for them', async () => {
    const clock = new SimulatedClock();
    const feed = createLiveFeed(clock);
    const batches: LiveBatch[] = [];
    feed.follow((batch) => batches.push(batch));
    const [kept, gone, moved] = [1, 2, 3].map((n) => sampleMapping(n, { from: `/a/${n}`, to: `/b/${n}` }));
    if (!kept || !gone || !moved) throw new Error('three mappings');
    feed.keep([kept, gone, moved]);
    for (const { id } of [kept, gone, moved]) feed.report(live(id, 1));
    feed.keep([
      { ...kept, name: 'renamed' },
      { ...moved, source: { pattern: '/elsewhere' } },
    ]);
    await clock.advanceAsync(17);
    expect(batches[0]?.mappings.map(({ mappingId }) => mappingId)).toEqual([kept.id]);
    expect(feed.newest().map(({ mappingId }) => mappingId)).toEqual([kept.id]);
  });
});

describe('monitor feed', () => {
  it('[EA13] shows what the pattern covers, numbered, and stops when cancelled', async () => {
    const clock = new SimulatedClock();
    const router = tappable(clock);
    const batches: MonitorBatch[] = [];
    const describe = () => ({ direction: 'in', device: 'desk', because: '', trouble: false }) as const;
    const send = (batch: MonitorBatch) => batches.push(batch);
    const stop = followMonitor({ router, clock, describe, pattern: parsePattern('/desk/**'), send });
    router.say('/desk/1', 1);
    router.say('/other', 2);
    router.say('/desk/2', 3);
    await clock.advanceAsync(34);
    expect(batches).toHaveLength(1);
    expect(batches[0]).toMatchObject({
      skipped: 0,
      entries: [
        { sequence: 1, address: '/desk/1' },
        { sequence: 2, address: '/desk/2' },
      ],
    });
    stop();
    expect(router.taps.size).toBe(0);
  });

  it('[RT158] tells of a batch of samples how many came, how fast and between what', async () => {
    const clock = new SimulatedClock();
    const router = tappable(clock);
    const batches: MonitorBatch[] = [];
    const describe = () => ({ direction: 'in', device: 'desk', because: '', trouble: false }) as const;
    followMonitor({ router, clock, describe, pattern: parsePattern('/**'), send: (batch) => batches.push(batch) });
    const stream = { kind: 'stream', address: parseAddress('/wave'), value: f64(2) } as const;
    router.hear({ ...stream, samples: [3, -1, 2], rate: 50 });
    router.hear({ ...stream, samples: [2, 2] });
    router.hear({ ...stream, samples: [2] });
    await clock.advanceAsync(34);
    expect(batches[0]?.entries.map(({ batch }) => batch)).toEqual([
      { count: 3, rate: 50, lowest: -1, highest: 3 },
      { count: 2, rate: null, lowest: 2, highest: 2 },
      undefined,
    ]);
  });

  it('[EA13] keeps the newest lines of a flood and counts the rest', async () => {
    const clock = new SimulatedClock();
    const router = tappable(clock);
    const batches: MonitorBatch[] = [];
    const describe = () => ({ direction: 'in', device: 'desk', because: '', trouble: false }) as const;
    followMonitor({ router, clock, describe, pattern: parsePattern('/**'), send: (batch) => batches.push(batch) });
    for (let i = 1; i <= monitorBatchMax + 300; i++) router.say('/desk/1', i);
    await clock.advanceAsync(34);
    expect(batches[0]?.entries).toHaveLength(monitorBatchMax);
    expect(batches[0]?.skipped).toBe(300);
    expect(batches[0]?.entries.at(-1)?.sequence).toBe(monitorBatchMax + 300);
  });
});

describe('learn feed', () => {
  it('[EA14] puts the control that moved most first and a noisy sensor behind it', async () => {
    const clock = new SimulatedClock();
    const router = tappable(clock);
    const heard: LearnBatch[] = [];
    followLearn({ router, clock, send: (batch) => heard.push(batch) });
    for (let i = 0; i <= 10; i++) router.say('/desk/fader/1', i / 10);
    for (let i = 0; i < 40; i++) router.say('/sensor', 20 + (i % 2) / 100);
    await clock.advanceAsync(100);
    expect(heard.at(-1)?.candidates.map(({ address }) => address)).toEqual(['/desk/fader/1', '/sensor']);
    expect(heard.at(-1)?.candidates[0]?.travel).toBeCloseTo(1, 9);
    expect(heard.at(-1)?.candidates[1]?.count).toBe(40);
    expect(heard.at(-1)?.among).toBe(2);
  });

  it('[EA14] offers a pressed key, and leaves out what Flyrail made itself', async () => {
    const clock = new SimulatedClock();
    const router = tappable(clock);
    const heard: LearnBatch[] = [];
    followLearn({ router, clock, send: (batch) => heard.push(batch) });
    router.say('/pad/36', 1, { kind: 'event' });
    router.say('/sacn/1/1', 200, { cause: { because: 'set 1', hops: 1, arrivedAt: clock.nowMicros() } });
    await clock.advanceAsync(100);
    expect(heard.at(-1)?.candidates.map(({ address }) => address)).toEqual(['/pad/36']);
  });

  it('[EA14] stays bounded when everything on the network speaks', async () => {
    const clock = new SimulatedClock();
    const router = tappable(clock);
    const heard: LearnBatch[] = [];
    followLearn({ router, clock, send: (batch) => heard.push(batch) });
    for (let i = 0; i < learnAddressesMax * 3; i++) router.say(`/noise/${i}`, i);
    router.say('/noise/0', 5);
    await clock.advanceAsync(100);
    expect(heard.at(-1)?.candidates).toHaveLength(learnShownMax);
    // Address 0 had been forgotten meanwhile: it starts anew and has not travelled.
    expect(heard.at(-1)?.candidates.some(({ travel }) => travel > 0)).toBe(false);
  });
});

const noStats = new RouterFixture().router.stats();

describe('stats feed', () => {
  it('[EA15] gives the rate over the last second and a p99 only while there is traffic', async () => {
    const clock = new SimulatedClock();
    let messagesTotal = 0;
    const sent: EngineStats[] = [];
    const router = {
      stats: () => ({
        ...noStats,
        messagesTotal,
        droppedTotal: 1,
        refusedTotal: { 100: 2 },
        sessions: 3,
        params: 4,
      }),
    };
    const stats = createStatsFeed({ router, clock, refused: () => 5, send: (now) => sent.push(now) });
    for (let i = 1; i <= 100; i++) stats.routed(micros(i));
    messagesTotal = 480;
    await clock.advanceAsync(1000);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({
      messagesPerSecond: 480,
      dropped: 1,
      refused: 7,
      sessions: 3,
      params: 4,
      routeP99Micros: 100,
    });
    await clock.advanceAsync(11_000);
    expect(sent.at(-1)).toMatchObject({ messagesPerSecond: 0, routeP99Micros: null, uptimeSeconds: 12 });
    stats.stop();
    expect(clock.waiting).toBe(0);
  });
});
