import type { Bridge } from '../../src-main/contract/show.ts';
import { rangesMeet, type UniverseRange } from './universe-ranges.ts';

/** Says which other sACN outputs of the show send a universe of these ranges too, and who wins; undefined for none.
 *  Bridges that are off send nothing and are not named. */
export function describeUniverseConflict(
  ranges: readonly UniverseRange[],
  bridges: readonly Bridge[],
  ownId: string,
): string | undefined {
  const clashes = bridges.flatMap((bridge) => {
    if (bridge.kind !== 'sacn' || !bridge.enabled || bridge.id === ownId) return [];
    const { universes } = bridge.settings;
    const meeting = ranges.flatMap((own) =>
      universes.filter((other) => rangesMeet(own, other)).map((other) => ({ own, other })),
    );
    return meeting.map((pair) => ({ name: bridge.name, ...pair }));
  });
  const [first, ...more] = clashes;
  if (!first) return undefined;
  const shared = spanOf(Math.max(first.own.first, first.other.first), Math.min(first.own.last, first.other.last));
  const rest = more.length > 0 ? ` ${more.length} more like it.` : '';
  return `${first.name} sends ${shared} too, ${whoWins(first.own.priority, first.other.priority)}.${rest}`;
}

function whoWins(own: number, other: number): string {
  if (own === other) return `also at priority ${own}: receivers see both`;
  return own > other ? `at priority ${other}: this one wins` : `at priority ${other}: that one wins`;
}

function spanOf(first: number, last: number): string {
  return first === last ? `universe ${first}` : `universes ${first}–${last}`;
}
