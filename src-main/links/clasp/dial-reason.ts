import { UnavailableError } from '../../contract/errors.ts';
import { dialWords, partsOfError } from '../../platform/connection-words.ts';

/** What libraries say where somebody else listens, or nobody can. */
const others: readonly (readonly [RegExp, string])[] = [
  [/^Server sent (no|an invalid) subprotocol$/, 'what listens there speaks no CLASP'],
  [/^Unexpected server response: (\d{3})$/, 'the server there answers $1, and opens no WebSocket'],
  [/^Error: /, ''],
];

/** Says of a dial that failed why, for the status of a link, which has the URL beside it.
 *  @throws Error always, with a clause as its message: `no router listens there` */
export function giveReason(error: unknown): never {
  // The system's own words are behind those of the transport.
  const cause = error instanceof UnavailableError && error.cause instanceof Error ? error.cause : error;
  const parts = partsOfError(cause);
  throw new Error(dialWords(parts, 'router') ?? reasonWords(parts.message), { cause: error });
}

/** Why a connection ended, as a clause.
 *  @param reason as a library says it, or already in words */
export function reasonWords(reason: string): string {
  // Those of Node are `read ECONNRESET`.
  const code = /^[a-z]+ (E[A-Z]+)\b/.exec(reason)?.[1];
  const known = dialWords({ code, message: reason }, 'router');
  const words = others.reduce((text, [sign, plain]) => text.replace(sign, plain), reason);
  return known ?? words.replace(/\.$/, '');
}
