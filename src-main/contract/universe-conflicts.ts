import type { Bridge, SacnBridge } from './show.ts';

/** Two sACN bridges, both switched on, that send the same universes: receivers would get two levels for each slot. */
export interface UniverseConflict {
  /** the later in the show's order: the one to repair */
  readonly bridgeId: string;
  readonly takenById: string;
  readonly takenByName: string;
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
      return { bridgeId: later.bridge.id, takenById: bridge.id, takenByName: bridge.name, universes };
    }),
  );
}

const rangesShown = 3;

/** For a field and for a status: `node-a sends universes 1–4 too.` */
export function describeConflict({ takenByName, universes }: UniverseConflict): string {
  const shown = universes
    .slice(0, rangesShown)
    .map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`));
  const many = universes.length > 1 || universes.some(([first, last]) => first !== last);
  const more = universes.length > rangesShown ? ' and more' : '';
  return `${takenByName} sends universe${many ? 's' : ''} ${shown.join(', ')}${more} too.`;
}

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
