import { describe, expect, it } from 'vitest';
import { address, pattern } from './addresses.ts';
import { f64 } from '../../../src-main/contract/signal.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { placedFrame, type PlacedFrame } from '../../../src-main/ports/placed-frame.ts';
import { Valve } from '../router/valve.ts';
import { welcomeAt, clientOf, openClient, outcomeOf, ScriptedRouter } from './scripted-router.ts';

const phases = (states: readonly { readonly phase: string }[]): string[] => states.map(({ phase }) => phase);
const a = address('/a');

describe('the session', () => {
  it('[CC1] is dialled, greeted and open, and says so at each step', async () => {
    const router = new ScriptedRouter();
    const { client, states } = clientOf(router);
    expect(client.state()).toEqual({ phase: 'connecting' });
    await router.settle();
    expect(phases(states.slice(-2))).toEqual(['greeting', 'open']);
    expect(client.state()).toEqual({ phase: 'open', session: 's1', router: 'scripted', knowsRequestIds: true });
    client.connect();
    await router.settle();
    expect(router.dials).toBe(1);
  });

  it('[CC2] is tried again without end, with growing waits, and at once when told', async () => {
    const router = new ScriptedRouter();
    router.dialFailure = new Error('nobody there');
    const { client, states } = clientOf(router);
    await router.clock.advanceAsync(120_000);
    const waits = states.flatMap((state) => (state.phase === 'waiting' ? [state.reason] : []));
    expect(new Set(waits)).toEqual(new Set(['nobody there']));
    // 250, 500, 1000, … 8000 ms take 16 s, and from then on there is a try every 10 s.
    expect(router.dials).toBe(17);
    router.dialFailure = undefined;
    client.connect();
    await router.settle();
    expect(client.state().phase).toBe('open');
  });

  it('[CC2] begins with the first wait again only after a session that lasted', async () => {
    const router = new ScriptedRouter();
    const { states } = await openClient(router);
    const cutAndMeasure = async (): Promise<number> => {
      router.cut();
      await router.settle();
      const last = states.at(-1);
      const wait = last?.phase === 'waiting' ? (last.retryAt - router.clock.nowMicros()) / 1000 : NaN;
      await router.clock.advanceAsync(wait);
      return wait;
    };
    expect([await cutAndMeasure(), await cutAndMeasure(), await cutAndMeasure()]).toEqual([250, 500, 1000]);
    await router.clock.advanceAsync(10_000);
    expect(await cutAndMeasure()).toBe(250);
  });

  it('[CC2] is given up when the dial or WELCOME does not come in time', async () => {
    const router = new ScriptedRouter();
    router.greeting = [];
    const { client, states } = clientOf(router);
    await router.clock.advanceAsync(10_001);
    expect(states.at(-1)).toMatchObject({ phase: 'waiting', reason: 'no WELCOME in time' });
    client.close();

    const deaf = clientOf({ clock: router.clock, dial: () => new Promise(() => undefined) });
    await router.clock.advanceAsync(10_001);
    expect(deaf.states.at(-1)).toMatchObject({ phase: 'waiting', reason: 'nobody answered in time' });
  });

  it('[CC3] stops at ERROR 300-399 until told, and refuses with it all that is asked', async () => {
    const router = new ScriptedRouter();
    router.greeting = [{ type: messageType.error, code: 302, message: 'token expired' }];
    const { client } = clientOf(router);
    const early = client.set(a, f64(1));
    const refusal = { code: 'access-refused', message: 'token expired', details: { number: 302 } };
    expect(await outcomeOf(router, early)).toMatchObject(refusal);
    expect(client.state()).toMatchObject({ phase: 'refused', reason: 'token expired' });
    await router.clock.advanceAsync(60_000);
    expect([router.dials, router.clock.waiting]).toEqual([1, 0]);
    expect(await outcomeOf(router, client.get(a))).toMatchObject(refusal);
    router.greeting = undefined;
    client.connect();
    await router.settle();
    expect(client.state().phase).toBe('open');
  });

  it('[CC4] takes any other ERROR as the reason of a failed try, and passes over the rest before WELCOME', async () => {
    const router = new ScriptedRouter();
    router.greeting = [{ type: messageType.ping }, { type: messageType.error, code: 503, message: 'all in use' }];
    const { client } = clientOf(router);
    await router.settle();
    expect(client.state()).toMatchObject({ phase: 'waiting', reason: 'all in use' });
  });

  it('[CC5] closes a connection that comes too late', async () => {
    const router = new ScriptedRouter();
    let arrive: (() => void) | undefined;
    const gate = new Promise<void>((resolve) => (arrive = resolve));
    const late = router.dial();
    const { client } = clientOf({ clock: router.clock, dial: () => gate.then(() => late) });
    client.close();
    arrive?.();
    let closed: string | undefined;
    (await late).onClose((reason) => (closed = reason));
    await router.settle();
    expect(closed).toBe('too late');
  });

  it('[CC6] repeats HELLO under the same id where frames get lost', async () => {
    const unreliable = new ScriptedRouter({
      wrap: (near) => Object.defineProperty(near, 'reliable', { value: false }),
    });
    unreliable.greeting = [];
    clientOf(unreliable);
    await unreliable.clock.advanceAsync(1500);
    const hellos = unreliable.takeOnly(messageType.hello);
    expect(hellos).toHaveLength(4);
    expect(new Set(hellos.map(({ timestamp }) => timestamp)).size).toBe(1);

    const reliable = new ScriptedRouter();
    reliable.greeting = [];
    clientOf(reliable);
    await reliable.clock.advanceAsync(1500);
    expect(reliable.takeOnly(messageType.hello)).toHaveLength(1);
  });

  it('[CC8] ends for ever at close: what waits is rejected, and no timer stays', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router, { keepTime: true });
    const asked = [client.set(a, f64(1)), client.get(a), client.sync()];
    client.subscribe(pattern('/a'), () => undefined);
    client.close('done');
    for (const promise of [...asked, client.set(a, f64(2))]) {
      expect(await outcomeOf(router, promise)).toMatchObject({ code: 'link-closed' });
    }
    expect(client.state()).toEqual({ phase: 'closed', reason: 'done' });
    expect([router.clock.waiting, client.stats().queued]).toEqual([0, 0]);
    client.connect();
    client.close('again');
    await router.clock.advanceAsync(60_000);
    expect([router.dials, client.state()]).toEqual([1, { phase: 'closed', reason: 'done' }]);
    expect(() => client.subscribe(pattern('/a'), () => undefined)).toThrow(/closed/);
  });

  it('[CC8] leaves no timer behind when it is closed in any state', async () => {
    for (const [failure, greeting, wait] of [
      [new Error('no'), undefined, 0],
      [undefined, [], 0],
      [undefined, undefined, 20_000],
    ] as const) {
      const router = new ScriptedRouter();
      router.dialFailure = failure;
      router.greeting = greeting;
      const { client } = clientOf(router);
      await router.clock.advanceAsync(wait);
      expect(router.clock.waiting).toBeGreaterThan(0);
      client.close();
      expect(router.clock.waiting).toBe(0);
    }
  });

  it('[CC5] hears nothing more of a dial or a connection that was given up', async () => {
    const router = new ScriptedRouter();
    let fail: (error: Error) => void = () => undefined;
    const dial = (): Promise<never> => new Promise((_resolve, reject) => (fail = reject));
    const { client } = clientOf({ clock: router.clock, dial });
    await router.settle();
    client.close();
    fail(new Error('late'));
    await router.settle();
    expect([client.state().phase, router.clock.waiting]).toEqual(['closed', 0]);

    const hears: ((frame: PlacedFrame) => void)[] = [];
    const dialValve = (): Promise<Valve> =>
      Promise.resolve(Object.assign(new Valve('none'), { onFrame: (run: (typeof hears)[0]) => void hears.push(run) }));
    const other = clientOf({ clock: router.clock, dial: dialValve });
    await router.clock.advanceAsync(10_500);
    expect([hears.length, other.client.state().phase]).toEqual([2, 'greeting']);
    hears[0]?.(placedFrame(encodeFrame(welcomeAt(1n))));
    expect(other.client.state().phase).toBe('greeting');
    hears[1]?.(placedFrame(encodeFrame(welcomeAt(1n))));
    expect(other.client.state().phase).toBe('open');
    other.client.close();
    expect(router.clock.waiting).toBe(0);
  });

  it('[CC8] leaves out what was fired and still waits', async () => {
    const router = new ScriptedRouter();
    router.dialFailure = new Error('no');
    const { client } = clientOf(router);
    void client.set(a, f64(1), { qos: 'fire' });
    client.close();
    expect(client.stats()).toMatchObject({ queued: 0, queuedBytes: 0, droppedTotal: 1 });
  });
});
