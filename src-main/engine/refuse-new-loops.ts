import { InputError } from '../contract/errors.ts';
import type { Mapping, ShowDocument } from '../contract/show.ts';
import { checkMappings } from '../core/mapping/check-mappings.ts';

/** Refuses an edit that would close a circle of mappings. A circle that was there before (a file made elsewhere) does not
 *  stand in the way of other edits: it is shown as a problem and does not run.
 *  @throws InputError 'mapping-loop' */
export function refuseNewLoops(before: ShowDocument, after: ShowDocument): void {
  // A dragged slider edits many times a second, and the search costs milliseconds in a large show.
  if (sameWays(before.mappings, after.mappings)) return;
  const loops = loopsIn(after);
  if (loops.length === 0) return;
  const known = new Set(loopsIn(before).map(({ mappingId }) => mappingId));
  const fresh = loops.find(({ mappingId }) => !known.has(mappingId));
  if (fresh)
    throw new InputError('mapping-loop', `${fresh.reason} Nothing was changed.`, { mappingId: fresh.mappingId });
}

/** Whether all lead from where to where they led. */
function sameWays(before: readonly Mapping[], after: readonly Mapping[]): boolean {
  if (before === after) return true;
  return before.length === after.length && after.every((mapping, i) => sameWay(mapping, before[i]));
}

function sameWay(left: Mapping, right: Mapping | undefined): boolean {
  if (left === right) return true;
  return (
    left.id === right?.id &&
    left.enabled === right.enabled &&
    left.source.pattern === right.source.pattern &&
    left.target.address === right.target.address
  );
}

function loopsIn({ mappings }: ShowDocument) {
  return checkMappings(mappings).problems.filter(({ code }) => code === 'mapping-loop');
}
