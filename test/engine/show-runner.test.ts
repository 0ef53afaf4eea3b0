import { afterEach, describe, expect, it } from 'vitest';
import { parseAddress } from '../../src-main/contract/address.ts';
import type { EngineEvents, EventName } from '../../src-main/contract/engine-api.ts';
import type { LiveMapping } from '../../src-main/contract/live-events.ts';
import { emptyShow, settingsSchema, signalRuleSchema, type ShowDocument } from '../../src-main/contract/show.ts';
import { f64, fromJson } from '../../src-main/contract/signal.ts';
import { createRouter, type Router } from '../../src-main/core/router/router.ts';
import { createShowRunner, type ShowRunner } from '../../src-main/engine/show-runner.ts';
import { createSystemRandom } from '../../src-main/platform/system-random.ts';
import { oscSettings } from '../bridges/bridge-settings.ts';
import { sampleMapping } from '../show-samples.ts';
import { silentLog } from '../silent-log.ts';
import { SimulatedClock } from '../simulated-clock.ts';

const running: ShowRunner[] = [];
afterEach(async () => {
  for (const runner of running.splice(0)) await runner.stop();
});

function runnerOf(router: Router, options: Partial<Parameters<typeof createShowRunner>[0]>): ShowRunner {
  const idle = { clock: new SimulatedClock(), hub: { emit: () => undefined }, onLive: () => undefined };
  const runner = createShowRunner({ ...idle, random: createSystemRandom(), log: silentLog, router, ...options });
  running.push(runner);
  return runner;
}

function bench() {
  const clock = new SimulatedClock();
  const router = createRouter({
    clock,
    random: createSystemRandom(),
    log: silentLog,
    name: 'test',
    defer: setImmediate,
  });
  const reports: LiveMapping[] = [];
  const told: { event: EventName; payload: EngineEvents[EventName] }[] = [];
  const runner = runnerOf(router, {
    clock,
    hub: { emit: (event, payload) => told.push({ event, payload }) },
    onLive: (report) => reports.push(report),
  });
  const heard: string[] = [];
  router.tap(({ signal }) => heard.push(signal.address));
  const hand = router.openLocal('hand', { echo: true });
  const say = async (address: string): Promise<void> => {
    hand.publish([{ kind: 'param', address: parseAddress(address), value: f64(1) }]);
    await new Promise(setImmediate);
  };
  return { clock, router, runner, reports, told, heard, say };
}

const desk = { ...oscSettings(), id: 'desk', name: 'Desk', enabled: false };
const show = (more: Partial<ShowDocument> = {}): ShowDocument => ({ ...emptyShow('gala', 'Gala'), ...more });
const toDesk = { ...sampleMapping(1), target: { ...sampleMapping(1).target, address: '/osc/1' } };

