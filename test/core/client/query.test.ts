import { describe, expect, it } from 'vitest';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { pattern } from './addresses.ts';
import { openClient, outcomeOf, ScriptedRouter } from './scripted-router.ts';

describe('a query', () => {
  it('[CC17] a QUERY is whole when the one sent behind it is answered', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router);
    const asked = client.query(pattern('/x/**'));
    await router.settle();
    const [query, mark] = router.takeOnly(messageType.query);
    expect([query?.message.pattern, mark?.message.pattern]).toEqual(['/x/**', `/clasp/none/${query?.timestamp}`]);
    const signals = [1, 2].map((n) => ({ address: `/x/${n}`, kind: 'param' as const }));
    for (const signal of signals) router.send({ type: messageType.result, signals: [signal] }, query?.timestamp);
    expect(await outcomeOf(router, asked)).toBe('waiting');
    router.send({ type: messageType.result, signals: [] }, mark?.timestamp);
    expect(await outcomeOf(router, asked)).toEqual(signals);
    expect(client.stats().queued).toBe(0);
  });

  it('[CC17] a QUERY that is refused rejects', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router);
    const asked = client.query(pattern('/x'));
    await router.settle();
    const [query, mark] = router.take();
    router.error(query!, 202);
    router.send({ type: messageType.result, signals: [] }, mark?.timestamp);
    expect(await outcomeOf(router, asked)).toMatchObject({ code: 'bad-pattern' });
    expect(client.stats().queued).toBe(0);
  });
});
