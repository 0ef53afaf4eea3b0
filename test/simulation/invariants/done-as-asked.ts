import type { Accepted, Ask, Refused, Token } from '../observation.ts';
import type { Complain, Invariant } from './invariant.ts';

/** Fire at most once, confirm at least once, both at most once in one life of the router; every request is settled; what is
 *  refused is not done. */
export function doneAsAsked(complain: Complain): Invariant {
  const asks = new Map<Token, Ask>();
  const open = new Set<Ask>();
  /** lives in which each was done */
  const done = new Map<Token, number[]>();
  return {
    see: (seen) => {
      if (seen.what === 'accepted') accepted(seen.accepted);
      else if (seen.what === 'asked') {
        open.add(seen.ask);
        for (const token of seen.ask.tokens) asks.set(token, seen.ask);
      } else if (seen.what === 'settled') {
        open.delete(seen.ask);
        settled(seen.ask, seen.life, seen.refused);
      }
    },
    rest: () => {
      for (const { who, kind, qos, tokens } of open)
        complain(`actor ${who} never heard what became of ${qos} ${kind} ${tokens.join(', ')}`);
    },
  };

  function accepted({ token, life }: Accepted): void {
    if (token === undefined) return;
    const lives = done.get(token) ?? [];
    done.set(token, [...lives, life]);
    const ask = asks.get(token);
    if (!ask) return complain(`nobody asked for ${token}`);
    // A link that repeats frames repeats what was fired, which carries no id.
    if (ask.qos === 'fire' && !ask.isOnStream) return;
    if (ask.qos === 'fire' ? lives.length > 0 : lives.includes(life))
      complain(`${ask.qos} ${ask.kind} ${token} was done again, in life ${life} after life ${lives.join(', ')}`);
  }

  function settled(
    { tokens, qos, kind, isForLater, mayGoUnanswered = false }: Ask,
    life: number,
    refused: Refused | undefined,
  ): void {
    if (qos === 'fire') return;
    // No mishap lasts as long as a request may wait; only luck on a bad link may.
    if (refused?.code === 'no-answer' && !mayGoUnanswered)
      complain(`${qos} ${kind} ${tokens.join(', ')} got no answer`);
    for (const token of tokens) {
      const lives = done.get(token) ?? [];
      // Under confirm a bundle for later is acknowledged when it waits.
      const isDone = lives.length > 0 || (isForLater && qos === 'confirm');
      if (!refused && !isDone) complain(`${qos} ${kind} ${token} was acknowledged and not done`);
      if (isRefusal(refused) && lives.includes(life))
        complain(`${qos} ${kind} ${token} was refused (${refused?.number}) and done`);
    }
  }
}

/** 501 says that it was done and could not be kept. */
function isRefusal(refused: Refused | undefined): boolean {
  return refused?.number !== undefined && refused.number !== 501;
}
