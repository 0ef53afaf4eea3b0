import { UnavailableError } from '../contract/errors.ts';
import { dialWords, partsOfError } from '../platform/connection-words.ts';

/** Nobody was reached at an address; a network card that is missing has its own sentence. */
export function dialFault(address: string, error: unknown): UnavailableError {
  if (error instanceof UnavailableError && error.code === 'no-network-card') return error;
  const message = `${address} does not answer: ${dialReason(error)}.`;
  return new UnavailableError('cannot-open-port', message, { address }, { cause: error });
}

/** Why the system could not connect, in words, and as the system calls it: `no router listens there (ECONNREFUSED)`. Of a name
 *  with several addresses each has its own reason, the whole has none. */
export function dialReason(error: unknown): string {
  if (error instanceof AggregateError && error.message === '')
    return [...new Set(error.errors.map(dialReason))].join(', ');
  if (!(error instanceof Error)) return String(error);
  const parts = partsOfError(error);
  if (untrusted.has(parts.code)) return untrustedWords;
  const words = dialWords(parts, 'router');
  return words === undefined ? error.message : `${words} (${parts.code})`;
}

/** What OpenSSL calls a certificate whose authority is not known, or is itself. */
const untrusted: ReadonlySet<unknown> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
export const untrustedWords =
  'nobody that is trusted here has signed its certificate (flyrail cert export-ca prints the authority there)';
