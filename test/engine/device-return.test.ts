import { describe, expect, it } from 'vitest';
import { AppError } from '../../src-main/contract/errors.ts';
import type { ReturnPolicy } from '../../src-main/contract/bridges/bridge-head.ts';
import { nullValue } from '../../src-main/contract/signal.ts';
import { micros } from '../../src-main/contract/units.ts';
import { DeviceReturn } from '../../src-main/engine/device-return.ts';
import { SentValues, unsureFor } from '../../src-main/engine/sent-values.ts';
import { retryFirst } from '../../src-main/engine/supervised-bridge.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import { Bench, gone, osc, param, sacn } from './supervisor-bench.ts';

const cid = '3f1c1d5e-6c3b-4d0e-9a55-0d6f3a0e7f11';

/** A bridge of messages with two params that stand; those it was given at its start are forgotten. */
async function desk(onReturn: ReturnPolicy): Promise<Bench> {
  const bench = new Bench();
  bench.framed = false;
  bench.write('/osc/1', 0.1);
  bench.write('/osc/2', 0.2);
  await bench.apply(osc('a', {}, { onReturn }));
  return bench;
}

/** What the last bridge was given since this was asked last. */
function given(bench: Bench) {
  return bench.last.applied.splice(0);
}

describe('a device that is away', () => {
  it('[SU42] is waited for by a bridge that is up, and gets what stands whenever it is there', async () => {
    const bench = new Bench();
    bench.framed = false;
    bench.write('/osc/1', 0.1);
    bench.onStart = async () => bench.unplug();
    await bench.apply(osc('a'));
    expect(given(bench)).toEqual([]);
    expect(bench.status).toMatchObject({ state: 'broken', reason: 'Unplugged.', retryAt: null });
    bench.plugIn();
    expect(given(bench)).toEqual([param('/osc/1', 0.1)]);
    bench.unplug();
    bench.write('/osc/2', 0.2);
    given(bench);
    bench.plugIn();
    expect(given(bench)).toEqual([param('/osc/1', 0.1), param('/osc/2', 0.2)]);
    expect([bench.states, bench.log]).toEqual([['connected'], ['start a']]);
  });

  it('[SU42] that is said to be there while its bridge starts, or after its end, gets nothing by that', async () => {
    const bench = await desk('resend');
    const [first] = bench.bridges;
    expect(given(bench)).toHaveLength(2);
    first?.host?.fault(gone);
    first?.host?.returned();
    expect(given(bench)).toEqual([]);
    bench.onStart = async (_name, host) => host.returned();
    await bench.clock.advanceAsync(retryFirst);
    expect(given(bench)).toHaveLength(2);
  });
});

describe('what waits for a word', () => {
  it('[SU71] is counted once, and again where one more is set, one goes, or the device says one itself', () => {
    const stands = ['/osc/1', '/osc/2'].map((address) => ({ signal: param(address, 1), at: micros(0) }));
    let counted = 0;
    const standing = (): typeof stands => {
      counted++;
      return stands;
    };
    const [clock, sent] = [new SimulatedClock(), new SentValues()];
    const device = new DeviceReturn({
      clock,
      policy: () => 'ask',
      isFramed: false,
      sent,
      standing,
      isAway: () => false,
    });
    device.comeUp();
    expect([device.asked, device.asked, counted]).toEqual([2, 2, 1]);
    device.hear([param('/osc/1', 2), { ...param('/osc/go', 1), kind: 'event' }]);
    device.overtake([param('/osc/9', 2)]);
    expect([device.asked, counted]).toEqual([2, 1]);
    stands.push({ signal: param('/osc/3', 1), at: micros(1) });
    device.hear([param('/osc/3', 1)]);
    expect([device.asked, counted]).toEqual([3, 2]);
    stands.pop();
    device.hear([{ ...param('/osc/3', 0), value: nullValue }]);
    expect([device.asked, counted]).toEqual([2, 3]);
    device.overtake([param('/osc/2', 2)]);
    expect([device.asked, counted]).toEqual([2, 4]);
    device.leave();
    expect([device.asked, counted]).toEqual([undefined, 4]);
  });
});

