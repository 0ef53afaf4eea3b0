import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../src-main/contract/errors.ts';
import { micros, type Millis } from '../../src-main/contract/units.ts';
import { stopLimit } from '../../src-main/engine/bridge-attempt.ts';
import { overflowShown, publishesMax } from '../../src-main/engine/publish-limit.ts';
import { breaksMax, breaksRest, retryCap, retryCard, retryFirst } from '../../src-main/engine/supervised-bridge.ts';
import { Bench, gone, never, osc, param, sacn } from './supervisor-bench.ts';

const seed = 20261121;

describe('apply', () => {
  it('[SU1] starts what is switched on, and says off of what is not, in the order of the show', async () => {
    const bench = new Bench();
    await bench.apply(osc('b'), osc('a', {}, { enabled: false }));
    expect(bench.log).toEqual(['start b']);
    expect(bench.supervisor.statuses().map(({ bridgeId, state }) => [bridgeId, state])).toEqual([
      ['b', 'connected'],
      ['a', 'off'],
    ]);
  });

  it('[SU2] restarts exactly those whose settings changed; a new name or number restarts nothing', async () => {
    const bench = new Bench();
    await bench.apply(osc('a'), osc('b'), osc('c'));
    bench.log.splice(0);
    await bench.apply(osc('a', {}, { name: 'other', number: 9 }), osc('b', { listenPort: 8001 }));
    expect(bench.log).toEqual(['stop b', 'stop c', 'stopped b', 'stopped c', 'start b']);
    expect(bench.states).toEqual(['connected', 'connected']);
  });

  it('[SU3] starts nothing before what stops in the same call has stopped, so that a port can change hands', async () => {
    const bench = new Bench();
    await bench.apply(osc('a'));
    let release = (): void => undefined;
    bench.onStop = () => new Promise((resolve) => (release = resolve));
    await bench.apply(osc('b'));
    expect([bench.log, bench.states]).toEqual([['start a', 'stop a'], ['connecting']]);
    release();
    await bench.clock.advanceAsync(0);
    expect(bench.log).toEqual(['start a', 'stop a', 'stopped a', 'start b']);
  });

  it('[SU4] waits for a stop that hangs no longer than its limit', async () => {
    const bench = new Bench();
    await bench.apply(osc('a'));
    bench.onStop = never;
    await bench.apply(osc('b'));
    await bench.clock.advanceAsync(stopLimit - 1);
    expect(bench.log).not.toContain('start b');
    await bench.clock.advanceAsync(1);
    expect(bench.log).toContain('start b');
  });

  it('[SU5] lets nothing wait for a bridge that is slow to load or start', async () => {
    const bench = new Bench();
    bench.onLoad = async (name) => (name === 'slow-load' ? never() : undefined);
    bench.onStart = async (name) => (name === 'slow-start' ? never() : undefined);
    await bench.apply(osc('slow-load'), osc('slow-start'), osc('quick'));
    expect(bench.states).toEqual(['connecting', 'connecting', 'connected']);
  });

  it('[SU6] stops a bridge that was still starting once its start is over', async () => {
    const bench = new Bench();
    let started = (): void => undefined;
    bench.onStart = () => new Promise((resolve) => (started = resolve));
    await bench.apply(osc('a'));
    await bench.apply();
    expect(bench.log).toEqual(['start a']);
    started();
    await bench.clock.advanceAsync(0);
    expect([bench.log, bench.open]).toEqual([['start a', 'stop a', 'stopped a'], 0]);
  });

  it('[SU7] keeps at most one of each bridge open, and ends with what was asked last, whatever comes', async () => {
    const port = fc.integer({ min: 1, max: 3 });
    const step = fc.oneof(
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), port),
      fc.constantFrom('fault', 'wait' as const),
    );
    const property = fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const bench = new Bench();
      let wanted: Record<string, number> = {};
      for (const each of steps) {
        if (each === 'fault') bench.bridges.at(-1)?.host?.fault(gone);
        else if (each === 'wait') await bench.clock.advanceAsync(700);
        else
          bench.supervisor.apply(
            Object.entries((wanted = each)).map(([name, listenPort]) => osc(name, { listenPort })),
          );
        await bench.clock.advanceAsync(0);
        expect(bench.openTwice).toBe(false);
      }
      await bench.clock.advanceAsync(60_000);
      expect(bench.states).toEqual(Object.keys(wanted).map(() => 'connected'));
      expect(bench.open).toBe(Object.keys(wanted).length);
      await bench.supervisor.stopAll();
      expect([bench.open, bench.listeners.size, bench.clock.waiting]).toEqual([0, 0, 0]);
    });
    await fc.assert(property, { seed, numRuns: 150 });
  });
});

