import { describe, expect, it } from 'vitest';
import type { Bridge as BridgeSettings } from '../../src-main/contract/show.ts';
import type { Signal } from '../../src-main/contract/signal.ts';
import { retryFirst } from '../../src-main/engine/supervised-bridge.ts';
import { Bench, gone, held, osc, param, sacn } from './supervisor-bench.ts';

describe('a bridge that can take over its settings', () => {
  it('[SU8] goes on with them, and its next try after a fault has them', async () => {
    const bench = new Bench();
    await bench.apply(osc('a'));
    const taken: BridgeSettings[] = [];
    bench.last.onChange = (settings) => taken.push(settings) > 0;
    await bench.apply(osc('a', { listenPort: 8001 }));
    await bench.apply(osc('a', { listenPort: 8001 }, { name: 'b' }));
    expect([bench.log, taken, bench.states]).toEqual([['start a'], [osc('a', { listenPort: 8001 })], ['connected']]);
    bench.last.host?.fault(gone);
    await bench.clock.advanceAsync(retryFirst);
    expect(bench.log.at(-1)).toBe('start b');
  });

  it('[SU8] is given the params under its prefix in the order of their writing', async () => {
    const bench = new Bench();
    await bench.apply(osc('a'));
    for (const address of ['/osc/1', '/osc/2', '/else', '/osc/1']) {
      bench.clock.advance(1);
      bench.write(address);
    }
    let given: readonly Signal[] = [];
    bench.last.onChange = (_settings, current) => (given = current()).length > 0;
    await bench.apply(osc('a', { listenPort: 8001 }));
    expect(given).toEqual([param('/osc/2'), param('/osc/1')]);
  });

  it.each<[string, (bench: Bench) => BridgeSettings]>([
    ['is not up', (bench) => (bench.last.host?.fault(gone), osc('a', { listenPort: 8001 }))],
    ['is switched off', () => osc('a', {}, { enabled: false })],
    ['gets another prefix', () => osc('a', { prefix: '/desk' })],
    ['becomes another kind', () => sacn('a', '3f1c1d5e-6c3b-4d0e-9a55-0d6f3a0e7f11')],
    [
      'throws',
      (bench) => (
        (bench.last.onChange = () => {
          throw new Error('boom');
        }),
        osc('a', { listenPort: 8001 })
      ),
    ],
  ])('[SU8] is ended and made anew when it %s', async (_why, next) => {
    const bench = new Bench();
    await bench.apply(osc('a'));
    bench.last.onChange = () => true;
    const settings = next(bench);
    await bench.apply(settings);
    expect(bench.log.slice(0, 3)).toEqual(['start a', 'stop a', 'stopped a']);
    expect(bench.states).toEqual([settings.enabled ? 'connected' : 'off']);
  });
});

describe('what a bridge refused', () => {
  it('[SU18] stands in its status until the bridge says it no more, or is down', async () => {
    const bench = new Bench();
    await bench.apply(osc('a'));
    const sound = bench.last.health;
    const refused = { address: '/osc/1', why: 'the value is no level' };
    expect(bench.status).not.toHaveProperty('refused');
    bench.last.health = { ...sound, refused };
    expect(bench.status?.refused).toEqual(refused);
    bench.last.health = sound;
    expect(bench.status).not.toHaveProperty('refused');
    bench.last.health = { ...sound, refused };
    bench.last.host?.fault(gone);
    expect(bench.status).not.toHaveProperty('refused');
  });
});

