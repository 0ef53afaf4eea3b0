import { f64 } from '../../../src-main/contract/signal.ts';
import type { Accepted, Ask, Heard, Observation, Token, Watch } from '../observation.ts';
import type { Complain, Invariant } from './invariant.ts';

/** What an invariant complains of when it sees these one after the other. */
export function complaintsAbout(create: (complain: Complain) => Invariant, seen: readonly Observation[]): string[] {
  const complaints: string[] = [];
  const invariant = create((text) => complaints.push(text));
  for (const observation of seen) invariant.see(observation);
  invariant.rest?.({ life: 1, accepted: 0, params: new Map() });
  return complaints;
}

export const everything: Watch = { number: 0, pattern: '/**', maxRate: undefined, epsilon: undefined };

/** A SET of a token to /a in life 1, unless said otherwise. */
export function accepted(order: number, token: Token | undefined, more: Partial<Accepted> = {}): Observation {
  return {
    what: 'accepted',
    accepted: {
      life: 1,
      order,
      at: order * 1000,
      keptAt: order * 1000,
      session: 'session 1.0',
      kind: 'param',
      address: '/a',
      value: token === undefined ? undefined : f64(token),
      token,
      revision: BigInt(order + 1),
      phase: undefined,
      finger: undefined,
      locks: undefined,
      holder: undefined,
      isTimed: false,
      ...more,
    },
  };
}

/** Actor 2 hears a SET of a token to /a, unless said otherwise. */
export function heard(token: Token, revision: number, more: Partial<Heard> = {}): Observation {
  return {
    what: 'heard',
    who: 2,
    session: 'session 1.1',
    life: 1,
    watch: everything,
    kind: 'param',
    address: '/a',
    value: f64(token),
    token,
    isSnapshot: false,
    revision: BigInt(revision),
    phase: undefined,
    finger: undefined,
    ...more,
  };
}

/** An event as the router accepts and as actor 2 hears it. */
export const anEvent = { kind: 'event', address: '/e', revision: undefined } as const;

export const began: Observation = { what: 'began', life: 1, kept: [], commits: [] };
export const ready: Observation = {
  what: 'ready',
  who: 2,
  session: 'session 1.1',
  life: 1,
  watch: everything,
  accepted: 0,
  at: 0,
};

export function ask(tokens: readonly Token[], more: Partial<Ask> = {}): Ask {
  return { who: 1, tokens, qos: 'confirm', kind: 'param', isForLater: false, isOnStream: true, ...more };
}
