import { InputError } from '../contract/errors.ts';
import type { ShowDocument } from '../contract/show.ts';
import type { CheckedMappings, MappingCheck } from '../core/mapping/check-mappings.ts';

export type CheckEdit = (before: ShowDocument, after: ShowDocument) => void;

/** Refuses edits that would close a circle of mappings. A circle that was there before (a file made elsewhere) does not
 *  stand in the way of other edits: it is shown as a problem and does not run. What it returns throws InputError
 *  'mapping-loop'.
 *  @param check one that remembers what it has seen, since a dragged slider edits many times a second */
export function createLoopRefusal(check: MappingCheck): CheckEdit {
  return (before, after) => {
    if (before.mappings === after.mappings) return;
    const loops = loopsAmong(check(after.mappings));
    if (loops.length === 0) return;
    const known = new Set(loopsAmong(check(before.mappings)).map(({ mappingId }) => mappingId));
    const fresh = loops.find(({ mappingId }) => !known.has(mappingId));
    if (fresh)
      throw new InputError('mapping-loop', `${fresh.reason} Nothing was changed.`, { mappingId: fresh.mappingId });
    // The next edit begins where this one ends.
    check(after.mappings);
  };
}

function loopsAmong({ problems }: CheckedMappings) {
  return problems.filter(({ code }) => code === 'mapping-loop');
}
