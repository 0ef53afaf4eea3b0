import type { Action } from '../widgets/actions.svelte.ts';

export interface Found {
  readonly action: Action;
  /** why not now; undefined when it can be done */
  readonly blocked: string | undefined;
}

/** The actions whose label holds every typed word in any order: what can be done first, then what cannot, each in the
 *  order of the list. Words that begin where a word begins count before those found inside. */
export function searchActions(actions: readonly Action[], query: string): { now: Found[]; notNow: Found[] } {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = actions
    .filter((action) => !action.keyOnly)
    .map((action, index) => ({ action, index, rank: rankOf(`${action.label} ${action.group}`.toLowerCase(), words) }))
    .filter((hit) => hit.rank >= 0)
    .sort((left, right) => left.rank - right.rank || left.index - right.index)
    .map(({ action }): Found => ({ action, blocked: action.blocked?.() }));
  return {
    now: found.filter((hit) => hit.blocked === undefined),
    notNow: found.filter((hit) => hit.blocked !== undefined),
  };
}

/** @returns 0 when all words begin a word, 1 when some stand inside one, -1 when one is missing */
function rankOf(text: string, words: readonly string[]): number {
  if (!words.every((word) => text.includes(word))) return -1;
  return words.every((word) => ` ${text}`.includes(` ${word}`)) ? 0 : 1;
}
