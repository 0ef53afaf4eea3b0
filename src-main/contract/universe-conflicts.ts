import type { Bridge, SacnBridge } from './show.ts';

/** Two sACN bridges, both switched on, that send the same universes: receivers get two levels for each slot, or with one
 *  component identifier now this one's, now the other's. */
export interface UniverseConflict {
  /** the later in the show's order: the one to repair */
  readonly bridgeId: string;
  readonly takenById: string;
  readonly takenByName: string;
  /** whether both have one component identifier, and receivers take them for one source */
  readonly sameCid: boolean;
  /** what both send, rising */
  readonly universes: readonly UniverseRange[];
}
export type UniverseRange = readonly [first: number, last: number];

/** @param bridges in the show's order
 *  @returns one conflict for each pair, in the order of the later bridges */
export function findUniverseConflicts(bridges: readonly Bridge[]): UniverseConflict[] {
  const senders = bridges
    .filter((bridge) => bridge.kind === 'sacn')
    .filter((bridge) => bridge.enabled)
    .map((bridge) => ({ bridge, ranges: mergedRanges(bridge) }));
  return senders.flatMap((later, i) =>
    senders.slice(0, i).flatMap(({ bridge, ranges }) => {
      const universes = shared(ranges, later.ranges);
      if (universes.length === 0) return [];
      const sameCid = bridge.settings.cid.toLowerCase() === later.bridge.settings.cid.toLowerCase();
      return { bridgeId: later.bridge.id, takenById: bridge.id, takenByName: bridge.name, sameCid, universes };
    }),
  );
}

const rangesShown = 3;

/** For a status: `node-a sends universes 1–4 too. Receivers see both.` */
export function describeConflict({ takenByName, universes, sameCid }: UniverseConflict): string {
  const shown = universes
    .slice(0, rangesShown)
    .map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`));
  const many = universes.length > 1 || universes.some(([first, last]) => first !== last);
  const more = universes.length > rangesShown ? ' and more' : '';
  return `${takenByName} sends universe${many ? 's' : ''} ${shown.join(', ')}${more} too. ${outcomes[sameCid ? 'one' : 'two']}`;
}

/** [E1.31 6.7.2] Within one CID and universe a receiver discards packets whose sequence number does not go on. */
const outcomes = {
  two: 'Receivers see both.',
  one:
    'Both have the same component identifier (CID), so receivers drop packets of either. ' +
    'Delete this one and add it anew: it gets its own.',
} as const;

/** Rising and apart, so that two bridges are compared in one pass. */
function mergedRanges({ settings }: SacnBridge): UniverseRange[] {
  const rising = settings.universes
    .map(({ first, last }): UniverseRange => [Math.min(first, last), Math.max(first, last)])
    .sort((a, b) => a[0] - b[0]);
  const merged: UniverseRange[] = [];
  for (const [first, last] of rising) {
    const before = merged.at(-1);
    if (before && first <= before[1] + 1) merged[merged.length - 1] = [before[0], Math.max(before[1], last)];
    else merged.push([first, last]);
  }
  return merged;
}

function shared(left: readonly UniverseRange[], right: readonly UniverseRange[]): UniverseRange[] {
  const found: UniverseRange[] = [];
  let i = 0;
  let j = 0;
  for (let a = left[i], b = right[j]; a && b; a = left[i], b = right[j]) {
    const first = Math.max(a[0], b[0]);
    const last = Math.min(a[1], b[1]);
    if (first <= last) found.push([first, last]);
    if (a[1] < b[1]) i++;
    else j++;
  }
  return found;
}
