import type { Router } from '../router/router.ts';

/** What stands in for a journal where nothing is kept: another show on the table takes its predecessor's values away all
 *  the same. */
export function createNoJournal(params: Pick<Router['params'], 'forgetOwn'>): { showOnTable(showId: string): void } {
  let current: string | undefined;
  return {
    showOnTable: (showId) => {
      if (current !== undefined && current !== showId) params.forgetOwn();
      current = showId;
    },
  };
}
