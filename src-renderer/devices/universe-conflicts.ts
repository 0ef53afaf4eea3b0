import type { ArtnetBridge, Bridge, SacnBridge } from '../../src-main/contract/show.ts';
import {
  describeConflict,
  findUniverseConflicts,
  type UniverseConflict,
} from '../../src-main/contract/universe-conflicts.ts';
import { describeUniverseLoop, findUniverseLoops } from '../../src-main/contract/universe-loops.ts';
import { isolated } from '../widgets/isolate.ts';

/** Says which other output of the show sends a universe of this one too, and who wins; undefined for none. Bridges
 *  that are off send nothing and are not named.
 *  @param own as the form has it; its place in the show does not matter */
export function describeUniverseConflict(
  own: SacnBridge | ArtnetBridge,
  bridges: readonly Bridge[],
): string | undefined {
  const others = bridges.filter((bridge) => bridge.id !== own.id);
  const clashes = findUniverseConflicts([...others, own]).filter(({ bridgeId }) => bridgeId === own.id);
  const [first, ...more] = clashes;
  if (!first) return undefined;
  const rest = more.length > 0 ? ` ${more.length} more like it.` : '';
  return `${describeFirst(first, own, others)}${rest}`;
}

/** Says which other bridge of the show makes levels go round with this one, under the prefix that both have; undefined for none.
 *  @param own as the form has it; its place in the show does not matter */
export function describeLoop(own: SacnBridge | ArtnetBridge, bridges: readonly Bridge[]): string | undefined {
  const others = bridges.filter((bridge) => bridge.id !== own.id);
  const loop = findUniverseLoops([...others, own]).find(({ bridgeId }) => bridgeId === own.id);
  return loop && describeUniverseLoop({ ...loop, otherName: isolated(loop.otherName), prefix: isolated(loop.prefix) });
}

function describeFirst(conflict: UniverseConflict, own: SacnBridge | ArtnetBridge, others: readonly Bridge[]): string {
  const other = others.find((bridge) => bridge.id === conflict.takenById);
  const [range] = conflict.universes;
  if (conflict.sameCid || own.kind !== 'sacn' || other?.kind !== 'sacn' || !range) return describeConflict(conflict);
  const [universe, last] = range;
  const shared = universe === last ? `universe ${universe}` : `universes ${universe}–${last}`;
  const wins = whoWins(priorityOf(own, universe), priorityOf(other, universe));
  return `${isolated(other.name)} sends ${shared} too, ${wins}.`;
}

function priorityOf({ settings }: SacnBridge, universe: number): number {
  return settings.universes.find(({ first, last }) => first <= universe && universe <= last)?.priority ?? 0;
}

function whoWins(own: number, other: number): string {
  if (own === other) return `also at priority ${own}: receivers see both`;
  return own > other ? `at priority ${other}: this one wins` : `at priority ${other}: that one wins`;
}
