import Cable from '@lucide/svelte/icons/cable';
import Copy from '@lucide/svelte/icons/copy';
import Search from '@lucide/svelte/icons/search';
import Trash from '@lucide/svelte/icons/trash-2';
import type { Mapping } from '../../src-main/contract/show.ts';
import type { Action } from '../widgets/actions.svelte.ts';
import type { PatchState } from './patch-state.svelte.ts';

/** What the page gives beside its state. */
export interface PatchMeans {
  readonly patch: PatchState;
  readonly add: () => void;
  readonly learn: () => void;
  readonly find: () => void;
  /** the focus goes to the row with the cursor when this is done, unless it is false */
  readonly goToRow: (done: Promise<unknown>) => void;
}

const group = 'Patch';

/** What can be done on the patch page by key and palette. */
export function patchActions({ patch, add, learn, find, goToRow }: PatchMeans): Action[] {
  const chosen = (): Mapping | undefined => (patch.draft ? undefined : patch.inspected);
  const needsSet = (): string | undefined => (chosen() ? undefined : 'choose a set first');
  const withSet = (run: (mapping: Mapping) => unknown) => (): void => {
    const mapping = chosen();
    if (mapping) run(mapping);
  };
  return [
    { id: 'patch-add', label: 'Add a mapping', group, keys: ['n'], keyLabel: 'N', icon: Cable, run: add },
    { id: 'patch-learn', label: 'Learn the source', group, keys: ['l'], keyLabel: 'L', run: learn },
    { id: 'patch-find', label: 'Find an address', group, keys: ['[Shift]+/'], keyLabel: '/', icon: Search, run: find },
    {
      id: 'patch-duplicate',
      label: 'Duplicate the set',
      group,
      keys: ['$mod+d'],
      keyLabel: 'Ctrl D',
      icon: Copy,
      blocked: needsSet,
      run: withSet((mapping) => goToRow(patch.changes.duplicate(mapping))),
    },
    {
      id: 'patch-delete',
      label: 'Delete the set',
      group,
      keyLabel: 'Delete',
      icon: Trash,
      blocked: needsSet,
      run: withSet((mapping) => goToRow(patch.remove(mapping))),
    },
    {
      id: 'patch-lock',
      label: 'Lock or unlock the set',
      group,
      keyLabel: 'Space',
      blocked: needsSet,
      run: withSet((mapping) => patch.setEnabled(mapping, !mapping.enabled)),
    },
    { id: 'patch-rows', label: 'Row up and down', group, keyLabel: '↑ ↓', keyOnly: true, run: () => undefined },
    {
      id: 'patch-move',
      label: 'Move the set up and down',
      group,
      keyLabel: 'Alt ↑ ↓',
      keyOnly: true,
      run: () => undefined,
    },
    { id: 'patch-inspect', label: 'Inspect the set', group, keyLabel: 'Enter', keyOnly: true, run: () => undefined },
    { id: 'patch-back', label: 'Back to the table', group, keyLabel: 'Esc', keyOnly: true, run: () => undefined },
  ];
}
