import type { IncomingMessage } from 'node:http';
import type { Problem } from './problem.ts';

/** Methods that some path may have, or refuse by name. */
const methods: ReadonlySet<string> = new Set('GET HEAD PUT POST DELETE OPTIONS PATCH TRACE'.split(' '));

/** Where only WebSockets are spoken. */
export const upgradeOnly: Problem = {
  ...{ status: 426, code: 'bad-message' },
  detail: 'A WebSocket is spoken at this path.',
};

/** A whole URL instead of a path, as for a proxy, stands for its path and for the Host that it names, whatever the header says.
 *  [RFC 9112 3.2.2] */
export function toOriginForm(request: IncomingMessage): void {
  const [, host, rest = ''] = /^https?:\/\/([^/?#]*)(.*)$/is.exec(request.url ?? '') ?? [];
  if (host === undefined) return;
  request.headers.host = host;
  request.url = rest.startsWith('/') ? rest : `/${rest}`;
}

/** Why no service understands a request, whatever its path is; undefined for none. [RFC 9110 15.6.2, RFC 9112 6.1] */
export function formFault({ method = '', headers }: IncomingMessage): Problem | undefined {
  if (!methods.has(method)) return { status: 501, code: 'unknown-command', detail: 'There is no such method here.' };
  const coding = headers['transfer-encoding'];
  if (coding === undefined || coding.trim().toLowerCase() === 'chunked') return undefined;
  return { status: 501, code: 'bad-message', detail: 'Expected a body as it is, or in chunks, in no other coding.' };
}
