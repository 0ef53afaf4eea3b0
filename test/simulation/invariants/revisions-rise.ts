import type { Complain, Invariant } from './invariant.ts';

/** For whoever looks, the revisions of a param never fall while a router lives; whoever comes late included. */
export function revisionsRise(complain: Complain): Invariant {
  let latest = new Map<string, bigint>();
  return {
    see: (seen) => {
      // After a crash what was not on disk may be gone; how far back that may be is another invariant.
      if (seen.what === 'began') latest = new Map();
      if (seen.what === 'heard' && seen.revision !== undefined) {
        const { who, life, watch, address, revision, isSnapshot } = seen;
        note(
          `actor ${who}, subscription ${watch.number}${isSnapshot ? ', snapshot' : ''}: ${address}`,
          `${life} ${who} ${watch.number} ${address}`,
          revision,
        );
      } else if (seen.what === 'accepted' && seen.accepted.revision !== undefined) {
        const { address, revision } = seen.accepted;
        note(`the router: ${address}`, `router ${address}`, revision);
      }
    },
  };

  function note(what: string, key: string, revision: bigint): void {
    const known = latest.get(key) ?? 0n;
    if (revision < known) complain(`${what} went from revision ${known} back to ${revision}`);
    latest.set(key, revision);
  }
}
