import { describe, expect, it } from 'vitest';
import { OverloadNotice } from '../../../../src-main/core/router/state/overload-notice.ts';
import { encodeTimeline } from '../../../../src-main/core/timeline/timeline-carrier.ts';
import type { Log } from '../../../../src-main/ports/log.ts';
import { SimulatedClock } from '../../../simulated-clock.ts';
import { silentLog } from '../../../silent-log.ts';
import { line } from '../../timeline/arbitrary-timeline.ts';
import { publish, RouterFixture } from '../router-fixture.ts';

describe('telling the operator of too many ticks', () => {
  it('[TL89] is done once, and again after a minute without', () => {
    const clock = new SimulatedClock();
    const said: unknown[] = [];
    const log: Log = { ...silentLog, warn: (_text, fields) => said.push(fields) };
    const notice = new OverloadNotice(clock, log);
    for (let i = 0; i < 100; i++) {
      notice.note('pixels', 0.123);
      clock.advance(10_000);
    }
    expect(said).toEqual([{ client: 'pixels', ticksPercent: 12 }]);
    clock.advance(60_000);
    notice.note('pixels', 0.5);
    expect(said).toHaveLength(2);
  });

  it('[TL89] comes with the name of the client, and a counter', async () => {
    const said: unknown[] = [];
    const log: Log = { ...silentLog, warn: (text, fields) => said.push([text, fields]) };
    const fixture = new RouterFixture({ timelineMicrosPerClient: 1000 }, log);
    const peer = await fixture.join();
    const loop = line([[0, 0], [1000, 1000]], { loop: true }); // prettier-ignore
    for (const address of ['/a', '/b', '/c']) peer.send(publish('timeline', address, encodeTimeline(loop)));
    await fixture.settle();
    fixture.clock.advance(2000);
    // 3 at 60 ticks of 9 µs want 1,620 µs and get 1,000: 37 ticks a second each.
    expect(said).toEqual([[expect.stringContaining('fewer ticks'), { client: 'tester', ticksPercent: 93 }]]);
    expect(fixture.router.stats().timelineTicksLeftOutTotal).toBeGreaterThan(3 * 2 * 20);
    expect(fixture.router.stats().messages.param).toBeLessThan(3 * 2 * 40);
  });
});