describe('signals', () => {
  it('[SU10] reach a bridge under its prefix only, and what it publishes reaches the router', async () => {
    const bench = new Bench();
    await bench.apply(osc('a', { prefix: '/desk' }));
    bench.deliver('/desk/fader/1');
    bench.deliver('/other/1');
    bench.last.host?.publish([param('/desk/in')]);
    expect(bench.last.applied).toEqual([param('/desk/fader/1')]);
    expect(bench.published).toEqual([param('/desk/in')]);
  });

  it('[SU52] that a bridge times wait in the router, within its bound, and not once it has ended', async () => {
    const bench = new Bench();
    await bench.apply(osc('desk'));
    const host = bench.bridges[0]?.host;
    const at = micros(5_000_000);
    expect(host?.schedule([param('/osc/a'), param('/osc/b')], at)).toBe('waits');
    expect(
      host?.schedule(
        Array.from({ length: publishesMax }, () => param('/osc/c')),
        at,
      ),
    ).toBe('full');
    expect(bench.scheduled).toEqual([{ signals: [param('/osc/a'), param('/osc/b')], at }]);
    await bench.apply();
    expect(host?.schedule([param('/osc/a')], at)).toBe('late');
    expect(bench.scheduled).toHaveLength(1);
  });

  it('[SU53] that are there under its prefix a bridge is told the addresses of', async () => {
    const bench = new Bench();
    bench.params.push(param('/osc/a'), param('/other/b'));
    await bench.apply(osc('desk'));
    expect(bench.bridges[0]?.host?.addresses()).toEqual(['/osc/a']);
  });

  it('[SU11] that are there already are applied when a bridge comes up, and again after a fault', async () => {
    const bench = new Bench();
    bench.params.push(param('/osc/1'), param('/else'));
    await bench.apply(osc('a'));
    expect(bench.last.applied).toEqual([param('/osc/1')]);
    bench.last.host?.fault(gone);
    await bench.clock.advanceAsync(retryFirst);
    expect(bench.bridges).toHaveLength(2);
    expect(bench.last.applied).toEqual([param('/osc/1')]);
  });

  it('[SU11] that a bridge wrote last itself are not sent back to its device when it comes up again', async () => {
    const bench = new Bench();
    bench.params.push(param('/osc/own'), param('/osc/others'));
    bench.writers.set('/osc/own', 'a');
    await bench.apply(osc('a'));
    expect(bench.last.applied).toEqual([param('/osc/others')]);
  });

  it('[SU14] that a bridge brings without end are bounded each second, counted, and put it in trouble', async () => {
    const bench = new Bench();
    await bench.apply(osc('a'));
    const flood = Array.from({ length: publishesMax + 10 }, () => param('/osc/1'));
    bench.last.host?.publish(flood);
    bench.last.host?.publish([param('/osc/last')]);
    expect(bench.published).toHaveLength(publishesMax);
    expect(bench.status).toMatchObject({
      state: 'trouble',
      reason: 'It brings more than 5000 signals a second; the rest is left out. Look for signals that go round.',
      refusedTotal: 9,
    });
    await bench.clock.advanceAsync(1000);
    expect(bench.published.slice(publishesMax)).toEqual([param('/osc/1'), param('/osc/last')]);
    await bench.clock.advanceAsync(overflowShown - 1000);
    expect(bench.status).toMatchObject({ state: 'connected', refusedTotal: 9 });
  });

  it('[SU48] that a bridge brings at most are what it says', async () => {
    const bench = new Bench();
    bench.bringsMax = 3;
    await bench.apply(osc('a'));
    bench.last.host?.publish(Array.from({ length: 5 }, () => param('/osc/1')));
    expect(bench.published).toHaveLength(3);
    expect(bench.status?.reason).toMatch(/^It brings more than 3 signals a second;/);
  });

  it('[SU14] that still wait do not pass a bridge that has failed', async () => {
    const bench = new Bench();
    await bench.apply(osc('a'));
    bench.last.host?.publish(Array.from({ length: publishesMax + 1 }, () => param('/osc/1')));
    bench.last.host?.fault(gone);
    await bench.clock.advanceAsync(5000);
    expect(bench.published).toHaveLength(publishesMax);
  });

  it('[SU12] pass a bridge that has failed or stopped neither way', async () => {
    const bench = new Bench();
    await bench.apply(osc('a'));
    const { last } = bench;
    last.host?.fault(gone);
    bench.deliver('/osc/1');
    last.host?.publish([param('/osc/in')]);
    expect([last.applied, bench.published, bench.listeners.size]).toEqual([[], [], 0]);
  });

  it('[SU13] that make a bridge throw take down that bridge alone', async () => {
    const bench = new Bench();
    await bench.apply(osc('a'), osc('b'));
    const [first, second] = bench.bridges;
    if (first)
      first.onApply = () => {
        throw new Error('boom');
      };
    bench.deliver('/osc/1');
    expect(bench.states).toEqual(['broken', 'connected']);
    expect(bench.status?.reason).toBe('Something inside this bridge failed. Flyrail keeps trying.');
    expect(second?.applied).toHaveLength(1);
  });
});

