import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { f64, fromJson, text, type Value } from '../../../src-main/contract/signal.ts';
import { micros, millis } from '../../../src-main/contract/units.ts';
import { EntryPacker, unpackParams } from '../../../src-main/core/journal/param-entries.ts';
import { packTimeline, unpackTimelines } from '../../../src-main/core/journal/timeline-entries.ts';
import { encodedSize } from '../../../src-main/core/protocol/values.ts';
import { encodeTimeline, timelineBytesMax } from '../../../src-main/core/timeline/timeline-carrier.ts';
import type { TimelineReport } from '../../../src-main/core/timeline/timeline-report.ts';
import type { Timeline } from '../../../src-main/core/timeline/timeline.ts';
import { emptyJournal, MemoryJournalStore } from '../../memory-journal-store.ts';
import { startJournal } from '../router/kept-router.ts';
import { addressed, hello, publish, RouterFixture, set, subscribe } from '../router/router-fixture.ts';
import { arbitraryTimeline, line } from '../timeline/arbitrary-timeline.ts';

const status = { state: 'playing', position: micros(5), rate: 0.5, loop: false, at: micros(7) } as const;

async function bench(kept = emptyJournal(), startMs = 0, show = 'show') {
  const fixture = new RouterFixture();
  fixture.clock.advance(startMs);
  const store = new MemoryJournalStore(kept);
  const journal = await startJournal(fixture, { store, defer: (run) => run() });
  journal.showOnTable(show);
  const later = async (ms: number): Promise<void> => {
    await fixture.settle();
    await fixture.clock.advanceAsync(ms);
    await fixture.settle();
  };
  const standing = () =>
    fixture.router.timelines.list().map(([at, { status: now }]) => [at, now.state, now.position / 1000]);
  return { fixture, store, later, standing };
}

const ramp = (ms: number, more: object = {}): Value =>
  fromJson({ keyframes: [{ time: 0, value: 0 }, { time: ms * 1000, value: ms }], ...more }); // prettier-ignore

describe('entries of timelines', () => {
  it('[TL80] give each timeline back as it stood, beside params at the same address', () => {
    fc.assert(
      fc.property(arbitraryTimeline, (timeline) => {
        const at = parseAddress('/a');
        const report: TimelineReport = { timeline, status: { ...status, loop: timeline.loop } };
        const packer = new EntryPacker();
        packTimeline(packer, at, report);
        packTimeline(packer, parseAddress('/gone'), undefined);
        const packed = packer.take();
        expect(packed && [...unpackTimelines(packed)]).toEqual([{ address: at, report }]);
        expect(packed && [...unpackParams(packed)]).toEqual([]);
      }),
    );
  });

  it('[TL80] take the largest timeline at the longest address', () => {
    const at = parseAddress(`/${'a'.repeat(1023)}`);
    const of = (size: number): Timeline => ({ ...line([[0, 0]]), keyframes: [{ time: micros(0), value: text('x'.repeat(size)), easing: 'linear' }] }); // prettier-ignore
    const timeline = of(timelineBytesMax - encodedSize(encodeTimeline(of(0))));
    const packer = new EntryPacker();
    expect(packTimeline(packer, at, { timeline, status })).toBe(true);
    const packed = packer.take();
    expect(packed && [...unpackTimelines(packed)]).toEqual([{ address: at, report: { timeline, status } }]);
  });

  it('[TL80] that are damaged are told as such, and nothing else', () => {
    const packer = new EntryPacker();
    packTimeline(packer, parseAddress('/a'), { timeline: line([[0, 0], [5, 1]]), status }); // prettier-ignore
    const packed = packer.take();
    if (!packed) throw new Error('nothing packed');
    const bytes = packed.bytes.slice();
    bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1;
    expect([...unpackTimelines({ ...packed, bytes })]).toEqual([undefined]);
  });
});

