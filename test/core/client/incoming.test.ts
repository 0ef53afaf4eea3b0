import { describe, expect, it } from 'vitest';
import { correlationOf } from '../../../src-main/core/protocol/correlation.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { openClient, ScriptedRouter } from './scripted-router.ts';

describe('what nobody asked for', () => {
  it('[CC44] what cannot be decoded is counted; an ERROR that answers nothing is told as a notice', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router);
    const notices: unknown[] = [];
    const cancel = client.onNotice((error) => notices.push(error.details));
    router.sendBytes(Uint8Array.of(1, 2, 3));
    router.sendBytes(Uint8Array.of(0x53, 1, 0, 1, 0x77));
    router.send({ type: messageType.query, pattern: '/a' });
    router.send({ type: messageType.error, code: 503, message: 'slow' });
    router.send({ type: messageType.error, code: 401, message: 'x', address: '/a', correlationId: correlationOf(1n) });
    await router.settle();
    cancel();
    router.send({ type: messageType.error, code: 503, message: 'slow' });
    await router.settle();
    expect(client.stats()).toMatchObject({ badFramesTotal: 2, ignoredTotal: 1 });
    expect(notices).toEqual([{ number: 503 }, { number: 401, address: '/a' }]);
    expect(client.state().phase).toBe('open');
  });
});
