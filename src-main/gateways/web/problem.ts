import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { AppError, toWireError, type ErrorCode } from '../../contract/errors.ts';

/** Why a request was refused, as its answer tells it. @see RFC 9457 */
export interface Problem {
  readonly status: number;
  readonly code: ErrorCode;
  /** a sentence for people */
  readonly detail: string;
  /** what is wrong may have passed by then */
  readonly retryAfterSeconds?: number;
}

const problemType = 'application/problem+json';

const statusOf: Partial<Record<ErrorCode, number>> = {
  'access-refused': 403,
  'bad-type': 415,
  'changed-meanwhile': 412,
  'frame-too-large': 413,
  internal: 500,
  'param-locked': 423,
  'queue-full': 503,
  'unknown-address': 404,
  'unknown-command': 405,
};
const statusOfKind = { input: 400, protocol: 400, unavailable: 503, limit: 429, bug: 500 } as const;
const retryAfterSeconds = 1;

/** What an error comes to in HTTP. */
export function problemOf(thrown: unknown): Problem {
  const error = thrown instanceof AppError ? thrown : ofFastify(thrown);
  const { code, kind, message: detail, details = {} } = toWireError(error);
  const status = statusOfRouter(details['number']) ?? statusOf[code] ?? statusOfKind[kind];
  if (status !== 429 && status !== 503) return { status, code, detail };
  const { retryAfterSeconds: said } = details;
  return { status, code, detail, retryAfterSeconds: typeof said === 'number' ? Math.ceil(said) : retryAfterSeconds };
}

/** @param code of Node's parser, for what is no HTTP */
export function problemOfBroken(code: string): Problem {
  const status = code === 'HPE_HEADER_OVERFLOW' ? 431 : code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const detail =
    code === 'HPE_INVALID_URL'
      ? 'Expected a URL with %XX for whatever is no plain letter, digit or sign.'
      : 'Expected an HTTP request, whole and in time.';
  return { status, code: 'bad-message', detail };
}

/** What stands in the body of the answer. */
export function problemBody({ status, code, detail }: Problem): string {
  return JSON.stringify({ status, code, detail });
}

/** What goes with it. */
export function problemHeaders(
  { status, retryAfterSeconds }: Problem,
  { headers }: IncomingMessage,
): Record<string, string> {
  const asked = headers.authorization === undefined ? '' : ', error="invalid_token"';
  return {
    'content-type': problemType,
    'cache-control': 'no-store',
    ...(status === 426 && { upgrade: 'websocket', connection: 'Upgrade, close' }),
    ...(status === 401 && { 'www-authenticate': `Bearer realm="Flyrail"${asked}` }),
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
  };
}

/** For whoever has no answer of Node's: whoever does not read it must not keep the socket. */
export function endWithProblem(socket: Duplex, problem: Problem): void {
  const body = problemBody(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    'Connection: close',
    `Content-Type: ${problemType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ].join('\r\n');
  if (!socket.writable) return void socket.destroy();
  socket.end(`${head}\r\n\r\n${body}`, () => socket.destroy());
}

/** [CLASP-WIRE 11] 301: it may not do this; the others from 300 on: it is not known. 402: no such value may stand there. */
function statusOfRouter(number: unknown): number | undefined {
  if (typeof number !== 'number') return undefined;
  if (number === 402) return 422;
  return number >= 300 && number <= 399 && number !== 301 ? 401 : undefined;
}

/** What fastify itself refuses has a status and words of its own. */
function ofFastify(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || !('statusCode' in thrown)) return thrown;
  const { statusCode, message } = thrown;
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode > 499) return thrown;
  const code = statusCode === 413 ? 'frame-too-large' : statusCode === 415 ? 'bad-type' : 'bad-arguments';
  return new AppError(code, `${message}.`);
}
