import { describe, expect, it } from 'vitest';
import { f64 } from '../../../src-main/contract/signal.ts';
import { waitsOf } from '../../../src-main/core/client/asker.ts';
import { messageType, type Message } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { address } from './addresses.ts';
import { openClient, outcomeOf, ScriptedRouter } from './scripted-router.ts';

const a = address('/a');
const value = WireValue.of(f64(1));
const set: Message = { type: messageType.set, address: a, value };
const publish: Extract<Message, { type: 0x20 }> = { type: messageType.publish, kind: 'event', address: a, value };

describe('asking', () => {
  it.each<[string, Message, string]>([
    ['a plain param', set, 'newest'],
    ['a param with a lock', { ...set, lock: true }, 'always'],
    ['a param with an unlock', { ...set, unlock: true }, 'always'],
    ['a param with a revision', { ...set, revision: 1n }, 'always'],
    ['a param with a TTL', { ...set, ttl: { seconds: 1, absolute: false } }, 'always'],
    ['a bundle', { type: messageType.bundle, messages: [] }, 'always'],
    ['an event', publish, 'session'],
    ['a timeline', { ...publish, kind: 'timeline' }, 'session'],
    ['a stream', { ...publish, kind: 'stream' }, 'never'],
    ['a move', { ...publish, kind: 'gesture', phase: 'move' }, 'never'],
    ['an end', { ...publish, kind: 'gesture', phase: 'end' }, 'session'],
  ])('[CC24] says how %s waits when it is fired', (_what, message, waits) => {
    expect(waitsOf(message)).toBe(waits);
  });

  it('[CC10] stamps what wants an answer, and nothing that is fired', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router);
    void client.set(a, f64(1), { qos: 'fire' });
    void client.bundle([], { qos: 'fire' });
    client.set(a, f64(1)).catch(() => undefined);
    await router.settle();
    expect(router.take().map(({ qos, timestamp }) => [qos, timestamp !== undefined])).toEqual([
      ['fire', false],
      ['fire', false],
      ['confirm', true],
    ]);
  });

  it('[CC27] refuses at once, with no effect, what no frame can carry', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router);
    const bytes = { type: 'bytes', value: new Uint8Array(65_534) } as const;
    expect(await outcomeOf(router, client.set(a, bytes))).toMatchObject({ code: 'frame-too-large' });
    expect(await outcomeOf(router, client.set(a, { type: 'i8', value: 300 }))).toMatchObject({ code: 'bad-number' });
    expect(
      await outcomeOf(router, client.set(a, { type: 'array', value: [{ type: 'i8', value: 300 }] })),
    ).toMatchObject({
      code: 'bad-number',
    });
    expect([client.stats().queued, router.take()]).toEqual([0, []]);
  });
});
