import { describe, expect, it } from 'vitest';
import { DataPackets, type UniverseManner } from '../../../src-main/bridges/sacn/data-packets.ts';
import type { Signal } from '../../../src-main/contract/signal.ts';
import { millis } from '../../../src-main/contract/units.ts';
import { DmxInput } from '../../../src-main/core/dmx/dmx-input.ts';
import { SacnInput } from '../../../src-main/core/dmx/sacn-input.ts';
import { buildSyncPacket } from '../../../src-main/core/dmx/sacn-sync.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

const cids = {
  a: '5e1f2f9a-7f4e-4f0b-9d55-0123456789aa',
  b: '5e1f2f9a-7f4e-4f0b-9d55-0123456789bb',
  own: '5e1f2f9a-7f4e-4f0b-9d55-0123456789cc',
};

describe('SacnInput', () => {
  it('[SA30] passes over packets up to 20 behind, and takes what is further behind for a new count', () => {
    const { at, level, packets } = bench();
    at(200, 1);
    at(201, 2);
    at(200, 3);
    at(182, 4);
    expect([level(1), packets.lateTotal, packets.takenTotal]).toEqual([2, 2, 2]);
    at(181, 5);
    expect(level(1)).toBe(5);
    at(255, 6);
    at(0, 7);
    expect(level(1)).toBe(7);
    at(0, 8);
    expect([level(1), packets.lateTotal]).toEqual([7, 3]);
  });

  it('[SA30] takes whatever count a source has after it was lost', () => {
    const { at, level, clock } = bench();
    at(200, 1);
    clock.advance(2500);
    at(199, 2);
    expect(level(1)).toBe(2);
  });

  it('[SA55] says who sends preview that is not taken, not of universes that are not received, nor a goodbye', () => {
    const { say, packets } = bench();
    say('a', 99, 9, { preview: true });
    packets.hear(new DataPackets({ ...manner('a'), preview: true }, 1).terminated(), '10.0.0.1');
    expect(packets.previewed).toBeUndefined();
    say('a', 1, 9, { preview: true });
    expect(packets.previewed).toBe('Desk a sends universe 1 as preview, which is not taken.');
  });

  it('[SA31] takes preview levels only where the settings say so', () => {
    const { say, level, packets } = bench();
    say('a', 1, 9, { preview: true });
    expect(level(1)).toBeUndefined();
    packets.change({ takesPreview: true, followsSync: true });
    say('a', 1, 9, { preview: true });
    expect(level(1)).toBe(9);
  });

  it('[SA32] passes over what is our own, not covered or of another start code, and counts what is no sACN', () => {
    const { say, packets, input } = bench();
    say('own', 1, 9);
    say('a', 99, 9);
    const text = new DataPackets(manner('a'), 1).next(new Uint8Array(512));
    text[125] = 0x17;
    packets.hear(text, '10.0.0.1');
    expect([packets.takenTotal, packets.strayTotal, input.universes()]).toEqual([0, 0, []]);
    packets.hear(Buffer.from('M-SEARCH * HTTP/1.1'), '10.0.0.1');
    packets.hear(text.subarray(0, 200), '10.0.0.1');
    expect([packets.strayTotal, packets.heardAt]).toEqual([2, undefined]);
  });

  it('[SA33] loses a source at once that terminates its stream, and hears nobody by the last words of a stranger', () => {
    const { say, end, level, input, clock } = bench();
    say('a', 1, 9, { priority: 150 });
    say('b', 1, 5);
    expect(level(1)).toBe(9);
    end('a', 1);
    end('a', 1);
    end('own', 1);
    expect([level(1), input.heard(1)?.sources.length]).toEqual([5, 1]);
    say('a', 1, 7, { priority: 150 });
    expect(level(1)).toBe(7);
    expect(clock.waiting).toBe(1);
  });

  it('[SA34] holds levels for the sync packet that they name, whoever sends it, and changes all its universes in one batch', () => {
    const { say, sync, level, batches } = bench();
    const synced = { syncUniverse: 7962 };
    say('a', 1, 1, synced);
    say('a', 2, 1, synced);
    expect([level(1), level(2)]).toEqual([1, 1]);
    sync('a', 0);
    say('a', 1, 2, synced);
    say('a', 2, 2, synced);
    say('a', 2, 3, synced);
    say('b', 3, 9);
    expect([level(1), level(2), level(3)]).toEqual([1, 1, 9]);
    sync('a', 1, 7963);
    expect(level(1)).toBe(1);
    const before = batches.length;
    sync('b', 90);
    expect([level(1), level(2), batches.length - before]).toEqual([2, 3, 1]);
    // One that begins while sync packets come waits for them from its first packet on.
    say('b', 3, 20, synced);
    expect(level(3)).toBe(9);
    sync('a', 2);
    expect(level(3)).toBe(20);
  });

  it('[SA35] goes on without sync packets after 2.5 s where the source allows it', () => {
    const { say, sync, level, clock, packets } = bench();
    const synced = { syncUniverse: 7962, runsWithoutSync: true };
    say('a', 1, 1, synced);
    sync('a', 0);
    for (let i = 0; i < 5; i++) {
      say('a', 1, 50 + i, synced);
      expect(level(1)).toBe(1);
      clock.advance(500);
    }
    say('a', 1, 60, synced);
    expect([level(1), packets.frozenSources]).toEqual([60, []]);
    sync('a', 1);
    say('a', 1, 61, synced);
    expect(level(1)).toBe(60);
  });

  it('[SA35] stands still without them where it does not, keeps the source, and names it', () => {
    const { say, sync, level, clock, packets, input } = bench();
    const synced = { syncUniverse: 7962 };
    say('a', 1, 1, synced);
    sync('a', 0);
    for (let i = 0; i < 12; i++) {
      clock.advance(500);
      say('a', 1, 50 + i, synced);
    }
    expect([level(1), packets.frozenSources, input.heard(1)?.sources.length]).toEqual([1, ['Desk a'], 1]);
    sync('a', 1);
    expect([level(1), packets.frozenSources]).toEqual([61, []]);
    say('a', 1, 70);
    expect([level(1), packets.syncUniverses]).toEqual([70, [7962]]);
    clock.advance(2500);
    expect(packets.syncUniverses).toEqual([]);
  });

  it('[SA35] leaves out what a source left held that is lost when sync packets come again', () => {
    const { say, sync, level, clock, input } = bench();
    const synced = { syncUniverse: 7962 };
    say('a', 1, 1, synced);
    say('b', 2, 1, synced);
    sync('b', 0);
    clock.advance(2400);
    say('a', 1, 99, synced);
    for (let i = 0; i < 3; i++) {
      clock.advance(900);
      say('b', 2, 50, synced);
    }
    sync('b', 1);
    expect([level(2), input.heard(1)?.sources]).toEqual([50, []]);
  });

  it('[SA36] releases nothing by a sync packet that is late, or that the settings pass over', () => {
    const { say, sync, level, packets } = bench();
    const synced = { syncUniverse: 7962 };
    say('a', 1, 1, synced);
    sync('a', 5);
    say('a', 1, 2, synced);
    sync('a', 5);
    sync('a', 250);
    expect(level(1)).toBe(1);
    sync('a', 6);
    expect(level(1)).toBe(2);
    packets.change({ takesPreview: false, followsSync: false });
    say('a', 1, 3, synced);
    expect([level(1), packets.syncUniverses]).toEqual([3, []]);
  });

  it('[UM4] takes per-slot priorities of a source', () => {
    const { say, level, packets, senderOf } = bench();
    say('a', 1, 9);
    say('b', 1, 5);
    packets.hear(senderOf('b', 1).priorities(new Uint8Array(512).fill(101)), '10.0.0.1');
    expect(level(1)).toBe(5);
  });

  it('[SA38] follows 64 sources of a universe, and takes a new one when old ones fell silent', () => {
    const { packets, clock } = bench();
    const stranger = (number: number): void => {
      const cid = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
      packets.hear(new DataPackets({ ...manner('a'), cid }, 1).next(new Uint8Array(512)), '10.0.0.1');
    };
    for (let number = 0; number < 100; number++) stranger(number);
    expect(packets.takenTotal).toBe(64);
    clock.advance(2500);
    stranger(100);
    expect(packets.takenTotal).toBe(65);
  });

  it('[UM16] forgets universes that are no longer covered', () => {
    const { say, covered, packets, input, clock } = bench();
    say('a', 1, 9);
    say('a', 2, 9);
    covered.delete(1);
    packets.leaveOut();
    say('a', 1, 10);
    expect([input.universes(), packets.takenTotal, clock.waiting]).toEqual([[2], 2, 1]);
  });
});

