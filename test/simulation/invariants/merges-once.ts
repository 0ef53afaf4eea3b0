import type { Value } from '../../../src-main/contract/signal.ts';
import { tokenOf, type Accepted, type Ask, type Refused, type Token } from '../observation.ts';
import type { Complain, Invariant } from './invariant.ts';

/** What is merged into a param is done as often as any other request: once in each life of the router under confirm and commit,
 *  also where a later life finds it done on disk and its sender was never answered, not again in a later life where it is on disk under commit, and not at all where it was refused. Each merge writes a number
 *  of its own under one key, by which it is known. */
export function mergesOnce(complain: Complain): Invariant {
  const asks = new Map<Token, Ask>();
  const everKept = new Set<Token>();
  /** lives in which each was done */
  const done = new Map<Token, readonly number[]>();
  const answered = new Set<Token>();
  /** whose session it is */
  const senders = new Map<string, number>();
  let standing = new Map<string, ReadonlyMap<string, Token>>();
  return {
    see: (seen) => {
      if (seen.what === 'asked' && seen.ask.merges !== undefined) asks.set(seen.ask.merges, seen.ask);
      else if (seen.what === 'joined') senders.set(seen.session, seen.who);
      else if (seen.what === 'began') {
        standing = new Map(seen.kept.map(({ address, value }) => [address, tokensIn(value)]));
        for (const tokens of standing.values()) for (const token of tokens.values()) everKept.add(token);
      } else if (seen.what === 'accepted') accepted(seen.accepted);
      else if (seen.what === 'settled' && seen.ask.merges !== undefined)
        settled(seen.ask, seen.ask.merges, seen.life, seen.refused);
    },
  };

  function accepted({ address, value, life, session }: Accepted): void {
    if (!address.startsWith('/merge/')) return;
    const [before, after] = [standing.get(address), tokensIn(value)];
    standing.set(address, after);
    const written = [...after].filter(([key, token]) => before?.get(key) !== token).map(([, token]) => token);
    for (const token of written) merged(token, life);
    if (written.length > 0) return;
    // One that stands already was merged again.
    const tokens = [...after.values()];
    const again = tokens.find((token) => isAskedAgain(token, life, senders.get(session)));
    if (again !== undefined) merged(again, life);
    else if (!tokens.some((token) => isRepeatable(asks.get(token))))
      complain(`${address} was merged again in life ${life}, and nothing was new`);
  }

  /** Its sender waits for the answer of an earlier life. */
  function isAskedAgain(token: Token, life: number, sender: number | undefined): boolean {
    const ask = asks.get(token);
    const isWaiting = ask?.qos === 'confirm' && ask.who === sender && !answered.has(token);
    return isWaiting && !done.get(token)?.includes(life);
  }

  function merged(token: Token, life: number): void {
    const ask = asks.get(token);
    const lives = done.get(token) ?? [];
    done.set(token, [...lives, life]);
    if (!ask) return complain(`nobody asked for the merge of ${token}`);
    if (isRepeatable(ask)) return;
    if (ask.qos === 'fire' ? lives.length > 0 : lives.includes(life))
      complain(`${ask.qos} merge of ${token} was done again, in life ${life} after life ${lives.join(', ')}`);
    if (ask.qos === 'commit' && everKept.has(token))
      complain(`commit of ${token} is on disk and was merged again in life ${life}`);
  }

  function settled({ qos }: Ask, token: Token, life: number, refused: Refused | undefined): void {
    if (qos === 'fire') return;
    answered.add(token);
    const lives = done.get(token) ?? [];
    if (!refused && lives.length === 0) complain(`${qos} merge of ${token} was acknowledged and not done`);
    // 501 says that it was done and could not be kept.
    const isRefused = refused?.number !== undefined && refused.number !== 501;
    if (isRefused && lives.includes(life))
      complain(`${qos} merge of ${token} was refused (${refused.number}) and done`);
  }
}

/** A link that repeats frames repeats what was fired, which carries no id. */
function isRepeatable(ask: Ask | undefined): boolean {
  return ask?.qos === 'fire' && !ask.isOnStream;
}

function tokensIn(value: Value | undefined): ReadonlyMap<string, Token> {
  const entries = value?.type === 'map' ? value.value : [];
  return new Map(
    entries.flatMap(([key, entry]) => {
      const token = tokenOf(entry);
      return token === undefined ? [] : [[key, token] as const];
    }),
  );
}
