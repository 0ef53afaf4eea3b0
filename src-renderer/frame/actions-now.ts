import type { EngineState } from '../engine/engine-state.svelte.ts';
import type { Action } from '../widgets/actions.svelte.ts';

/** The actions as they stand: without an engine those that would change something say so and do not run. What only looks
 *  or moves about, and keys that a part of the page keeps to itself, stay. */
export function actionsNow(actions: readonly Action[], engine: Pick<EngineState, 'offline'>): readonly Action[] {
  if (!engine.offline) return actions;
  return actions.map((action) => (looksOnly(action) ? action : { ...action, blocked: () => offlineReason }));
}

const offlineReason = 'there is no connection to the engine';
const lookingGroups: ReadonlySet<string> = new Set(['Areas', 'Monitor']);
const lookingIds: ReadonlySet<string> = new Set(['palette', 'keys', 'monitor-strip', 'patch-find']);

function looksOnly(action: Action): boolean {
  return action.keyOnly === true || lookingGroups.has(action.group) || lookingIds.has(action.id);
}
