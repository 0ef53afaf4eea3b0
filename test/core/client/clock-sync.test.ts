import { describe, expect, it } from 'vitest';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { clientOf, openClient, outcomeOf, ScriptedRouter, welcomeAt } from './scripted-router.ts';

const ahead = 5_000_000;

describe("the router's clock", () => {
  it('[CC43] is known roughly from WELCOME and better from SYNC', async () => {
    const router = new ScriptedRouter();
    router.greeting = [];
    const { client } = clientOf(router);
    expect([client.serverNow(), client.clockEstimate()]).toEqual([undefined, undefined]);
    await router.clock.advanceAsync(40);
    router.send(welcomeAt(BigInt(router.clock.nowMicros() + ahead)));
    await router.settle();
    const rough = client.clockEstimate();
    expect(Math.abs((rough?.offset ?? 0) - ahead)).toBeLessThanOrEqual(20_100);
    const asked = client.sync();
    await router.clock.advanceAsync(1);
    const [heard] = router.takeOnly(messageType.sync);
    const now = BigInt(router.clock.nowMicros() + ahead);
    router.send({ type: messageType.sync, t1: heard!.message.t1, t2: now, t3: now });
    await router.clock.advanceAsync(1);
    expect(await outcomeOf(router, asked)).toMatchObject({ samples: 2 });
    expect(Math.abs((client.serverNow() ?? 0) - router.clock.nowMicros() - ahead)).toBeLessThan(1500);
  });

  it('[CC43] is asked for again and again when time is to be kept, only while there is a session', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router, { keepTime: true });
    await router.clock.advanceAsync(2000);
    expect(router.takeOnly(messageType.sync).length).toBeGreaterThanOrEqual(7);
    router.dialFailure = new Error('away');
    router.cut();
    await router.clock.advanceAsync(20_000);
    expect(router.takeOnly(messageType.sync)).toEqual([]);
    client.close();
    expect(router.clock.waiting).toBe(0);

    const quiet = new ScriptedRouter();
    await openClient(quiet);
    await quiet.clock.advanceAsync(10_000);
    expect(quiet.takeOnly(messageType.sync)).toEqual([]);
  });

  it('[CC43] that is not told is an error in the end; answers to nobody are passed over', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router);
    const before = client.clockEstimate();
    router.send({ type: messageType.sync, t1: 1n, t2: 2n, t3: 3n });
    const asked = client.sync();
    await router.clock.advanceAsync(2000);
    expect(await outcomeOf(router, asked)).toMatchObject({ code: 'no-answer' });
    expect(client.clockEstimate()?.samples).toBe(before?.samples);
    const cut = client.sync();
    router.cut();
    expect(await outcomeOf(router, cut)).toMatchObject({ code: 'link-closed' });
    expect(await outcomeOf(router, client.sync())).toMatchObject({ code: 'cannot-send' });
  });
});
