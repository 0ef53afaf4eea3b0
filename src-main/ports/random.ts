/** The only source of chance, so that a seed can replay a run. */
export interface Random {
  /** 0 ≤ x < 1 */
  fraction(): number;
  /** RFC 9562 version 4, lower case */
  uuid(): string;
}
