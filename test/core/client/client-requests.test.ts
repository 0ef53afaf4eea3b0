import { describe, expect, it } from 'vitest';
import { f64 } from '../../../src-main/contract/signal.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { address } from './addresses.ts';
import { openClient, outcomeOf, ScriptedRouter } from './scripted-router.ts';

const a = address('/a');
const event = { kind: 'event', address: a, value: f64(1) } as const;

describe('what can be asked', () => {
  it('[CC42] a bundle carries its steps in order, with their flags and its time', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router);
    const at = router.clock.nowMicros();
    const steps = [{ kind: 'param', address: a, value: f64(1), lock: true, expectedRevision: 4n }, event] as const;
    const asked = client.bundle(steps, { at });
    await router.settle();
    const [bundle] = router.takeOnly(messageType.bundle);
    expect(bundle).toMatchObject({ qos: 'commit', message: { timestamp: BigInt(at) } });
    expect(bundle?.message.messages).toMatchObject([
      { type: messageType.set, address: a, lock: true, revision: 4n },
      { type: messageType.publish, kind: 'event', address: a },
    ]);
    router.ack(bundle!, { revision: 5n });
    expect(await outcomeOf(router, asked)).toEqual({ acknowledged: true, revision: 5n });
  });

  it('[CC41] a timeline is committed, in the value slot', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router);
    void client.timeline(a, { type: 'map', value: [['loop', f64(1)]] });
    await router.settle();
    expect(router.take()).toMatchObject([{ qos: 'commit', message: { kind: 'timeline', address: a } }]);
    client.announce(a, []).catch(() => undefined);
    await router.settle();
    expect(router.take()).toMatchObject([{ qos: 'confirm', message: { type: messageType.announce, namespace: a } }]);
  });

  it.each([
    ['a plain ACK of an old router', { revision: 4n }, { locked: true, revision: 4n }],
    ['an ACK that only remembers', {}, { locked: false }],
    ['a grant', { revision: 4n, locked: true, holder: 'me' }, { locked: true, holder: 'me', revision: 4n }],
    ['a denial', { locked: false, holder: 'other' }, { locked: false, holder: 'other' }],
  ])('[RT321] a lock is known by %s', async (_what, answer, outcome) => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router);
    const asked = client.lock(a, f64(1));
    await router.settle();
    const [heard] = router.takeOnly(messageType.set);
    expect(heard).toMatchObject({ qos: 'confirm', message: { lock: true } });
    router.ack(heard!, answer);
    expect(await outcomeOf(router, asked)).toEqual({ holder: undefined, ...outcome });
  });

  it('[RT157] a stream of samples is fired as one batch with its rate and time, and what is no batch is refused', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router);
    const timestamp = router.clock.nowMicros();
    void client.stream(a, [0.25, 0.5], { rate: 48_000, timestamp });
    void client.stream(a, [1], { qos: 'confirm' });
    await router.settle();
    expect(router.take()).toMatchObject([
      { qos: 'fire', message: { kind: 'stream', samples: [0.25, 0.5], rate: 48_000, timestamp: BigInt(timestamp) } },
      { qos: 'confirm', message: { kind: 'stream', samples: [1] } },
    ]);
    for (const asked of [
      client.stream(a, []),
      client.stream(a, [1], { rate: 0 }),
      client.stream(a, [1], { rate: 0.5 }),
    ])
      await expect(asked).rejects.toMatchObject({ code: 'bad-arguments' });
    await expect(client.stream(a, new Array<number>(9000).fill(0))).rejects.toMatchObject({ code: 'frame-too-large' });
    expect(router.take()).toEqual([]);
  });
});
