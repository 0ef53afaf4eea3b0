import type { Accepted, PastSignal, Replayed, Token } from '../observation.ts';
import type { Complain, Invariant } from './invariant.ts';

/** A replay has what was accepted in its order, nothing twice and nothing else: all that the router had accepted in this life
 *  when it was asked, and of earlier lives every event that was acknowledged under commit.
 *  @param isJumpy whether the clock may have been set back between two lives: pages are cut by time */
export function replaysWhole(complain: Complain, isJumpy: () => boolean): Invariant {
  const all: Accepted[] = [];
  const committed = new Set<Token>();
  return {
    see: (seen) => {
      if (seen.what === 'accepted') all.push(seen.accepted);
      else if (seen.what === 'settled' && !seen.refused && seen.ask.qos === 'commit' && seen.ask.kind === 'event')
        for (const token of seen.ask.tokens) committed.add(token);
      else if (seen.what === 'replayed' && !isJumpy()) replayed(seen);
    },
  };

  function replayed({ who, lives: [life, lifeAtEnd], accepted, signals }: Replayed): void {
    const found = new Set<Accepted>();
    const tokens = new Set<Token>();
    let next = 0;
    for (const signal of signals) {
      if (signal.token === undefined) continue;
      const place = placeOf(signal, next);
      if (place < 0) return complain(`actor ${who} is replayed ${nameOf(signal)} twice, out of order, or for nothing`);
      const one = all[place];
      if (one) found.add(one);
      tokens.add(signal.token);
      next = place + 1;
    }
    const missing = all.find(
      (one) => one.life === life && one.order < accepted && one.token !== undefined && !found.has(one),
    );
    if (life === lifeAtEnd && missing) complain(`actor ${who} is not replayed ${nameOf(missing)} of this life`);
    const lost = [...committed].find((token) => !tokens.has(token) && wasBefore(token, life, accepted));
    if (lost !== undefined) complain(`actor ${who} is not replayed the commit ${lost}`);
  }

  /** What was done in two lives, since the disk had lost the first, is told apart by its time. */
  function placeOf(signal: PastSignal, from: number): number {
    for (let place = from; place < all.length; place++) {
      const one = all[place];
      if (!one || one.token !== signal.token || one.revision !== signal.revision) continue;
      if (one.keptAt !== signal.pastAt) continue;
      if (one.address === signal.address && one.kind === signal.kind) return place;
    }
    return -1;
  }

  /** Accepted, and so settled perhaps, before the replay was asked for. */
  function wasBefore(token: Token, life: number, accepted: number): boolean {
    return all.some((one) => one.token === token && (one.life < life || (one.life === life && one.order < accepted)));
  }
}

function nameOf({ kind, address, token, revision }: Omit<PastSignal, 'pastAt'>): string {
  return `${kind} ${address} ${String(token)} at revision ${String(revision)}`;
}