describe('what a device gets that comes back', () => {
  it('[SU43] is everything that stands with `resend`', async () => {
    const bench = await desk('resend');
    expect(given(bench)).toEqual([param('/osc/1', 0.1), param('/osc/2', 0.2)]);
    bench.plugIn();
    expect(given(bench)).toEqual([param('/osc/1', 0.1), param('/osc/2', 0.2)]);
  });

  it('[SU43] is with `differs` what it was not sent before, did not say itself, or was sent while it was away', async () => {
    const bench = await desk('differs');
    expect(given(bench)).toHaveLength(2);
    await bench.clock.advanceAsync(unsureFor + 1);
    bench.plugIn();
    expect(given(bench)).toEqual([]);
    bench.last.host?.publish([param('/osc/2', 0.7)]);
    bench.unplug();
    bench.write('/osc/1', 0.9);
    bench.write('/osc/2', 0.7);
    given(bench);
    bench.plugIn();
    expect(given(bench)).toEqual([param('/osc/1', 0.9)]);
    await bench.clock.advanceAsync(unsureFor + 1);
    bench.last.host?.fault(gone);
    bench.write('/osc/3', 0.3);
    await bench.clock.advanceAsync(retryFirst);
    expect(given(bench)).toEqual([param('/osc/3', 0.3)]);
    bench.supervisor.clear();
    await bench.apply(osc('a', {}, { onReturn: 'differs' }));
    expect(given(bench)).toHaveLength(3);
  });

  it('[SU63] is everything with `differs`, where nobody knows whether it got what it was sent last', async () => {
    const bench = await desk('differs');
    given(bench);
    bench.write('/osc/1', 0.9);
    given(bench);
    bench.last.host?.returned({ missed: true });
    expect(given(bench)).toEqual([param('/osc/1', 0.9), param('/osc/2', 0.2)]);
    await bench.clock.advanceAsync(unsureFor + 1);
    bench.last.host?.returned();
    expect(given(bench)).toEqual([]);
  });

  it.each([
    ['away', (bench: Bench) => bench.unplug(), (bench: Bench) => bench.plugIn()],
    ['faulty', (bench: Bench) => bench.last.host?.fault(gone), () => undefined],
  ])(
    '[SU69] is with `differs` also what it was sent in the minute before it was noticed to be %s, but not what it said',
    async (_, goes, comes) => {
      const bench = await desk('differs');
      await bench.clock.advanceAsync(unsureFor + 1);
      bench.write('/osc/1', 0.9);
      bench.write('/osc/3', 0.3);
      bench.last.host?.publish([param('/osc/3', 0.3)]);
      given(bench);
      goes(bench);
      expect(bench.status?.state).toBe('broken');
      // However long it is gone.
      await bench.clock.advanceAsync(2 * unsureFor);
      comes(bench);
      expect(given(bench)).toEqual([param('/osc/1', 0.9)]);
    },
  );

  it.each(['hold', 'ask'] as const)(
    '[SU59] is with `%s` nothing of what was set or happened while it was away, though its bridge would let that wait',
    async (onReturn) => {
      const bench = await desk(onReturn);
      bench.unplug();
      given(bench);
      bench.write('/osc/1', 0.9);
      bench.hear({ ...param('/osc/go', 1), kind: 'event' });
      expect([given(bench), bench.status?.asks]).toEqual([[], undefined]);
      expect(bench.status).toMatchObject({ refusedTotal: 1, reason: 'Unplugged.' });
      bench.plugIn();
      expect(given(bench)).toEqual([]);
      bench.write('/osc/2', 0.3);
      expect(given(bench)).toEqual([param('/osc/2', 0.3)]);
    },
  );

  it('[SU44] is nothing with `hold`, until something changes', async () => {
    const bench = await desk('hold');
    expect(given(bench)).toEqual([]);
    bench.write('/osc/1', 0.5);
    bench.plugIn();
    bench.write('/osc/2', 0.6);
    expect(given(bench)).toEqual([param('/osc/1', 0.5), param('/osc/2', 0.6)]);
    expect(bench.status?.asks).toBeUndefined();
  });

  it.each<[ReturnPolicy, number]>([
    ['resend', 2],
    ['differs', 2],
    ['hold', 0],
    ['ask', 0],
  ])('[SU43] [SU44] [SU45] is for an output of whole frames with `%s` %i values at once', async (onReturn, count) => {
    const bench = new Bench();
    for (const slot of [1, 2]) bench.write(`/sacn/1/${slot}`, slot);
    await bench.apply({ ...sacn('s', cid), onReturn });
    expect(given(bench)).toHaveLength(count);
    bench.plugIn();
    expect(given(bench)).toHaveLength(count);
    bench.write('/sacn/1/1', 9);
    const whole = [param('/sacn/1/1', 9), param('/sacn/1/2', 2), param('/sacn/1/1', 9)];
    const expected = { resend: [param('/sacn/1/1', 9)], differs: [param('/sacn/1/1', 9)], hold: whole, ask: [] };
    expect(given(bench)).toEqual(expected[onReturn]);
    bench.write('/sacn/1/2', 8);
    expect(given(bench)).toEqual(onReturn === 'ask' ? [] : [param('/sacn/1/2', 8)]);
  });

  it('[SU45] is with `ask` nothing but what changes, and its status tells how many values wait for a word', async () => {
    const bench = await desk('ask');
    bench.write('/osc/1', 0.5);
    expect(given(bench)).toEqual([param('/osc/1', 0.5)]);
    expect(bench.status).toMatchObject({
      state: 'trouble',
      asks: 2,
      reason: 'It is back. 2 values wait: send, or leave it as it is.',
    });
    expect(bench.supervisor.resend('a')).toBe(2);
    expect(given(bench)).toEqual([param('/osc/1', 0.5), param('/osc/2', 0.2)]);
    expect([bench.status?.asks, bench.states]).toEqual([undefined, ['connected']]);
    bench.plugIn();
    expect(bench.status?.asks).toBe(2);
    bench.supervisor.leave('a');
    expect([bench.status?.asks, given(bench), bench.states]).toEqual([undefined, [], ['connected']]);
  });

  it.each<[ReturnPolicy, number]>([
    ['resend', 1],
    ['differs', 1],
    ['hold', 0],
    ['ask', 0],
  ])('[SU56] is with `%s` never what its bridge says is no state, and that is not counted', async (onReturn, count) => {
    const bench = new Bench();
    bench.framed = false;
    bench.isState = (address) => address !== '/osc/go';
    bench.write('/osc/go');
    bench.write('/osc/1', 0.1);
    await bench.apply(osc('a', {}, { onReturn }));
    expect(given(bench)).toEqual([param('/osc/1', 0.1)].slice(0, count));
    expect(bench.status?.asks).toBe(onReturn === 'ask' ? 1 : undefined);
    bench.write('/osc/go', 2);
    expect(given(bench)).toEqual([param('/osc/go', 2)]);
    expect(bench.supervisor.resend('a')).toBe(1);
    expect(given(bench)).toEqual([param('/osc/1', 0.1)]);
    await bench.clock.advanceAsync(unsureFor + 1);
    bench.plugIn();
    expect(given(bench)).toEqual(onReturn === 'resend' ? [param('/osc/1', 0.1)] : []);
  });

  it('[SU46] goes by the policy that the show has when it comes back, without a restart', async () => {
    const bench = await desk('hold');
    await bench.apply(osc('a', {}, { onReturn: 'resend' }));
    expect([bench.log, given(bench)]).toEqual([['start a'], []]);
    bench.plugIn();
    expect(given(bench)).toHaveLength(2);
  });
});

