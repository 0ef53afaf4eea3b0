import { describe, expect, it } from 'vitest';
import { hertz } from '../../../../src-main/contract/units.ts';
import { messageType } from '../../../../src-main/core/protocol/messages.ts';
import { toldRefusals } from '../../../../src-main/core/access/rate-limits.ts';
import { publish, RouterFixture } from '../router-fixture.ts';

describe('refusals that are too many', () => {
  it('[AC24] of messages for whose answer nobody waits some are told, all counted; of those with ids all are told', async () => {
    const fixture = new RouterFixture();
    fixture.router.guard.limitRates({ session: { rate: hertz(1), burst: 1 }, patterns: [] });
    const peer = await fixture.join();
    for (let i = 0; i < 100; i++) peer.send(publish('event', '/a'));
    await fixture.settle();
    expect(peer.takeOnly(messageType.error)).toHaveLength(toldRefusals.burst);
    expect(fixture.router.stats().refusedTotal).toEqual({ 429: 99 });
    const known = await fixture.joinWithIds();
    for (let i = 0; i < 100; i++) known.ask(i + 10, publish('event', '/a'), 'confirm');
    await fixture.settle();
    expect(known.takeOnly(messageType.error)).toHaveLength(99);
  });
});
