import { tinykeys } from 'tinykeys';
import type { Cancel } from '../../src-main/contract/message-link.ts';
import type { Action } from '../widgets/actions.svelte.ts';

/** Keys of all actions, for as long as they are as given. Bare keys leave fields alone; nothing runs behind a floating
 *  layer, which has keys of its own. A key held down does its work once.
 *  @param onblocked told when a key was pressed whose action cannot run now, with the reason */
export function bindKeys(
  target: Window,
  actions: readonly Action[],
  onblocked: (action: Action, reason: string) => void,
): Cancel {
  const bindings: Record<string, (event: KeyboardEvent) => void> = {};
  for (const action of actions) {
    for (const key of action.keys ?? []) {
      bindings[key] ??= (event) => {
        if (belongsToField(event.target, action.inFields ?? false)) return;
        event.preventDefault();
        if (event.repeat && !action.keyOnly) return;
        const reason = action.blocked?.();
        if (reason === undefined) action.run();
        else onblocked(action, reason);
      };
    }
  }
  return tinykeys(target, bindings, {
    ignore: (event) => event.defaultPrevented || event.isComposing || behindLayer(event),
  });
}

function belongsToField(target: EventTarget | null, inFields: boolean | 'settled'): boolean {
  if (inFields === true || !(target instanceof HTMLElement)) return false;
  const field = target.closest('input, textarea, select, [contenteditable="true"]');
  if (field === null) return false;
  // A list of choices takes nothing back by itself; a field says when it has nothing left to take back.
  return inFields !== 'settled' || !field.matches('select, [data-settled="true"]');
}

function behindLayer(event: KeyboardEvent): boolean {
  return event.target instanceof Node && event.target.ownerDocument?.querySelector('dialog[open]') !== null;
}
