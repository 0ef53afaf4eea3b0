import { describe, expect, it } from 'vitest';
import type { MonitorBatch } from '../../../src-main/contract/live-events.ts';
import { entriesMax, MonitorFeed } from '../../../src-renderer/monitor/monitor-feed.svelte.ts';
import { monitorEntry } from './entries.ts';

/** A feed whose pictures are drawn when the test says so. */
function handDrawnFeed() {
  let waiting: (() => void) | undefined;
  let asked = 0;
  const feed = new MonitorFeed((run) => {
    asked++;
    waiting = run;
  });
  const draw = (): void => {
    const run = waiting;
    waiting = undefined;
    run?.();
  };
  const addresses = (): string[] => feed.lines().map((entry) => entry.address);
  return { feed, draw, addresses, asked: () => asked };
}

function batch(from: number, count: number, skipped = 0): MonitorBatch {
  return { entries: Array.from({ length: count }, (_, i) => monitorEntry(from + i)), skipped };
}

describe('monitor feed', () => {
  it('[UI60] keeps the newest 5 000 entries and forgets the oldest', () => {
    const { feed, draw } = handDrawnFeed();
    for (let i = 0; i < 12; i++) feed.apply(batch(i * 1000, 1000));
    draw();
    expect(feed.count).toBe(entriesMax);
    expect(feed.lineAt(0)?.sequence).toBe(7000);
    expect(feed.lineAt(entriesMax - 1)?.sequence).toBe(11_999);
    expect(feed.lineAt(entriesMax)).toBeUndefined();
  });

  it('[UI61] draws once for all batches that come before the next picture', () => {
    const { feed, draw, asked } = handDrawnFeed();
    for (let i = 0; i < 100; i++) feed.apply(batch(i * 10, 10, 1));
    expect(asked()).toBe(1);
    expect(feed.picture).toBe(0);
    draw();
    expect({ count: feed.count, skipped: feed.skipped, picture: feed.picture }).toEqual({
      count: 1000,
      skipped: 100,
      picture: 1,
    });
  });

  it('[UI62] holds the picture still while frozen, counts what is new, and shows it when it goes on', () => {
    const { feed, draw, addresses } = handDrawnFeed();
    feed.apply(batch(1, 2));
    feed.freeze();
    feed.apply(batch(3, 2));
    draw();
    expect(addresses()).toEqual(['/desk/fader/1', '/desk/fader/2']);
    expect(feed.newCount).toBe(2);
    feed.resume();
    draw();
    expect(addresses()).toHaveLength(4);
    expect(feed.newCount).toBe(0);
  });

  it('[UI62] filters the frozen picture without letting anything new in', () => {
    const { feed, draw, addresses } = handDrawnFeed();
    feed.apply(batch(1, 3));
    feed.freeze();
    feed.apply(batch(2, 1));
    feed.patternText = '/desk/fader/2';
    feed.refilter();
    draw();
    expect(addresses()).toEqual(['/desk/fader/2']);
  });

  it('[UI63] filters by pattern, direction and trouble, also what came before', () => {
    const { feed, draw, addresses } = handDrawnFeed();
    const out = monitorEntry(3, { direction: 'out', address: '/sacn/1/1', trouble: true });
    feed.apply({ entries: [monitorEntry(1), monitorEntry(2), out], skipped: 0 });
    feed.patternText = '/desk/**';
    feed.refilter();
    expect(addresses()).toEqual(['/desk/fader/1', '/desk/fader/2']);
    feed.patternText = '';
    feed.toggleDirection('in');
    expect(addresses()).toEqual(['/sacn/1/1']);
    feed.toggleDirection('in');
    feed.onlyTrouble = true;
    feed.refilter();
    feed.apply(batch(4, 1));
    draw();
    expect(addresses()).toEqual(['/sacn/1/1']);
  });

  it('[UI63] says what to repair in a pattern and keeps the last good one in force', () => {
    const { feed, addresses } = handDrawnFeed();
    feed.apply({ entries: [monitorEntry(1), monitorEntry(2, { address: '/osc/a' })], skipped: 0 });
    feed.patternText = '/desk/**';
    feed.refilter();
    feed.patternText = '/desk//';
    feed.refilter();
    expect(feed.reading.problem).toBe('Two slashes meet. Remove one.');
    expect(addresses()).toEqual(['/desk/fader/1']);
  });

  it('[UI62] clears what is shown and what was counted', () => {
    const { feed, draw, addresses } = handDrawnFeed();
    feed.apply(batch(1, 5, 7));
    feed.freeze();
    feed.apply(batch(6, 5));
    feed.clear();
    draw();
    expect({ lines: addresses(), skipped: feed.skipped, newCount: feed.newCount }).toEqual({
      lines: [],
      skipped: 0,
      newCount: 0,
    });
  });

  it('[UI60] lists the newest lines first for the strip', () => {
    const { feed } = handDrawnFeed();
    feed.apply(batch(1, 9));
    expect(feed.newest(3).map((entry) => entry.sequence)).toEqual([9, 8, 7]);
    expect(feed.newest(50)).toHaveLength(9);
  });

  it('[UI61] takes 10 000 messages a second in far less than a picture’s time', () => {
    const { feed, draw } = handDrawnFeed();
    const pictures = 120;
    const began = performance.now();
    for (let picture = 0; picture < pictures; picture++) {
      feed.apply(batch(picture * 167, 167));
      draw();
      feed.lineAt(feed.count - 1);
    }
    // 16.7 ms is what a picture has at 60 a second; this share leaves the rest to drawing, also on a slow machine.
    expect((performance.now() - began) / pictures).toBeLessThan(8);
  });
});
