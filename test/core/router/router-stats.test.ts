import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import type { RouterStats } from '../../../src-main/core/router/router-stats.ts';
import { publish, RouterFixture, set, subscribe } from './router-fixture.ts';

describe('the figures of a router', () => {
  it('[RT20] count what was accepted and what went to sessions, by kind', async () => {
    const fixture = new RouterFixture();
    const [sender, listener] = [await fixture.join(), await fixture.join()];
    listener.send(subscribe('/**'));
    await fixture.settle();
    sender.send(set('/a', 1), set('/b', 1), publish('event', '/go'), set('no slash', 1));
    await fixture.settle();
    const stats: RouterStats = fixture.router.stats();
    expect(stats).toMatchObject({
      messagesTotal: 3,
      messages: { param: 2, event: 1, stream: 0, gesture: 0, timeline: 0 },
      copies: { param: 2, event: 1, stream: 0, gesture: 0, timeline: 0 },
      refusedTotal: { 200: 1 },
      ...{ sessions: 2, params: 2, timelines: 0, subscriptions: 1, scheduled: 0, droppedTotal: 0 },
    });
    expect(fixture.router.get(parseAddress('/a'))).toEqual({ type: 'f64', value: 1 });
  });
});
