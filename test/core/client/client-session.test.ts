import { describe, expect, it } from 'vitest';
import { f64 } from '../../../src-main/contract/signal.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { address } from './addresses.ts';
import { clientOf, openClient, ScriptedRouter } from './scripted-router.ts';

const a = address('/a');
const event = { kind: 'event', address: a, value: f64(1) } as const;

describe('request ids and resume', () => {
  it('[CC10] are microseconds, above each other, in the header; HELLO names the same resume secret each time', async () => {
    const router = new ScriptedRouter();
    const { client } = clientOf(router);
    await router.settle();
    const hellos = router.takeOnly(messageType.hello);
    void Promise.allSettled([client.set(a, f64(1)), client.set(a, f64(2)), client.get(a), client.publish(event)]);
    await router.settle();
    const ids = [...hellos, ...router.take()].map(({ timestamp }) => timestamp ?? 0n);
    const now = BigInt(router.clock.nowMicros());
    expect(ids).toHaveLength(5);
    expect(ids[0]).toBe(now);
    expect(ids).toEqual([...new Set(ids)].sort((one, other) => (one < other ? -1 : 1)));
    expect((ids.at(-1) ?? 0n) - now).toBeLessThan(10n);
    router.cut();
    await router.clock.advanceAsync(1000);
    const secrets = [...hellos, ...router.takeOnly(messageType.hello)].map(({ message }) => message.resume);
    expect(secrets).toEqual(['resume-secret', 'resume-secret']);
  });

  it('[CC11] are known to a router that gives that of HELLO back', async () => {
    const old = new ScriptedRouter({ knowsIds: false });
    expect((await openClient(old)).client.state()).toMatchObject({ phase: 'open', knowsRequestIds: false });
    const stamped = new ScriptedRouter();
    stamped.greeting = [];
    const { client } = clientOf(stamped);
    await stamped.settle();
    stamped.send(
      { type: messageType.welcome, version: 1, features: [], time: 1n, session: 's', name: 'n' },
      1_234_567n,
    );
    await stamped.settle();
    expect(client.state()).toMatchObject({ phase: 'open', knowsRequestIds: false });
  });
});
