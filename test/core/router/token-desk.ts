import { parseScopes } from '../../../src-main/contract/scope.ts';
import type { Grant, TokenFault, TokenVerifier } from '../../../src-main/ports/token-verifier.ts';

/** Tokens that a test hands out. */
export class TokenDesk implements TokenVerifier {
  /** whether answers take a moment, as those about signatures do */
  isSlow = false;
  asked = 0;
  readonly #grants = new Map<string, Grant | TokenFault>();
  readonly #revoked = new Set<(id: string) => void>();

  give(token: string, scopes: string, more: Partial<Pick<Grant, 'constraints' | 'expiresAt' | 'standsOn'>> = {}): void {
    this.#grants.set(token, {
      id: `id-of-${token}`,
      name: token,
      scopes: scopes === '' ? [] : parseScopes(scopes),
      constraints: more.constraints ?? [],
      expiresAt: more.expiresAt,
      standsOn: more.standsOn ?? [],
    });
  }

  refuse(token: string, because: TokenFault['because']): void {
    this.#grants.set(token, { because, message: `The token is ${because}.` });
  }

  revoke(token: string): void {
    this.#grants.delete(token);
    for (const run of this.#revoked) run(`id-of-${token}`);
  }

  verify(token: string): Grant | TokenFault | Promise<Grant | TokenFault> {
    this.asked++;
    const answer = this.#grants.get(token) ?? { because: 'unknown', message: 'Nobody knows this token.' };
    return this.isSlow ? Promise.resolve().then(() => answer) : answer;
  }

  onRevoked(run: (id: string) => void): () => void {
    this.#revoked.add(run);
    return () => this.#revoked.delete(run);
  }

  get listeners(): number {
    return this.#revoked.size;
  }
}
