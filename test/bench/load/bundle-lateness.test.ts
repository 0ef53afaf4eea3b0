import { describe, expect, it } from 'vitest';
import { latenessAt, shareWithin } from '../../../src-main/core/clock/punctuality.ts';
import { LanCounts } from '../../../src-main/engine/discovery/lan-counts.ts';
import { createMetricFamilies } from '../../../src-main/engine/metric-families.ts';
import { openPrometheusWriter } from '../../../src-main/platform/prometheus-writer.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { RouterFixture, set } from '../../core/router/router-fixture.ts';
import { parseLateness } from './bundle-lateness.ts';

describe('the lateness of bundles', () => {
  it('[RT246] is read from the metrics as the router counted it', async () => {
    const fixture = new RouterFixture();
    const sender = await fixture.join();
    const at = fixture.clock.nowMicros();
    for (const ms of [10, 10, 20, 30])
      sender.send({ type: messageType.bundle, timestamp: BigInt(at + ms * 1000), messages: [set('/a', ms)] });
    await fixture.settle();
    fixture.clock.advance(10);
    fixture.clock.jump(10.7);
    fixture.clock.advance(0);
    fixture.clock.jump(5000);
    fixture.clock.advance(0);
    const counts = new LanCounts();
    const families = createMetricFamilies({
      version: '1',
      router: fixture.router,
      meter: fixture.router.measure(),
      bridges: () => [],
      devices: () => [],
      refused: () => 0,
      journalLost: () => 0,
      doors: () => [],
      rendezvous: { figures: () => undefined, registrations: () => [] },
      discovery: () => ({ things: 0, heard: counts.heard, unread: counts.unread, questions: counts.questions }),
    });
    const read = parseLateness(await (await openPrometheusWriter()).write(families()));
    const counted = fixture.router.stats().bundlePunctuality;
    expect(read.buckets).toEqual(counted.buckets);
    expect([read.total, Math.round(read.sumMicros)]).toEqual([4, counted.sumMicros]);
    expect([latenessAt(read, 0.5), latenessAt(read, 0.75), shareWithin(read, 1000)]).toEqual([10, 700, 0.75]);
    expect(() => parseLateness('# nothing')).toThrow('flyrail_router_bundle_lateness_seconds');
  });
});