function manner(who: keyof typeof cids): UniverseManner {
  return { cid: cids[who], sourceName: `Desk ${who}`, priority: 100, preview: false, syncUniverse: 0 };
}

function bench() {
  const clock = new SimulatedClock();
  const batches: (readonly Signal[])[] = [];
  const covered = new Set([1, 2, 3]);
  const merge = { rule: 'htp' as const, sourcesMax: 4, lostAfter: millis(2500), settle: millis(0) };
  const publish = (batch: readonly Signal[]): unknown => batches.push(batch);
  const input = new DmxInput({ form: 'slots', merge, prefix: '/sacn', clock, publish });
  const packets = new SacnInput({
    clock,
    input,
    covers: (universe) => covered.has(universe),
    isOwnCid: (cid) => cid === cids.own,
    settings: { takesPreview: false, followsSync: true },
  });
  const senders = new Map<string, DataPackets>();
  const senderOf = (who: keyof typeof cids, universe: number): DataPackets => {
    const key = `${who} ${universe}`;
    const sender = senders.get(key) ?? new DataPackets(manner(who), universe);
    senders.set(key, sender);
    return sender;
  };
  const one = new DataPackets(manner('a'), 1);
  return {
    clock,
    batches,
    covered,
    input,
    packets,
    senderOf,
    level: (universe: number) => input.heard(universe)?.levels[0],
    /** one slot of a source in a universe, in sequence */
    say: (
      who: keyof typeof cids,
      universe: number,
      level: number,
      { runsWithoutSync = false, ...how }: Partial<UniverseManner> & { runsWithoutSync?: boolean } = {},
    ) => {
      const sender = senderOf(who, universe);
      sender.describe({ ...manner(who), ...how });
      const packet = sender.next(new Uint8Array(512).fill(level, 0, 1));
      packet[112] = ((packet[112] ?? 0) & ~0x20) | (runsWithoutSync ? 0x20 : 0);
      packets.hear(packet, '10.0.0.1');
    },
    end: (who: keyof typeof cids, universe: number) => packets.hear(senderOf(who, universe).terminated(), '10.0.0.1'),
    sync: (who: keyof typeof cids, sequence: number, universe = 7962) =>
      packets.hear(buildSyncPacket(cids[who], sequence, universe), '10.0.0.1'),
    /** source a, with a count of the test's */
    at: (sequence: number, level: number) => {
      one.countFrom(sequence);
      packets.hear(one.next(new Uint8Array(512).fill(level, 0, 1)), '10.0.0.1');
    },
  };
}
