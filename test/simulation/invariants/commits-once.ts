import { senderOf, type Accepted, type Ask, type KeptValue, type Token, type Tokens } from '../observation.ts';
import type { Complain, Invariant } from './invariant.ts';

/** What was done under commit and is on disk is not done again in a later life of the router, however often its sender asks.
 *  What a sender asked under confirm before such a commit does not come after it. */
export function commitsOnce(complain: Complain): Invariant {
  const asks = new Map<Token, Ask>();
  /** on disk when this life began */
  let kept = new Map<string, Token>();
  let everKept = new Set<Token>();
  return {
    see: (seen) => {
      if (seen.what === 'asked') for (const token of seen.ask.tokens) asks.set(token, seen.ask);
      else if (seen.what === 'accepted') accepted(seen.accepted);
      else if (seen.what === 'began') began(seen.kept, seen.commits);
    },
  };

  function began(params: readonly KeptValue[], commits: Tokens): void {
    kept = new Map(params.flatMap(({ address, token }) => (token === undefined ? [] : [[address, token]])));
    // A full journal has SETs too, which count where their param is.
    const events = commits.filter((token) => asks.get(token)?.kind !== 'param');
    everKept = new Set([...everKept, ...kept.values(), ...events]);
  }

  function accepted({ token, kind, address, life }: Accepted): void {
    const ask = token === undefined ? undefined : asks.get(token);
    if (token === undefined || !ask) return;
    if (
      ask.qos === 'commit' &&
      everKept.has(token) &&
      (ask.kind !== 'bundle' || kept.get(address) === token || kind !== 'param')
    )
      complain(`commit ${token} at ${address} is on disk and was done again in life ${life}`);
    const later = kept.get(address);
    if (later === undefined || later <= token || senderOf(later) !== senderOf(token)) return;
    const isOvertaken = ask.qos === 'confirm' && ask.isOnStream && !ask.isForLater && asks.get(later)?.qos === 'commit';
    if (kind === 'param' && isOvertaken && !asks.get(later)?.isForLater)
      complain(
        `confirm ${token} at ${address} was done in life ${life} after commit ${later} of its sender, which is on disk`,
      );
  }
}
