import { isExact, overlaps, type Pattern } from '../../contract/address.ts';
import type { MappingPath } from './loops.ts';

/** Pairs with a wildcard that are compared in each direction before it gives up; exact addresses are looked up. About 10 ms
 *  of work: a search through all of a full show takes longer. */
const looksMax = 60_000;

interface Direction {
  readonly from: 'source' | 'reach';
  readonly to: 'source' | 'reach';
}

const forwards: Direction = { from: 'reach', to: 'source' };
const backwards: Direction = { from: 'source', to: 'reach' };

/** What can be in one loop with a path that changed: all that is fed by one of these and feeds one of these, also through
 *  others. The changed ones are among them.
 *  @param changed all of them among `all`
 *  @returns undefined when wildcards lead too far */
export function pathsThrough(
  changed: readonly MappingPath[],
  all: readonly MappingPath[],
): ReadonlySet<MappingPath> | undefined {
  if (changed.length === 0) return new Set();
  const fed = reachedFrom(changed, all, forwards);
  // Most changed mappings feed no other.
  if (fed?.size === changed.length) return fed;
  const feeding = reachedFrom(changed, all, backwards);
  return fed && feeding ? new Set([...fed].filter((path) => feeding.has(path))) : (fed ?? feeding);
}

function reachedFrom(
  starts: readonly MappingPath[],
  all: readonly MappingPath[],
  { from, to }: Direction,
): Set<MappingPath> | undefined {
  const exact = new Map<Pattern, MappingPath[]>();
  const wild = new Set<MappingPath>();
  for (const path of all) {
    if (!isExact(path[to])) wild.add(path);
    else if (!exact.get(path[to])?.push(path)) exact.set(path[to], [path]);
  }
  const met = new Set(starts);
  const waiting = [...starts];
  const meet = (path: MappingPath): void => {
    if (met.has(path)) return;
    met.add(path);
    waiting.push(path);
  };
  let looks = 0;
  for (let at = waiting.pop(); at; at = waiting.pop()) {
    const wanted = at[from];
    if (isExact(wanted)) {
      exact.get(wanted)?.forEach(meet);
      // All that listen there are met by now.
      exact.delete(wanted);
    } else {
      looks += exact.size;
      if (looks > looksMax) return undefined;
      for (const [address, paths] of exact) {
        if (!overlaps(wanted, address)) continue;
        paths.forEach(meet);
        exact.delete(address);
      }
    }
    looks += wild.size;
    if (looks > looksMax) return undefined;
    for (const path of wild) {
      if (!overlaps(wanted, path[to])) continue;
      meet(path);
      wild.delete(path);
    }
  }
  return met;
}