describe('timelines over a restart', () => {
  it('[TL81] play on where they would be, wait on, stay at rest without a word, and end while nobody was there', async () => {
    const first = await bench();
    const peer = await first.fixture.join();
    const start = first.fixture.clock.nowMicros();
    peer.send(
      publish('timeline', '/plays', ramp(60_000)),
      publish('timeline', '/loops', ramp(1000, { loop: true })),
      publish('timeline', '/waits', ramp(1000, { startTime: start + 20_000_000 })),
      publish('timeline', '/rests', ramp(1000)),
      publish('timeline', '/ends', ramp(5000)),
      publish('timeline', '/gone', ramp(5000)),
    );
    await first.later(500);
    peer.send(publish('timeline', '/rests', fromJson({ command: 'pause' })), publish('timeline', '/gone', fromJson({ command: 'remove' })), publish('timeline', '/plays', fromJson({ command: 'rate', rate: 2 }))); // prettier-ignore
    await first.later(1000);
    peer.send(set('/rests', 9));
    await first.later(300);
    // Killed here; the next run begins 10.3 s after the first did.
    const next = await bench(first.store.journal, 10_300);
    const heir = await next.fixture.join();
    heir.send(subscribe('/**'));
    await next.fixture.settle();
    heir.take();
    expect(next.standing()).toEqual([
      ['/plays', 'playing', 500 + 2 * 9800],
      ['/loops', 'playing', 300],
      ['/waits', 'waiting', 0],
      ['/rests', 'paused', 500],
      ['/ends', 'finished', 5000],
    ]);
    await next.later(0);
    expect(addressed(heir.take())).toEqual([['/plays', 20_100], ['/loops', 300], ['/ends', 5000]]); // prettier-ignore
    await next.later(10_000);
    expect(next.standing().find(([at]) => at === '/waits')).toEqual(['/waits', 'playing', 300]);
    expect(next.fixture.router.params.get('/rests')?.value.value).toEqual(f64(9));
  });

  it('[TL81] are told to a late joiner with their position of now', async () => {
    const first = await bench();
    (await first.fixture.join()).send(publish('timeline', '/a', ramp(60_000)));
    await first.later(1000);
    const next = await bench(first.store.journal, 30_000);
    const joiner = next.fixture.connect();
    joiner.send({ ...hello, features: ['param', 'timeline'] }, subscribe('/**'));
    await next.fixture.settle();
    const [told] = joiner.takeOnly(0x20);
    expect(told?.value?.value).toMatchObject({ type: 'map' });
    const fields = new Map(told?.value?.value.type === 'map' ? told.value.value.value : []);
    expect([fields.get('state'), fields.get('position')]).toEqual([text('playing'), f64(30_000_000)]);
  });

  it('[TL82] play on from where they were, should the clock have been set back between two runs', async () => {
    const first = await bench(emptyJournal(), 3_600_000);
    (await first.fixture.join()).send(publish('timeline', '/a', ramp(60_000)));
    await first.later(1000);
    const next = await bench(first.store.journal, 0);
    await next.later(2000);
    // How it stood was written 0.2 s after it began.
    expect(next.standing()).toEqual([['/a', 'playing', 2200]]);
  });

  it('[TL83] do not come back with another show, and not at the next start of their own', async () => {
    const first = await bench();
    (await first.fixture.join()).send(publish('timeline', '/a', ramp(60_000)));
    await first.later(1000);
    const other = await bench(first.store.journal, 5000, 'another show');
    await other.later(1000);
    expect([other.standing(), other.fixture.router.stats().timelines]).toEqual([[], 0]);
    expect((await bench(other.store.journal, 9000, 'another show')).standing()).toEqual([]);
  });

  it('[TL84] are on disk when a commit of them is acknowledged', async () => {
    const first = await bench();
    const peer = await first.fixture.joinWithIds();
    peer.ask(2, publish('timeline', '/a', ramp(60_000)), 'commit');
    await first.fixture.settle();
    expect(peer.take()).toMatchObject([{ correlationId: 2 }]);
    expect(first.fixture.clock.nowMicros()).toBe(1_700_000_000_000_000);
    expect((await bench(first.store.journal, millis(10))).standing()).toEqual([['/a', 'playing', 10]]);
  });
});
