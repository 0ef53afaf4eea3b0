import { findLoops, type MappingPath } from './loops.ts';
import { pathsThrough } from './paths-through.ts';

/** Mappings, and the loops among them. */
export interface SearchedPaths {
  /** by their mappings' ids, in the order of the show */
  readonly paths: ReadonlyMap<string, MappingPath>;
  readonly loops: readonly (readonly string[])[];
}

/** The loops after an edit, as `findLoops` has them but for their order, by looking only at what the edit can have to do
 *  with: loops that lost a mapping, and the ways that lead through new or changed ones.
 *  @param before undefined when nothing is known
 *  @throws LimitError 'too-many-items' as `findLoops` does */
export function findEditedLoops(
  paths: ReadonlyMap<string, MappingPath>,
  before: SearchedPaths | undefined,
): readonly (readonly string[])[] {
  const all = [...paths.values()];
  const changed = before && all.filter((path) => !isSamePath(path, before.paths.get(path.mappingId)));
  const through = changed && pathsThrough(changed, all);
  if (!before || !through) return findLoops(all);
  const suspects = new Set(Array.from(through, ({ mappingId }) => mappingId));
  // A loop that is whole and led through is among them already.
  const kept = before.loops.filter((loop) => {
    const isKept = loop.every((id) => !suspects.has(id) && isSamePath(paths.get(id), before.paths.get(id)));
    if (!isKept) for (const id of loop) suspects.add(id);
    return isKept;
  });
  const left = all.filter(({ mappingId }) => suspects.has(mappingId));
  return [...kept, ...findLoops(left)];
}

function isSamePath(one: MappingPath | undefined, other: MappingPath | undefined): boolean {
  return one === other || (one?.source === other?.source && one?.reach === other?.reach);
}
