import { AppError } from '../../contract/errors.ts';
import { partsOfError, tlsWords, unreachableWords } from '../../platform/connection-words.ts';
import type { HttpFailure } from '../../ports/http-caller.ts';

/** Why there is no answer, as a sentence for the operator. */
export interface HttpFault {
  readonly words: string;
  /** away: nobody is reached; asking often finds him soon. repair: somebody has to repair something first. never: asking the
   *  same again is of no use. */
  readonly kind: 'away' | 'repair' | 'never';
}

/** Whatever the caller threw, in words. */
export function faultOf(error: unknown): HttpFault {
  const why = error instanceof AppError ? (error.details['why'] as HttpFailure | undefined) : undefined;
  const cause = error instanceof Error ? error.cause : error;
  const { code, message } = partsOfError(cause);
  if (why === 'timeout') return { words: 'The server does not answer in time.', kind: 'away' };
  if (why === 'too-long' || why === 'compressed' || why === 'redirect')
    return { words: sentence(message), kind: 'never' };
  const known = typeof code === 'string' ? code : undefined;
  const unreachable = unreachableWords({ code, message }, 'server');
  if (unreachable !== undefined) return { words: unreachable, kind: 'away' };
  const tls = tlsWords(known, 'server');
  if (tls !== undefined) return { words: tls, kind: 'repair' };
  if (known?.startsWith('HPE_')) return { words: 'The server does not speak HTTP there.', kind: 'repair' };
  return { words: `The request failed: ${message.replace(/\.$/, '')}.`, kind: 'away' };
}

/** `it answers 404`, for a status that is no success. */
export function statusWords(status: number): string {
  const words: Readonly<Record<number, string>> = {
    401: ': it wants a token, or another one',
    403: ': it does not let us',
    404: ': there is nothing at this URL',
    405: ': it takes no such method there',
    413: ': it takes no bodies this large',
    429: ': it is asked too often',
    503: ': it cannot now',
  };
  return `it answers ${status}${words[status] ?? ''}`;
}

/** Whether the same may go well later. */
export function isWorthRepeating(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

/** The sentence with the URL that it is about. */
export function about(words: string, url: string): string {
  return words.replace(/\.?$/, ` (${url}).`);
}

export function sentence(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1).replace(/\.$/, '')}.`;
}
