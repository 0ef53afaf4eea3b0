import { isExact, type Pattern } from '../../contract/address.ts';
import { createPatternIndex, type PatternIndex } from './pattern-index.ts';

/** What a mapping listens to, and all it can send to. */
export interface MappingPath {
  readonly mappingId: string;
  readonly source: Pattern;
  readonly reach: Pattern;
}

/** The loops among mappings: sets in which each can come back to its own source, directly or through the others.
 *  @returns ids in the given order; a mapping is in one loop at most
 *  @throws LimitError 'too-many-items' for patterns made to be slow: see `indexLooksMax`
 *  @see Kosaraju's strongly connected components, with the edges asked for rather than stored */
export function findLoops(paths: readonly MappingPath[]): string[][] {
  const bySource = indexBy(paths, 'source');
  const finished = visitAll(paths, (path) => bySource.takeOverlapping(path.reach)).flat();
  const byReach = indexBy(paths, 'reach');
  const sets = visitAll(finished.reverse(), (path) => byReach.takeOverlapping(path.source));
  const order = new Map(paths.map((path, i) => [path, i]));
  const positions = (set: readonly MappingPath[]): number[] =>
    set.map((path) => order.get(path) ?? 0).sort((a, b) => a - b);
  return sets
    .filter((set) => set.length > 1 || set.some(feedsItself))
    .map(positions)
    .sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0))
    .map((set) => set.map((i) => paths[i]?.mappingId ?? ''));
}

function feedsItself(path: MappingPath): boolean {
  const own = createPatternIndex<true>();
  own.add(path.source, true);
  return own.takeOverlapping(path.reach) !== undefined;
}

function indexBy(paths: readonly MappingPath[], key: 'source' | 'reach'): PatternIndex<MappingPath> {
  const isPlain = paths.every(({ source, reach }) => isExact(source) && isExact(reach));
  const index = isPlain ? createExactIndex<MappingPath>() : createPatternIndex<MappingPath>();
  for (const path of paths) index.add(path[key], path);
  return index;
}

/** For addresses without wildcards, many times faster. */
function createExactIndex<T>(): PatternIndex<T> {
  const items = new Map<Pattern, T[]>();
  return {
    add: (address, item) => {
      if (!items.get(address)?.push(item)) items.set(address, [item]);
    },
    takeOverlapping: (address) => items.get(address)?.pop(),
  };
}

/** Goes depth first from each path in turn, on its own stack since a chain may be as long as the show.
 *  @param takeNext a neighbour not met before, and never gives it again; may give the start itself
 *  @returns for each start that was new, all paths met from it, in the order they were finished */
function visitAll(
  starts: readonly MappingPath[],
  takeNext: (from: MappingPath) => MappingPath | undefined,
): MappingPath[][] {
  const met = new Set<MappingPath>();
  const trees: MappingPath[][] = [];
  for (const start of starts) {
    if (met.has(start)) continue;
    met.add(start);
    const tree: MappingPath[] = [];
    const stack = [start];
    for (let at = stack.at(-1); at; at = stack.at(-1)) {
      const next = takeNext(at);
      if (!next) tree.push(...stack.splice(-1));
      else if (!met.has(next)) {
        met.add(next);
        stack.push(next);
      }
    }
    trees.push(tree);
  }
  return trees;
}
