import { describe, expect, it } from 'vitest';
import { slotFlags } from '../../../../src-main/contract/dmx.ts';
import { parseAddress } from '../../../../src-main/contract/address.ts';
import type { DeskUniverse } from '../../../../src-main/core/dmx/desk/universe-desk.ts';
import { noWinner, UniverseSources } from '../../../../src-main/core/dmx/desk/universe-sources.ts';
import type { HeardSource } from '../../../../src-main/ports/dmx-desk.ts';

const source = (id: string, priority: number | null, ...levels: number[]): HeardSource => ({
  ...{ id, name: id, priority, levels: Uint8Array.from(levels) },
});

function universe({
  own,
  sources = [],
  winner,
  ...some
}: Partial<DeskUniverse> & { own?: number[]; sources?: HeardSource[]; winner?: number }): DeskUniverse {
  const levels = new Uint8Array(512);
  levels.set(own ?? []);
  return {
    ...{
      universe: 1,
      isRunning: true,
      isSent: own !== undefined,
      levels,
      asked: levels,
      parked: new Map<number, number>(),
    },
    source: { name: 'Flyrail', priority: 100 },
    heard: { levels, sources, winnerOf: () => winner },
    originOf: (slot) => ({
      universe: 1,
      slot,
      asked: levels[slot - 1] ?? 0,
      address: slot === 1 ? parseAddress('/sacn/1/1') : undefined,
    }),
    ...some,
  };
}

describe('the sources of a universe', () => {
  it('[DK13] lets the highest priority win a slot that is sent here, among equal ones the highest level', () => {
    const sources = [source('desk', 110, 10, 0), source('house', 100, 5, 255, 7)];
    const { winners, list } = new UniverseSources(universe({ own: [200, 100, 3], sources })).survey();
    expect([...winners.subarray(0, 5)]).toEqual([1, 1, 2, 0, 0]);
    expect(list).toEqual([
      { id: 'flyrail', name: 'Flyrail', priority: 100, slots: 512, wins: 509 },
      { id: 'desk', name: 'desk', priority: 110, slots: 2, wins: 2 },
      { id: 'house', name: 'house', priority: 100, slots: 3, wins: 1 },
    ]);
  });

  it('[DK13] goes by what the bridge says where it only hears, and names nobody where nobody sends', () => {
    const heard = new UniverseSources(universe({ sources: [source('a', 100, 1), source('b', 100, 2)], winner: 1 }));
    expect(heard.survey().winners[0]).toBe(1);
    expect(heard.survey().winners[5]).toBe(noWinner);
    expect(heard.ofSlot(1)).toEqual({
      contested: true,
      sources: [
        { id: 'b', name: 'b', priority: 100, level: 2, wins: true },
        { id: 'a', name: 'a', priority: 100, level: 1, wins: false },
      ],
    });
  });

  it('[DK13] counts a priority of each slot before that of the source; 0 does not send it', () => {
    const desk = { ...source('desk', 200, 9, 9), slotPriorities: Uint8Array.from([50, 0]) };
    const { winners } = new UniverseSources(universe({ own: [1, 1], sources: [desk] })).survey();
    expect([winners[0], winners[1]]).toEqual([0, 0]);
    expect(new UniverseSources(universe({ own: [1, 1], sources: [desk] })).ofSlot(2).sources).toHaveLength(1);
    const ours = { name: 'Flyrail', priority: 100, slotPriorities: Uint8Array.from([150, 0, 100]) };
    const sent = new UniverseSources(
      universe({ own: [1, 1, 1], source: ours, sources: [source('desk', 120, 9, 9, 9)] }),
    );
    expect([...sent.survey().winners.subarray(0, 3)]).toEqual([0, 1, 1]);
    expect(sent.ofSlot(1).sources.map(({ name, priority }) => [name, priority])).toEqual([
      ['Flyrail', 150],
      ['desk', 120],
    ]);
    expect(sent.ofSlot(2).sources).toHaveLength(1);
  });

  it('[DK14] marks slots that were asked for, are parked, reduced, moved, or contested by as high a priority', () => {
    const sources = [source('house', 100, 5, 0, 0)];
    const flagsOf = (some: Partial<DeskUniverse>) =>
      new UniverseSources(universe({ own: [9], sources, ...some })).survey().flags;
    expect(flagsOf({})[0]).toBe(slotFlags.asked | slotFlags.contested);
    expect(flagsOf({})[1]).toBe(0);
    expect(flagsOf({ parked: new Map([[1, 9]]) })[0]).toBe(slotFlags.asked | slotFlags.contested | slotFlags.parked);
    const moved = flagsOf({
      originOf: (slot) => (slot === 2 ? { universe: 1, slot: 9, asked: 40, address: undefined } : undefined),
    });
    expect([moved[1], moved[2]]).toEqual([slotFlags.reduced | slotFlags.moved, slotFlags.moved]);
    expect(new UniverseSources(universe({ own: [9], sources: [source('low', 90, 5)] })).survey().flags[0]).toBe(
      slotFlags.asked,
    );
  });
});
