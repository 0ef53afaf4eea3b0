import type { Router } from '../router/router.ts';
import type { Journal } from './journal.ts';

/** What stands in for a journal where nothing is kept: another show on the table takes its predecessor's values away all
 *  the same. */
export function createNoJournal(
  params: Pick<Router['params'], 'forgetOwn'>,
): Pick<Journal, 'showOnTable' | 'lostTotal'> {
  let current: string | undefined;
  return {
    lostTotal: 0,
    showOnTable: (showId) => {
      if (current !== undefined && current !== showId) params.forgetOwn();
      current = showId;
    },
  };
}