describe('a fault', () => {
  it('[SU20] shows why and when the next try comes, stops the bridge, and tries with a new one', async () => {
    const bench = new Bench();
    await bench.apply(osc('a'));
    bench.last.host?.fault(gone);
    bench.last.host?.fault(new UnavailableError('cannot-send', 'Second.'));
    const retryAt = bench.clock.nowMicros() / 1000 + retryFirst;
    expect(bench.status).toMatchObject({
      state: 'broken',
      reason: 'Port 8000 is taken. Flyrail keeps trying.',
      retryAt,
    });
    await bench.clock.advanceAsync(retryFirst);
    expect(bench.log).toEqual(['start a', 'stop a', 'stopped a', 'start a']);
    expect(bench.status).toMatchObject({ state: 'connected', reason: 'Listening.', retryAt: null });
  });

  it('[SU21] at every start is answered by tries without end, at longer and longer waits up to a cap', async () => {
    const bench = new Bench();
    const tries: number[] = [];
    bench.onStart = () => {
      tries.push(bench.clock.nowMicros() / 1000);
      return Promise.reject(gone);
    };
    await bench.apply(osc('a'));
    await bench.clock.advanceAsync(3_600_000);
    const waits = tries.slice(1).map((at, i) => at - (tries[i] ?? 0));
    expect(waits.slice(0, 7)).toEqual([500, 1000, 2000, 4000, 8000, retryCap, retryCap]);
    expect(Math.max(...waits)).toBe(retryCap);
    expect(tries.length).toBeGreaterThan(100);
    expect(bench.log.filter((line) => line === 'start a')).toHaveLength(tries.length);
    expect(bench.open).toBe(0);
  });

  it(`[SU22] ${breaksMax} times within a minute of running gives the bridge a rest, even if each start succeeds`, async () => {
    const bench = new Bench();
    await bench.apply(osc('a'));
    for (let i = 1; i < breaksMax; i++) {
      bench.last.host?.fault(gone);
      await bench.clock.advanceAsync(9000);
    }
    expect(bench.states).toEqual(['connected']);
    bench.last.host?.fault(gone);
    expect(bench.status?.retryAt).toBe(bench.clock.nowMicros() / 1000 + breaksRest);
    await bench.clock.advanceAsync(breaksRest);
    expect(bench.states).toEqual(['connected']);
  });

  it('[SU22] while it cannot start is no break: a port that comes free is taken at the next short try', async () => {
    const bench = new Bench();
    bench.onStart = () => Promise.reject(gone);
    await bench.apply(osc('a'));
    await bench.clock.advanceAsync(8000);
    expect(bench.status?.retryAt).toBeLessThanOrEqual(bench.clock.nowMicros() / 1000 + retryCap);
    const dueAt = bench.status?.retryAt ?? 0;
    bench.onStart = async () => undefined;
    await bench.clock.advanceAsync(dueAt - bench.clock.nowMicros() / 1000 - 1);
    expect(bench.states).toEqual(['broken']);
    await bench.clock.advanceAsync(1);
    expect(bench.states).toEqual(['connected']);
  });

  it('[SA56] for want of a network card has it looked for every half second, in one state, and is no break', async () => {
    const bench = new Bench();
    const away = new UnavailableError('no-network-card', 'The card is not there.');
    await bench.apply(osc('a'));
    for (let i = 0; i <= breaksMax; i++) {
      bench.onStart = () => Promise.reject(away);
      bench.last.host?.fault(away);
      bench.reports.splice(0);
      await bench.clock.advanceAsync(7000);
      expect(bench.states).toEqual(['broken']);
      expect(bench.reports.flat().every(({ state }) => state === 'broken')).toBe(true);
      expect(bench.status?.reason).toBe('The card is not there. Flyrail keeps trying.');
      bench.onStart = async () => undefined;
      await bench.clock.advanceAsync(retryCard);
      expect(bench.states).toEqual(['connected']);
    }
    bench.last.host?.fault(gone);
    expect(bench.status?.retryAt).toBe(bench.clock.nowMicros() / 1000 + retryFirst);
    await bench.clock.advanceAsync(retryFirst);
    expect(bench.states).toEqual(['connected']);
  });

  it('[SU23] after a long sound run begins with the shortest wait again', async () => {
    const bench = new Bench();
    await bench.apply(osc('a'));
    bench.last.host?.fault(gone);
    await bench.clock.advanceAsync(retryFirst);
    bench.last.host?.fault(gone);
    expect(bench.status?.retryAt).toBe(bench.clock.nowMicros() / 1000 + 2 * retryFirst);
    await bench.clock.advanceAsync(120_000);
    bench.last.host?.fault(gone);
    expect(bench.status?.retryAt).toBe(bench.clock.nowMicros() / 1000 + retryFirst);
  });

  it('[SU24] while loading, in the prefix, during start, in stop or in status never escapes', async () => {
    const bench = new Bench();
    bench.onLoad = async (name) => {
      if (name === 'load') throw new Error('no such library');
    };
    bench.onStart = async (name, host) => {
      if (name === 'start') host.fault(gone);
    };
    bench.onStop = () => Promise.reject(new Error('stuck'));
    await bench.apply(osc('load'), osc('prefix', { prefix: 'no-slash' }), osc('start'), osc('status'));
    bench.last.onStatus = () => {
      throw new Error('boom');
    };
    expect(bench.states).toEqual(['broken', 'broken', 'broken', 'broken']);
    expect(bench.supervisor.statuses().map(({ reason }) => reason)).toEqual([
      'Something inside Flyrail failed. Flyrail keeps trying.',
      'It starts with a slash: /desk/fader/1. Flyrail keeps trying.',
      'Port 8000 is taken. Flyrail keeps trying.',
      'Something inside this bridge failed. Flyrail keeps trying.',
    ]);
  });
});

