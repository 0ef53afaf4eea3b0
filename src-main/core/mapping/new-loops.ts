import { isExact, overlaps } from '../../contract/address.ts';
import type { CompiledMapping } from './compile-mapping.ts';

/** Ways followed before the search gives up; in most shows a changed mapping leads to none. */
const followedMax = 16;

type Way = Pick<CompiledMapping, 'source' | 'target'>;

/** Whether a loop may have come into mappings that had none, by looking only at what changed. Costs a glance at every
 *  mapping for each way followed, against a search through all of them.
 *  @param changed new or leading elsewhere than before, all of them among `all`
 *  @returns false when there is certainly none */
export function mayCloseLoop(changed: readonly Way[], all: readonly Way[]): boolean {
  let left = followedMax;
  for (const start of changed) {
    const met = new Set<Way>();
    const waiting = [start];
    for (let at = waiting.pop(); at; at = waiting.pop()) {
      if (left-- === 0 || feeds(at, start)) return true;
      for (const other of all) {
        if (met.has(other) || !feeds(at, other)) continue;
        met.add(other);
        waiting.push(other);
      }
    }
  }
  return false;
}

function feeds({ target: { reach } }: Way, { source }: Way): boolean {
  if (isExact(reach) && isExact(source)) return (reach as string) === (source as string);
  return overlaps(reach, source);
}
