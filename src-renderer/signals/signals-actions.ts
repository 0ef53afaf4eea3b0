import Plus from '@lucide/svelte/icons/plus';
import Trash from '@lucide/svelte/icons/trash-2';
import type { Action } from '../widgets/actions.svelte.ts';
import type { SignalsState } from './signals-state.svelte.ts';

const group = 'Signals';

export interface SignalsMeans {
  readonly signals: SignalsState;
  readonly add: () => void;
  readonly remove: () => void;
}

/** What can be done with the rules of signals by key and palette. */
export function signalsActions({ signals, add, remove }: SignalsMeans): Action[] {
  const blocked = (): string | undefined => (signals.inspected && !signals.draft ? undefined : 'choose a rule first');
  return [
    {
      id: 'signals-add',
      label: 'Add a rule, or go on with the one begun',
      group,
      keys: ['n'],
      keyLabel: 'N',
      icon: Plus,
      run: add,
    },
    {
      id: 'signals-delete',
      label: 'Delete the rule',
      group,
      keyLabel: 'Delete',
      icon: Trash,
      blocked,
      run: remove,
    },
    { id: 'signals-rows', label: 'Rule up and down', group, keyLabel: '↑ ↓', keyOnly: true, run: () => undefined },
    { id: 'signals-inspect', label: 'Inspect the rule', group, keyLabel: 'Enter', keyOnly: true, run: () => undefined },
    { id: 'signals-back', label: 'Back to the rules', group, keyLabel: 'Esc', keyOnly: true, run: () => undefined },
  ];
}