describe('statuses', () => {
  it('[SU25] are given at once when a state changes, and each second with rates', async () => {
    const bench = new Bench();
    await bench.apply(osc('a'));
    expect(bench.reports.map(([status]) => status?.state)).toEqual(['connecting', 'connected']);
    bench.last.health = { ...bench.last.health, inTotal: 44, outTotal: 7, seenAt: 5 as Millis };
    await bench.clock.advanceAsync(1000);
    expect(bench.reports).toHaveLength(3);
    expect(bench.reports.at(-1)?.[0]).toMatchObject({ inPerSecond: 44, outPerSecond: 7, inTotal: 44, seenAt: 5 });
    bench.last.host?.fault(gone);
    expect(bench.reports.at(-1)?.[0]).toMatchObject({ state: 'broken', url: '0.0.0.0:8000', seenAt: 5 });
  });

  it('[SU26] find a bridge broken that fails to give its own, in the same report', async () => {
    const bench = new Bench();
    await bench.apply(osc('a'));
    bench.last.onStatus = () => {
      throw new Error('boom');
    };
    bench.reports.splice(0);
    bench.clock.advance(1000);
    expect(bench.reports.map(([status]) => status?.state)).toEqual(['broken']);
  });

  it('[SU27] of the later of two sACN bridges with the same universes say so, until that is repaired', async () => {
    const bench = new Bench();
    const [a, b] = ['3f1c1d5e-6c3b-4d0e-9a55-0d6f3a0e7f11', '3f1c1d5e-6c3b-4d0e-9a55-0d6f3a0e7f12'];
    await bench.apply(sacn('node-a', a), sacn('node-b', b));
    expect(bench.supervisor.statuses().map(({ state, reason }) => [state, reason])).toEqual([
      ['connected', 'Listening.'],
      ['trouble', 'node-a sends universes 1–4 too. Receivers see both.'],
    ]);
    await bench.apply(sacn('node-b', b));
    expect(bench.states).toEqual(['connected']);
  });

  it('[SU27] of one that has a universe and the CID of another say that first, and what to do', async () => {
    const bench = new Bench();
    const [a, b] = ['3f1c1d5e-6c3b-4d0e-9a55-0d6f3a0e7f11', '3f1c1d5e-6c3b-4d0e-9a55-0d6f3a0e7f12'];
    await bench.apply(sacn('node-a', a), sacn('node-b', b), sacn('node-c', b.toUpperCase()));
    expect(bench.supervisor.statuses()[2]?.reason).toBe(
      'node-b sends universes 1–4 too. Both have the same component identifier (CID), so receivers drop packets of ' +
        'either. Delete this one and add it anew: it gets its own.',
    );
  });

  it('[SU54] of two between which levels go round say so before all else, until that is repaired', async () => {
    const bench = new Bench();
    const [a, b] = ['3f1c1d5e-6c3b-4d0e-9a55-0d6f3a0e7f11', '3f1c1d5e-6c3b-4d0e-9a55-0d6f3a0e7f12'];
    const receive = [{ first: 4, last: 4 }];
    const universes = [{ first: 1, last: 1, priority: 100 }];
    await bench.apply(sacn('node-a', a), sacn('node-b', b, { universes, receive }));
    const reason = 'node-a sends universe 4 under /sacn too: what comes in goes out and comes in again';
    expect(bench.supervisor.statuses()[1]).toMatchObject({
      state: 'trouble',
      reason: expect.stringContaining(reason) as string,
    });
    await bench.apply(sacn('node-a', a), sacn('node-b', b, { universes: [], receive, prefix: '/in' }));
    expect(bench.states).toEqual(['connected', 'connected']);
  });

  it('[SU17] put what lasts before what the bridge says of the moment, and hide neither', async () => {
    const bench = new Bench();
    const [a, b] = ['3f1c1d5e-6c3b-4d0e-9a55-0d6f3a0e7f11', '3f1c1d5e-6c3b-4d0e-9a55-0d6f3a0e7f12'];
    await bench.apply(sacn('node-a', a), sacn('node-b', b));
    bench.last.health = { ...bench.last.health, state: 'trouble', reason: 'Refused: /sacn/1/600.' };
    expect(bench.supervisor.statuses()[1]).toMatchObject({
      state: 'trouble',
      reason: 'node-a sends universes 1–4 too. Receivers see both. Refused: /sacn/1/600.',
    });
  });
});

