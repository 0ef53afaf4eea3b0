import type { Ask, Token, Tokens } from '../observation.ts';
import type { Complain, Invariant } from './invariant.ts';

/** In each life all steps of a bundle are done one right after the other, or none. */
export function bundlesWhole(complain: Complain): Invariant {
  const bundles = new Map<Token, Tokens>();
  let current: { readonly tokens: Tokens; readonly at: number } | undefined;
  return {
    see: (seen) => {
      if (seen.what === 'asked') take(seen.ask);
      else if (seen.what === 'accepted') follow(seen.accepted.token);
      else if (seen.what === 'ended') breakOff();
    },
    rest: breakOff,
  };

  function take({ kind, tokens }: Ask): void {
    if (kind === 'bundle') for (const token of tokens) bundles.set(token, tokens);
  }

  function follow(token: Token | undefined): void {
    if (current) {
      if (token === current.tokens[current.at]) {
        current = current.at + 1 < current.tokens.length ? { ...current, at: current.at + 1 } : undefined;
        return;
      }
      complain(`${String(token)} came in between the bundle ${current.tokens.join(', ')}`);
      current = undefined;
    }
    const tokens = token === undefined ? undefined : bundles.get(token);
    if (!tokens) return;
    if (tokens[0] !== token) return complain(`the bundle ${tokens.join(', ')} began with ${token}`);
    if (tokens.length > 1) current = { tokens, at: 1 };
  }

  function breakOff(): void {
    if (current) complain(`the bundle ${current.tokens.join(', ')} was broken off`);
    current = undefined;
  }
}