describe('the show that runs', () => {
  it('[EA19] says once which mappings reach nobody, and again when that changes', () => {
    const { runner, told } = bench();
    const problems = () => told.filter(({ event }) => event === 'problems').map(({ payload }) => payload);
    runner.apply(show({ bridges: [desk], mappings: [toDesk] }));
    runner.apply(show({ bridges: [desk], mappings: [toDesk], name: 'Gala 2' }));
    expect(problems()).toEqual([[{ mappingId: 'm1', code: 'no-device', reason: 'Desk is switched off' }]]);
    expect(runner.problems()).toEqual(problems()[0]);
    runner.apply(show({ bridges: [desk] }));
    expect(problems().at(-1)).toEqual([]);
    expect(runner.devices()).toMatchObject([{ bridgeId: 'desk', state: 'off' }]);
  });

  it('[EA28] runs the mappings of the document on the table, and none when it has stopped', async () => {
    const { runner, heard, say } = bench();
    runner.apply(show({ mappings: [sampleMapping(1)] }));
    await say('/desk/fader/1');
    expect(heard).toEqual(['/desk/fader/1', '/sacn/1/1']);
    await runner.stop();
    runner.apply(show({ mappings: [sampleMapping(2)], bridges: [desk] }));
    await say('/desk/fader/1');
    await say('/desk/fader/2');
    expect(heard).toEqual(['/desk/fader/1', '/sacn/1/1', '/desk/fader/1', '/desk/fader/2']);
    expect(runner.devices()).toEqual([]);
  });

  it('[RT140] says from the first write on how writes end that meet, and anew with each edit and each show', () => {
    const { router, runner } = bench();
    const hand = router.openLocal('other');
    const first = emptyShow('one', 'One');
    const ruled = (strategy: 'max' | 'min'): ShowDocument => ({
      ...first,
      signalRules: [signalRuleSchema.parse({ id: 'r', pattern: '/level/*', strategy })],
    });
    const [address, seen] = [parseAddress('/level/1'), [] as unknown[]];
    const write = (value: number): void => {
      const refusal = hand.publish([{ kind: 'param', address, value: f64(value) }]);
      seen.push(refusal?.code ?? value);
    };
    runner.apply(ruled('max'));
    for (const value of [5, 3]) write(value);
    runner.apply(ruled('min'));
    for (const value of [7, 2]) write(value);
    runner.apply(emptyShow('two', 'Two'));
    for (const value of [8, 1]) write(value);
    expect(seen).toEqual([5, 400, 400, 2, 8, 1]);
  });

  it.each([true, false])(
    '[RT265] judges late bundles as the show on the table says, unless the command line did: %s',
    (judgesLate) => {
      const { router } = bench();
      const told: unknown[] = [];
      router.judgeLate = (policy) => told.push(policy);
      const runner = runnerOf(router, { judgesLate });
      const late = (id: string, policy: 'run' | 'drop', toleranceMs: number): ShowDocument => ({
        ...emptyShow(id, id),
        settings: settingsSchema.parse({ lateBundles: { policy, toleranceMs } }),
      });
      const first = late('one', 'drop', 20);
      runner.apply(first);
      runner.apply({ ...first, name: 'Another' });
      runner.apply(late('two', 'run', 100));
      const policies = [
        { late: 'drop', tolerance: 20 },
        { late: 'run', tolerance: 100 },
      ];
      expect(told).toEqual(judgesLate ? policies : []);
    },
  );

  it('[RT149] shows at a mapping into such an address why nothing arrived', async () => {
    const { router, runner, reports, say } = bench();
    const signalRules = [signalRuleSchema.parse({ id: 'r', pattern: '/sacn/**', strategy: 'max' })];
    runner.apply({ ...emptyShow('gala', 'Gala'), mappings: [sampleMapping(1)], signalRules });
    router.openLocal('other').publish([{ kind: 'param', address: parseAddress('/sacn/1/1'), value: f64(9) }]);
    await say('/desk/fader/1');
    expect(reports.at(-1)?.refused).toBe('The highest number holds here: 9 stands');
    expect(router.get(parseAddress('/sacn/1/1'))).toEqual(f64(9));
  });

  it('[RT128] ends the timelines of the show before, and none for an edit', () => {
    const { clock, router, runner } = bench();
    const [address, timeline] = [parseAddress('/fade'), { keyframes: [{ time: 0, value: 0 }, { time: 1e6, value: 1 }] }]; // prettier-ignore
    runner.apply(show());
    router.openLocal('cue').publish([{ kind: 'timeline', address, value: fromJson(timeline) }]);
    clock.advance(500);
    runner.apply(show({ name: 'Gala 2' }));
    expect(router.timelines.list()).toHaveLength(1);
    runner.apply({ ...emptyShow('other', 'Other') });
    expect(router.timelines.list()).toEqual([]);
    clock.advance(1000);
    expect(router.get(address)).toEqual(f64(0.5));
  });

  it('[EA20] plays the demo while the demo is on the table', async () => {
    const { clock, runner, heard } = bench();
    const demo: ShowDocument = { ...emptyShow('demo', 'Demo') };
    runner.apply(demo);
    await clock.advanceAsync(100);
    expect(heard).toContain('/demo/wave/1');
    runner.apply({ ...demo, name: 'still the demo' });
    runner.apply(show());
    const before = heard.length;
    await clock.advanceAsync(1000);
    expect(heard).toHaveLength(before);
    await runner.stop();
    expect(clock.waiting).toBe(0);
  });

  it('[EA28] begins another show with nothing of the last one running, also where both have the same mapping', async () => {
    const { runner, heard, say } = bench();
    runner.apply(show({ mappings: [sampleMapping(1)] }));
    await say('/desk/fader/1');
    runner.apply(show({ id: 'tour', mappings: [sampleMapping(1)] }));
    await new Promise(setImmediate);
    expect(heard).toEqual(['/desk/fader/1', '/sacn/1/1', '/sacn/1/1']);
  });
});
