import type { PatchRow } from './patch-rows.ts';
import type { PatchState } from './patch-state.svelte.ts';

/** What a key does to the row with the cursor. */
export interface RowKey {
  /** as the list of keys names it, for when it cannot be done now; undefined for what changes nothing */
  readonly edits: string | undefined;
  /** the row with the cursor is elsewhere afterwards, and the focus goes there */
  readonly movesCursor?: true;
  readonly run: () => Promise<void> | undefined;
}

/** @param inControl whether the key was pressed in a button or field of the row, which has its own use for it
 *  @returns undefined when the key is nothing to this row */
export function keyOfRow(
  event: Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey'>,
  row: PatchRow,
  { patch, inspect, inControl }: { patch: PatchState; inspect: (id: string) => void; inControl: boolean },
): RowKey | undefined {
  const direction = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : undefined;
  if (event.altKey && direction !== undefined && row.kind === 'mapping') {
    return {
      edits: 'Move the set up and down',
      movesCursor: true,
      run: () => patch.changes.move(row.mapping, direction),
    };
  }
  if (event.ctrlKey || event.metaKey || event.altKey || inControl) return undefined;
  return row.kind === 'group' ? keyOfGroup(event.key, row, patch) : keyOfMapping(event.key, row, { patch, inspect });
}

function keyOfMapping(
  key: string,
  { id, mapping }: Extract<PatchRow, { kind: 'mapping' }>,
  { patch, inspect }: { patch: PatchState; inspect: (id: string) => void },
): RowKey | undefined {
  switch (key) {
    case 'Enter':
      return {
        edits: undefined,
        run: () => {
          inspect(id);
          return undefined;
        },
      };
    case ' ':
      return { edits: 'Lock or unlock the set', run: () => patch.setEnabled(mapping, !mapping.enabled) };
    case 'Delete':
      return { edits: 'Delete the set', movesCursor: true, run: () => patch.remove(mapping) };
    default:
      return undefined;
  }
}

function keyOfGroup(
  key: string,
  { group }: Extract<PatchRow, { kind: 'group' }>,
  patch: PatchState,
): RowKey | undefined {
  const wishes: Partial<Record<string, boolean>> = { ArrowLeft: true, ArrowRight: false, Enter: !group.folded };
  const folded = wishes[key];
  if (folded === undefined || folded === group.folded) return undefined;
  return { edits: folded ? 'Fold the group' : 'Unfold the group', run: () => patch.changes.fold(group, folded) };
}
