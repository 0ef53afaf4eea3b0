import { senderOf, type Ask, type Token } from '../observation.ts';
import type { Complain, Invariant } from './invariant.ts';

/** The router does what each actor asks in the order of the calls: all of it where the link keeps order, commits anywhere.
 *  After a crash an actor begins again with the first that has no answer. */
export function sendersInOrder(complain: Complain): Invariant {
  const asks = new Map<Token, Ask>();
  let last = new Map<string, Token>();
  return {
    see: (seen) => {
      if (seen.what === 'began') last = new Map();
      if (seen.what === 'asked') for (const token of seen.ask.tokens) asks.set(token, seen.ask);
      if (seen.what !== 'accepted' || seen.accepted.token === undefined) return;
      const { token } = seen.accepted;
      const ask = asks.get(token);
      if (!ask || ask.isForLater || (!ask.isOnStream && ask.qos !== 'commit')) return;
      const key = `${senderOf(token)} ${ask.isOnStream ? 'all' : 'commits'}`;
      const before = last.get(key) ?? 0;
      if (token < before) complain(`${ask.qos} ${ask.kind} ${token} came after ${before} of the same actor`);
      last.set(key, token);
    },
  };
}
