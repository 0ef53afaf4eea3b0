import type { Value } from '../../../src-main/contract/signal.ts';
import { tokenOf, type Accepted, type Ask, type Refused, type Token } from '../observation.ts';
import type { Complain, Invariant } from './invariant.ts';

/** What is merged into a param is done as often as any other request: once in each life of the router under confirm and commit,
 *  also where a later life finds it done on disk and its sender was never answered; not again in a later life where it is on
 *  disk under commit, and not at all where it was refused. Each merge writes a number of its own under one key, by which it is
 *  known. */
export function mergesOnce(complain: Complain): Invariant {
  const merges = new Merges(complain);
  return { see: (seen) => merges.see(seen) };
}

class Merges {
  readonly #complain: Complain;
  readonly #asks = new Map<Token, Ask>();
  readonly #everKept = new Set<Token>();
  /** lives in which each was done */
  readonly #done = new Map<Token, readonly number[]>();
  readonly #answered = new Set<Token>();
  /** whose session it is */
  readonly #senders = new Map<string, number>();
  #standing = new Map<string, ReadonlyMap<string, Token>>();

  constructor(complain: Complain) {
    this.#complain = complain;
  }

  see(seen: Parameters<Invariant['see']>[0]): void {
    if (seen.what === 'asked' && seen.ask.merges !== undefined) this.#asks.set(seen.ask.merges, seen.ask);
    else if (seen.what === 'joined') this.#senders.set(seen.session, seen.who);
    else if (seen.what === 'began') {
      this.#standing = new Map(seen.kept.map(({ address, value }) => [address, tokensIn(value)]));
      for (const tokens of this.#standing.values()) for (const token of tokens.values()) this.#everKept.add(token);
    } else if (seen.what === 'accepted') this.#accepted(seen.accepted);
    else if (seen.what === 'settled' && seen.ask.merges !== undefined)
      this.#settled(seen.ask, { token: seen.ask.merges, life: seen.life, refused: seen.refused });
  }

  #accepted({ address, value, life, session }: Accepted): void {
    if (!address.startsWith('/merge/')) return;
    const [before, after] = [this.#standing.get(address), tokensIn(value)];
    this.#standing.set(address, after);
    const written = [...after].filter(([key, token]) => before?.get(key) !== token).map(([, token]) => token);
    for (const token of written) this.#merged(token, life);
    if (written.length > 0) return;
    // One that stands already was merged again.
    const tokens = [...after.values()];
    const again = tokens.find((token) => this.#isAskedAgain(token, life, this.#senders.get(session)));
    if (again !== undefined) this.#merged(again, life);
    else if (!tokens.some((token) => isRepeatable(this.#asks.get(token))))
      this.#complain(`${address} was merged again in life ${life}, and nothing was new`);
  }

  /** Its sender waits for the answer of an earlier life. */
  #isAskedAgain(token: Token, life: number, sender: number | undefined): boolean {
    const ask = this.#asks.get(token);
    const isWaiting = ask?.qos === 'confirm' && ask.who === sender && !this.#answered.has(token);
    return isWaiting && !this.#done.get(token)?.includes(life);
  }

  #merged(token: Token, life: number): void {
    const ask = this.#asks.get(token);
    const lives = this.#done.get(token) ?? [];
    this.#done.set(token, [...lives, life]);
    if (!ask) return this.#complain(`nobody asked for the merge of ${token}`);
    if (isRepeatable(ask)) return;
    if (ask.qos === 'fire' ? lives.length > 0 : lives.includes(life))
      this.#complain(`${ask.qos} merge of ${token} was done again, in life ${life} after life ${lives.join(', ')}`);
    if (ask.qos === 'commit' && this.#everKept.has(token))
      this.#complain(`commit of ${token} is on disk and was merged again in life ${life}`);
  }

  #settled({ qos }: Ask, { token, life, refused }: Settled): void {
    if (qos === 'fire') return;
    this.#answered.add(token);
    const lives = this.#done.get(token) ?? [];
    if (!refused && lives.length === 0) this.#complain(`${qos} merge of ${token} was acknowledged and not done`);
    // 501 says that it was done and could not be kept.
    const isRefused = refused?.number !== undefined && refused.number !== 501;
    if (isRefused && lives.includes(life))
      this.#complain(`${qos} merge of ${token} was refused (${refused.number}) and done`);
  }
}

interface Settled {
  readonly token: Token;
  readonly life: number;
  readonly refused: Refused | undefined;
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
