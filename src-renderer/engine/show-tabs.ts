import type { ShowDocument } from '../../src-main/contract/show.ts';
import type { AreaId } from './navigation.svelte.ts';

/** The two pages of the area Show: what is kept in which file, and what the show says of all signals. */
export type ShowTab = Extract<AreaId, 'show' | 'signals'>;

export function showTabs({ signalRules }: ShowDocument) {
  return [
    { id: 'show', label: 'Files' },
    { id: 'signals', label: 'Signals', count: signalRules.length },
  ] as const satisfies readonly { readonly id: ShowTab; readonly label: string; readonly count?: number }[];
}
