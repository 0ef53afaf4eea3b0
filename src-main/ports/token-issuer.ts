/** Makes tokens for CLASP clients that were paired. */
export interface TokenIssuer {
  /** @param name as the operator sees it in the list of tokens
   *  @param scopes as CLASP writes them: `write:/**`
   *  @returns the token; it is told this once */
  issueToken(name: string, scopes: readonly string[]): Promise<string>;
}
