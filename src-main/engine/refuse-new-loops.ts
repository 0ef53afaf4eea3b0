import { InputError } from '../contract/errors.ts';
import type { ShowDocument } from '../contract/show.ts';
import { checkMappings, createMappingCheck, type CheckedMappings } from '../core/mapping/check-mappings.ts';

export type CheckEdit = (before: ShowDocument, after: ShowDocument) => void;

/** Refuses edits that would close a circle of mappings. A circle that was there before (a file made elsewhere) does not
 *  stand in the way of other edits: it is shown as a problem and does not run. What it returns throws InputError
 *  'mapping-loop'; it remembers what it has seen, since a dragged slider edits many times a second. */
export function createLoopRefusal(): CheckEdit {
  const check = createMappingCheck();
  return (before, after) => {
    if (before.mappings === after.mappings) return;
    const loops = loopsAmong(check(after.mappings));
    if (loops.length === 0) return;
    const known = new Set(loopsAmong(checkMappings(before.mappings)).map(({ mappingId }) => mappingId));
    const fresh = loops.find(({ mappingId }) => !known.has(mappingId));
    if (!fresh) return;
    // Nothing of what was refused is to be remembered.
    check(before.mappings);
    throw new InputError('mapping-loop', `${fresh.reason} Nothing was changed.`, { mappingId: fresh.mappingId });
  };
}

function loopsAmong({ problems }: CheckedMappings) {
  return problems.filter(({ code }) => code === 'mapping-loop');
}
