import type { EngineState } from '../engine/engine-state.svelte.ts';
import { roleWords } from '../widgets/role-words.ts';
import type { Action } from '../widgets/actions.svelte.ts';

/** The actions as they stand: without an engine those that would change something say so and do not run. What only looks
 *  or moves about, and keys that a part of the page keeps to itself, stay. */
export function actionsNow(actions: readonly Action[], engine: HeldBy): readonly Action[] {
  const reason = reasonHeld(engine);
  if (reason === undefined) return actions;
  return actions.map((action) => (looksOnly(action, engine.lookOnly) ? action : { ...action, blocked: () => reason }));
}

export type HeldBy = Pick<EngineState, 'offline' | 'lookOnly' | 'role'>;

/** Why nothing of the show can be changed from this page now, as the end of a sentence; undefined when it can. */
export function reasonHeld({ offline, lookOnly, role }: HeldBy): string | undefined {
  if (offline) return 'there is no connection to the engine';
  return lookOnly ? `this page has the role ${roleWords[role]}` : undefined;
}
const lookingGroups: ReadonlySet<string> = new Set(['Areas', 'Monitor']);
const lookingIds: ReadonlySet<string> = new Set(['palette', 'keys', 'monitor-strip', 'patch-find']);

const editingAreas: ReadonlySet<string> = new Set(['go-show', 'go-signals']);

function looksOnly(action: Action, lookOnly: boolean): boolean {
  if (lookOnly && editingAreas.has(action.id)) return false;
  return action.keyOnly === true || lookingGroups.has(action.group) || lookingIds.has(action.id);
}