describe('OSC feedback', () => {
  it('[SU29] is told by the status of the bridge that sends, until that is repaired', async () => {
    const bench = new Bench();
    const desk = osc('desk', { listenPort: 8000, targets: [{ host: '10.0.0.5', port: 8001 }] });
    await bench.apply(desk, osc('phone', { listenPort: 8001, direction: 'in' }));
    expect(bench.supervisor.statuses().map(({ state, reason }) => [state, reason])).toEqual([
      ['trouble', 'Sends to phone, a bridge of this show: signals could go round.'],
      ['connected', 'Listening.'],
    ]);
    await bench.apply(desk, osc('phone', { listenPort: 8002, direction: 'in' }));
    expect(bench.states).toEqual(['connected', 'connected']);
  });
});

describe('stopAll', () => {
  it('[SU28] cuts all bridges off, stops each, waits for the slow up to the limit, and is the end', async () => {
    const bench = new Bench();
    await bench.apply(osc('a'), osc('b'));
    bench.onStop = async (name) => (name === 'a' ? never() : undefined);
    const stopping = bench.supervisor.stopAll();
    bench.deliver('/osc/1');
    await bench.clock.advanceAsync(stopLimit);
    await stopping;
    expect(bench.log).toEqual(['start a', 'start b', 'stop a', 'stop b', 'stopped b']);
    expect(bench.bridges.flatMap(({ applied }) => applied)).toEqual([]);
    const reports = bench.reports.length;
    await bench.apply(osc('c'));
    await bench.clock.advanceAsync(5000);
    expect([bench.log.includes('start c'), bench.reports.length, bench.clock.waiting]).toEqual([false, reports, 0]);
  });
});
