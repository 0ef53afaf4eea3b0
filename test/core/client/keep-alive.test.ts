import { describe, expect, it } from 'vitest';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { openClient, ScriptedRouter } from './scripted-router.ts';

describe('keeping alive', () => {
  it('[CC7] asks by PING when nothing was heard, and goes on when anything comes', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router);
    await router.clock.advanceAsync(14_000);
    router.send({ type: messageType.pong });
    await router.clock.advanceAsync(14_000);
    expect(router.take()).toEqual([]);
    await router.clock.advanceAsync(2000);
    expect(router.take().map(({ message }) => message.type)).toEqual([messageType.ping]);
    router.send({ type: messageType.pong });
    await router.clock.advanceAsync(29_000);
    expect(router.dials).toBe(1);
    await router.clock.advanceAsync(2000);
    expect(router.dials).toBe(2);
    client.close();
  });

  it('[CC7] gives a connection up when nothing comes after PING', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router);
    await router.clock.advanceAsync(29_900);
    expect(client.state().phase).toBe('open');
    await router.clock.advanceAsync(200);
    expect(client.state()).toMatchObject({ phase: 'waiting', reason: 'the router fell silent' });
    await router.clock.advanceAsync(1000);
    expect([router.dials, client.state().phase]).toEqual([2, 'open']);
  });

  it('[CC7] answers PING with PONG', async () => {
    const router = new ScriptedRouter();
    await openClient(router);
    router.send({ type: messageType.ping });
    await router.settle();
    expect(router.take().map(({ message }) => message.type)).toEqual([messageType.pong]);
  });
});
