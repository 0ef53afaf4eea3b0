import type { Accepted } from '../observation.ts';
import type { Complain, Invariant } from './invariant.ts';

/** While its holder is there, nobody else writes to a locked param; a lock ends with the session that held it, and with its
 *  param, when the time of that is over.
 *  @param isHere whether a session is open at the router that lives now */
export function locksHold(complain: Complain, isHere: (session: string) => boolean): Invariant {
  let holders = new Map<string, string>();
  /** who put or told the timeline of an address last: it sets the param in that one's name */
  let movedBy = new Map<string, string>();
  /** params with a time of their own */
  let timed = new Set<string>();
  return {
    see: (seen) => {
      if (seen.what === 'began') {
        holders = new Map();
        movedBy = new Map();
        timed = new Set();
      }
      if (seen.what === 'accepted' && seen.accepted.kind === 'timeline')
        movedBy.set(seen.accepted.address, seen.accepted.session);
      if (seen.what === 'accepted' && seen.accepted.kind === 'param') accepted(seen.accepted);
    },
    rest: ({ params }) => {
      for (const [address, { holder, isHolderHere }] of params)
        if (holder !== undefined && !isHolderHere) complain(`${address} is locked by ${holder}, which is gone`);
    },
  };

  function accepted(one: Accepted): void {
    const { address, session, token } = one;
    const isEnd = isOfRouter(one) && timed.has(address);
    if (isEnd) holders.delete(address);
    const holder = holders.get(address);
    const writer = session === 'timelines' ? movedBy.get(address) : session;
    if (holder !== undefined && holder !== writer && isHere(holder))
      complain(`${session} wrote ${String(token)} to ${address} past the lock of ${holder}`);
    // A PUBLISH of kind param is passed on and changes nothing.
    if (one.revision !== undefined) written(one, holder);
  }

  function written({ address, session, locks, holder: now, isTimed }: Accepted, holder: string | undefined): void {
    if (isTimed) timed.add(address);
    else timed.delete(address);
    if (locks === 'lock') holders.set(address, session);
    else if (locks === 'unlock' || (holder !== undefined && !isHere(holder))) holders.delete(address);
    if (now !== undefined && !isHere(now)) complain(`${address} is locked by ${now}, which is gone`);
  }
}

/** As the router tells that the time of a param is over. */
function isOfRouter({ session, value }: Accepted): boolean {
  return session === 'router' && value?.type === 'null';
}
