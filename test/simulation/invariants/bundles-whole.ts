import type { Accepted, Ask, Token, Tokens } from '../observation.ts';
import type { Complain, Invariant } from './invariant.ts';

/** What may be under way: steps that are to come one right after the other, from here on. */
interface UnderWay {
  readonly runs: readonly Tokens[];
  readonly at: number;
}

/** In each life all steps of a bundle are done one right after the other, or none. Of one that an earlier life did, its params
 *  alone may be left to do, or the others alone: the crash came when one of the two files had them. */
export function bundlesWhole(complain: Complain): Invariant {
  const bundles = new Map<Token, Tokens>();
  const kinds = new Map<Token, Accepted['kind']>();
  /** the first life that did it */
  const firstLives = new Map<Tokens, number>();
  let current: UnderWay | undefined;
  return {
    see: (seen) => {
      if (seen.what === 'asked') take(seen.ask);
      else if (seen.what === 'accepted') follow(seen.accepted);
      else if (seen.what === 'ended') breakOff('was broken off');
    },
    rest: () => breakOff('was broken off'),
  };

  function take({ kind, tokens }: Ask): void {
    if (kind === 'bundle') for (const token of tokens) bundles.set(token, tokens);
  }

  function follow({ token, kind, life }: Accepted): void {
    if (token !== undefined) kinds.set(token, kind);
    if (goesOn(token)) return;
    breakOff(`was cut by ${String(token)}, which came in between`);
    const tokens = token === undefined ? undefined : bundles.get(token);
    if (!tokens || token === undefined) return;
    const wasDone = (firstLives.get(tokens) ?? life) < life;
    if (!wasDone) firstLives.set(tokens, life);
    const isParam = kind === 'param';
    const half = wasDone ? tokens.filter((each) => (kinds.get(each) === 'param') === isParam) : tokens;
    const runs = [tokens, half].filter(([first]) => first === token);
    if (runs.length === 0) return complain(`the bundle ${tokens.join(', ')} began with ${token}`);
    current = { runs, at: 1 };
  }

  function goesOn(token: Token | undefined): boolean {
    if (!current) return false;
    const { runs, at } = current;
    const fitting = runs.filter((run) => token !== undefined && run[at] === token);
    if (fitting.length === 0) return false;
    current = { runs: fitting, at: at + 1 };
    return true;
  }

  function breakOff(how: string): void {
    if (current && !current.runs.some(({ length }) => length === current?.at))
      complain(`the bundle ${(current.runs[0] ?? []).join(', ')} ${how}`);
    current = undefined;
  }
}