describe('what a bridge holds', () => {
  it.each<[string, (bench: Bench) => Promise<void>]>([
    ['after a fault', async ({ last, clock }) => (last.host?.fault(gone), clock.advanceAsync(retryFirst))],
    ['after a change of settings', (bench) => bench.apply(osc('a', { listenPort: 8001 }))],
    [
      'when it was switched off',
      async (bench) => (await bench.apply(osc('a', {}, { enabled: false })), bench.apply(osc('a'))),
    ],
    [
      'when it was removed',
      async (bench) => (await bench.apply(), await bench.clock.advanceAsync(60_000), bench.apply(osc('a'))),
    ],
  ])('[SU15] is given to the one that follows it %s', async (_when, restart) => {
    const bench = new Bench();
    bench.write('/osc/before');
    await bench.apply(osc('a'));
    bench.last.holds = [held('/osc/1')];
    await restart(bench);
    expect(bench.last.applied).toEqual([param('/osc/before'), held('/osc/1')]);
  });

  it('[SU15] comes after the params it had and before those written since, also over tries that do not come up', async () => {
    const bench = new Bench();
    bench.write('/osc/old');
    await bench.apply(osc('a'));
    bench.clock.advance(1);
    bench.write('/osc/heard');
    bench.last.holds = [held('/osc/1')];
    let fails = 2;
    bench.onStart = async () => {
      if (fails-- > 0) throw gone;
    };
    bench.last.host?.fault(gone);
    bench.clock.advance(1);
    bench.write('/osc/old');
    await bench.clock.advanceAsync(10_000);
    expect(bench.bridges).toHaveLength(4);
    expect(bench.last.applied).toEqual([param('/osc/heard'), held('/osc/1'), param('/osc/old')]);
  });

  it('[SU15] is given back to outputs that a change ended and a later one begins, after the params they had, and to the next bridge', async () => {
    const bench = new Bench();
    await bench.apply(osc('a'));
    bench.clock.advance(1);
    bench.write('/osc/heard');
    bench.last.onChange = (_settings, _current, keep) => (keep([held('/osc/1')]), true);
    await bench.apply(osc('a', { listenPort: 8001 }));
    bench.clock.advance(1);
    bench.write('/osc/since');
    let given: readonly Signal[] = [];
    bench.last.onChange = (_settings, current) => (given = current()).length > 0;
    await bench.apply(osc('a'));
    const all = [param('/osc/heard'), held('/osc/1'), param('/osc/since')];
    expect(given).toEqual(all);
    bench.last.holds = [held('/osc/2')];
    bench.last.host?.fault(gone);
    await bench.clock.advanceAsync(retryFirst);
    expect(bench.last.applied).toEqual([...all, held('/osc/2')]);
  });

  it('[SU15] is given back under each prefix that the bridge had', async () => {
    const bench = new Bench();
    for (const prefix of ['/osc', '/x', '/y']) {
      await bench.apply(osc('a', { prefix }));
      expect(bench.last.applied).toEqual([]);
      bench.last.holds = [held(`${prefix}/1`)];
    }
    for (const prefix of ['/x', '/osc']) {
      await bench.apply(osc('a', { prefix }));
      expect(bench.last.applied).toEqual([held(`${prefix}/1`)]);
    }
  });

  it('[SU15] has with it where the bridge counts on from', async () => {
    const bench = new Bench();
    await bench.apply(osc('a'));
    bench.last.host?.counts.set(1, 7);
    await bench.apply(osc('a', { listenPort: 8001 }));
    expect([bench.bridges.length, bench.last.host?.counts.get(1)]).toEqual([2, 7]);
    bench.supervisor.clear();
    await bench.apply(osc('a'));
    expect(bench.last.host?.counts.size).toBe(0);
  });

  it('[SU15] stays with its id and its prefix', async () => {
    const bench = new Bench();
    await bench.apply(osc('a'));
    bench.last.holds = [held('/osc/1')];
    await bench.apply(osc('b'));
    expect(bench.last.applied).toEqual([]);
    await bench.apply(osc('a', { prefix: '/desk' }));
    expect(bench.last.applied).toEqual([]);
  });

  it('[SU16] is forgotten when another show begins', async () => {
    const bench = new Bench();
    await bench.apply(osc('a'));
    bench.last.holds = [held('/osc/1')];
    bench.supervisor.clear();
    expect(bench.supervisor.statuses()).toEqual([]);
    await bench.apply(osc('a'));
    expect(bench.bridges).toHaveLength(2);
    expect(bench.last.applied).toEqual([]);
  });
});

describe('a bridge that ends', () => {
  it.each<[string, (bench: Bench) => unknown, readonly (BridgeSettings | undefined)[]]>([
    ['is deleted', (bench) => bench.apply(), [undefined]],
    ['leaves with its show', (bench) => bench.supervisor.clear(), [undefined]],
    [
      'gets settings that it cannot take over',
      (bench) => bench.apply(osc('a', { listenPort: 8001 })),
      [osc('a', { listenPort: 8001 })],
    ],
    ['is switched off', (bench) => bench.apply(osc('a', {}, { enabled: false })), [osc('a', {}, { enabled: false })]],
    ['gets another name', (bench) => bench.apply(osc('a', {}, { name: 'b' })), []],
    ['ends with Flyrail', (bench) => bench.supervisor.stopAll(), []],
  ])('[SU60] hears what takes its place, before it is stopped, when it %s', async (_when, run, expected) => {
    const bench = new Bench();
    await bench.apply(osc('a'));
    const heard: (BridgeSettings | undefined)[] = [];
    bench.last.onRetire = (next) => {
      expect(bench.log).not.toContain('stop a');
      heard.push(next);
    };
    await run(bench);
    await bench.clock.advanceAsync(0);
    expect(heard).toEqual(expected);
  });

  it('[SU60] ends all the same when it throws at that', async () => {
    const bench = new Bench();
    await bench.apply(osc('a'));
    bench.last.onRetire = () => {
      throw new Error('bug');
    };
    await bench.apply();
    expect(bench.log.at(-1)).toBe('stopped a');
  });
});