describe('sending again', () => {
  it('[SU47] gives one device, or all that are there, what stands, whatever their policy', async () => {
    const bench = new Bench();
    bench.write('/osc/1');
    bench.write('/desk/1');
    await bench.apply(osc('a', {}, { onReturn: 'hold' }), osc('b', { listenPort: 8001, prefix: '/desk' }));
    for (const bridge of bench.bridges) bridge.applied.splice(0);
    expect([bench.supervisor.resend('a'), bench.supervisor.resend()]).toEqual([1, 2]);
    expect(bench.bridges.map(({ applied }) => applied)).toEqual([
      [param('/osc/1'), param('/osc/1')],
      [param('/desk/1')],
    ]);
  });

  it('[SU47] is refused for a device that is not there, and for a bridge that the show does not have', async () => {
    const bench = await desk('resend');
    bench.unplug();
    given(bench);
    const codeOf = (run: () => unknown) => {
      try {
        return run();
      } catch (error) {
        return error instanceof AppError ? [error.code, error.message] : error;
      }
    };
    expect(codeOf(() => bench.supervisor.resend('a'))).toEqual([
      'link-closed',
      'Its device is not there: Unplugged. Nothing was sent.',
    ]);
    expect(codeOf(() => bench.supervisor.resend('b'))).toEqual([
      'unknown-id',
      'The show has no bridge b. Nothing was sent.',
    ]);
    expect(codeOf(() => bench.supervisor.leave('b'))).toEqual([
      'unknown-id',
      'The show has no bridge b. Nothing was sent.',
    ]);
    expect([bench.supervisor.resend(), given(bench), bench.states]).toEqual([0, [], ['broken']]);
  });
});
