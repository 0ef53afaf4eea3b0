import type { Accepted, Token } from '../observation.ts';
import type { Complain, Invariant } from './invariant.ts';

/** What expects a revision is done only where the param stands at it, or is not there. */
export function expectationsMeet(complain: Complain): Invariant {
  const expected = new Map<Token, bigint>();
  let standing = new Map<string, bigint>();
  return {
    see: (seen) => {
      if (seen.what === 'began') standing = new Map(seen.kept.map(({ address, revision }) => [address, revision]));
      else if (seen.what === 'asked' && seen.ask.expects !== undefined)
        for (const token of seen.ask.tokens) expected.set(token, seen.ask.expects);
      else if (seen.what === 'accepted') follow(seen.accepted);
    },
  };

  function follow({ address, revision, token }: Accepted): void {
    if (revision === undefined) return;
    const expects = token === undefined ? undefined : expected.get(token);
    const stands = standing.get(address);
    if (expects !== undefined && stands !== undefined && stands !== expects)
      complain(`${String(token)} expected ${address} at revision ${expects} and was done at ${stands}`);
    standing.set(address, revision);
  }
}
