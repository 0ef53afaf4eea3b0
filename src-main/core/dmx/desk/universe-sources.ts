import { slotFlags, type SlotSource, type UniverseSource } from '../../../contract/dmx.ts';
import type { HeardSource, SourceName } from '../../../ports/dmx-desk.ts';
import { slotsPerUniverse } from '../dmx-address.ts';
import type { DeskUniverse } from './universe-desk.ts';

/** What this Flyrail goes by among the sources of a universe that it sends. */
export const ownSourceId = 'flyrail';
/** for a slot that nobody wins */
export const noWinner = 255;
/** Sources shown; the merge of a bridge bounds them far lower. */
const sourcesMax = 64;

interface Candidate {
  readonly index: number;
  readonly priority: number;
  readonly level: number;
}

/** Who sends a universe, and who wins each slot: this Flyrail where it sends it, and whom its bridge hears. */
export class UniverseSources {
  readonly #universe: DeskUniverse;
  readonly #heard: readonly HeardSource[];

  constructor(universe: DeskUniverse) {
    this.#universe = universe;
    this.#heard = (universe.heard?.sources ?? []).slice(0, sourcesMax);
  }

  /** The index in `list` of who wins each slot, and what there is to say of it; see `slotFlags`. */
  survey(): { readonly winners: Uint8Array; readonly flags: Uint8Array; readonly list: readonly UniverseSource[] } {
    const winners = new Uint8Array(slotsPerUniverse).fill(noWinner);
    const flags = new Uint8Array(slotsPerUniverse);
    const [slots, wins] = [new Map<number, number>(), new Map<number, number>()];
    for (let slot = 1; slot <= slotsPerUniverse; slot++) {
      const candidates = this.#candidates(slot);
      const winner = this.#winner(slot, candidates);
      for (const { index } of candidates) slots.set(index, (slots.get(index) ?? 0) + 1);
      if (winner) wins.set(winner.index, (wins.get(winner.index) ?? 0) + 1);
      winners[slot - 1] = winner?.index ?? noWinner;
      flags[slot - 1] = this.#flags(slot, isContested(candidates, winner));
    }
    const list = this.#names().map((name, index) => ({
      ...name,
      slots: slots.get(index) ?? 0,
      wins: wins.get(index) ?? 0,
    }));
    return { winners, flags, list };
  }

  /** Who sends one slot, the winner first. */
  ofSlot(slot: number): { readonly sources: readonly SlotSource[]; readonly contested: boolean } {
    const names = this.#names();
    const candidates = this.#candidates(slot);
    const winner = this.#winner(slot, candidates);
    const sources = candidates.flatMap(({ index, level, priority }): SlotSource[] => {
      const name = names[index];
      if (!name) return [];
      return [{ ...name, priority: name.priority === null ? null : priority, level, wins: index === winner?.index }];
    });
    const rank = ({ wins, priority }: SlotSource): number => (wins ? 1000 : (priority ?? 0));
    return {
      sources: sources.sort((one, other) => rank(other) - rank(one)),
      contested: isContested(candidates, winner),
    };
  }

  #names(): Pick<UniverseSource, 'id' | 'name' | 'priority'>[] {
    const { isSent, source } = this.#universe;
    const own = isSent
      ? [{ id: ownSourceId, name: source?.name ?? 'Flyrail', priority: source?.priority ?? null }]
      : [];
    return [...own, ...this.#heard.map(({ id, name, priority }) => ({ id, name, priority }))];
  }

  #candidates(slot: number): Candidate[] {
    const { isSent, source, levels } = this.#universe;
    const candidate = (from: SourceName | undefined, index: number, level: number | undefined): Candidate[] => {
      const priority = from?.slotPriorities ? (from.slotPriorities[slot - 1] ?? 0) : (from?.priority ?? 0);
      return level === undefined || (from?.slotPriorities && priority === 0) ? [] : [{ index, priority, level }];
    };
    const own = isSent ? candidate(source, 0, levels[slot - 1] ?? 0) : [];
    const before = isSent ? 1 : 0;
    return [...own, ...this.#heard.flatMap((heard, i) => candidate(heard, i + before, heard.levels[slot - 1]))];
  }

  /** Where this Flyrail sends too, receivers are taken to go by priority, then by the highest level. */
  #winner(slot: number, candidates: readonly Candidate[]): Candidate | undefined {
    const { isSent, heard } = this.#universe;
    if (!isSent) {
      const index = heard?.winnerOf(slot);
      return candidates.find((each) => each.index === index);
    }
    return candidates.reduce<Candidate | undefined>((best, each) => {
      if (!best || each.priority > best.priority) return each;
      return each.priority === best.priority && each.level > best.level ? each : best;
    }, undefined);
  }

  #flags(slot: number, contested: boolean): number {
    const { parked, isSent, originOf, levels } = this.#universe;
    let flags = contested ? slotFlags.contested : 0;
    if (!isSent) return flags;
    const origin = originOf(slot);
    if (origin?.address !== undefined) flags |= slotFlags.asked;
    if (parked.has(slot)) flags |= slotFlags.parked;
    else if (origin && origin.asked !== levels[slot - 1]) flags |= slotFlags.reduced;
    if (!isAtHome(this.#universe, slot)) flags |= slotFlags.moved;
    return flags;
  }
}

function isAtHome({ universe, originOf }: DeskUniverse, slot: number): boolean {
  const origin = originOf(slot);
  return origin?.universe === universe && origin.slot === slot;
}

/** Several send it with the priority of the winner, and do not agree. */
function isContested(candidates: readonly Candidate[], winner: Candidate | undefined): boolean {
  if (!winner) return false;
  return candidates.some(({ priority, level }) => priority === winner.priority && level !== winner.level);
}
