import type { IncomingMessage } from 'node:http';
import { AppError } from '../../contract/errors.ts';

/** Of `Authorization: Bearer TOKEN`; undefined for none. */
export function bearerOf({ headers }: Pick<IncomingMessage, 'headers'>): string | undefined {
  return /^bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
}

/** Of `?token=TOKEN`, for what a page opens without headers of its own: an EventSource, a WebSocket. A URL with a token is for
 *  nobody's log. */
export function queryTokenOf({ url = '' }: Pick<IncomingMessage, 'url'>): string | undefined {
  const at = url.indexOf('?');
  const token = at < 0 ? null : new URLSearchParams(url.slice(at + 1)).get('token');
  return token === null || token === '' ? undefined : token;
}

/** What whoever showed no token is told: the router's words are of HELLO, which nobody says here.
 *  @param error why it was not let in */
export function forNoToken(error: unknown): unknown {
  // [CLASP-WIRE 11]
  if (!(error instanceof AppError) || error.details['number'] !== 300) return error;
  return new AppError(error.code, 'A token is asked for here, and none was shown.', error.details);
}
