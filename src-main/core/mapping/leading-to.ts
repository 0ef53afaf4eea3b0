import type { Pattern } from '../../contract/address.ts';
import { LimitError } from '../../contract/errors.ts';
import type { CompiledMapping } from './compile-mapping.ts';
import { createPatternIndex } from './pattern-index.ts';

/** The mappings that may send to an address that one of these patterns covers, or to the source of one that does.
 *  Where wildcards meet in too many ways to tell, all of them. */
export function leadingTo<M extends CompiledMapping>(
  mappings: Iterable<M>,
  patterns: readonly Pattern[],
): ReadonlySet<M> {
  const all = [...mappings];
  try {
    return walkBack(all, patterns);
  } catch (error) {
    if (!(error instanceof LimitError)) throw error;
    return new Set(all);
  }
}

function walkBack<M extends CompiledMapping>(mappings: readonly M[], patterns: readonly Pattern[]): ReadonlySet<M> {
  const index = createPatternIndex<M>();
  for (const mapping of mappings) index.add(mapping.target.reach, mapping);
  const found = new Set<M>();
  const open = [...patterns];
  for (let pattern = open.pop(); pattern !== undefined; pattern = open.pop()) {
    for (let next = index.takeOverlapping(pattern); next; next = index.takeOverlapping(pattern)) {
      found.add(next);
      open.push(next.source);
    }
  }
  return found;
}
