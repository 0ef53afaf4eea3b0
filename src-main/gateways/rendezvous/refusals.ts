import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';
import { AppError, toWireError, type ErrorCode } from '../../contract/errors.ts';
import type { Log } from '../../ports/log.ts';

export interface Refusals {
  /** Answers with what was wrong, as `{error: {code, message}}`. */
  answer(error: unknown, reply: FastifyReply): void;
  /** What is no HTTP, came too slowly, or has too large headers; as Node tells it. */
  readonly brokenRequest: (error: Error, socket: Socket) => void;
  byCode(): Readonly<Record<string, number>>;
}

const statusOf: Partial<Record<ErrorCode, number>> = {
  'bad-signature': 401,
  'stale-signature': 401,
  'signature-required': 401,
  'access-refused': 403,
  'unknown-id': 404,
  'unknown-command': 404,
  'frame-too-large': 413,
  'too-many-items': 429,
  'rate-exceeded': 429,
};

const broken = JSON.stringify({
  error: { code: 'bad-message', message: 'Expected an HTTP request, whole and in time.' },
});

/** What is refused, and how often. */
export function createRefusals(log: Log): Refusals {
  const counts = new Map<string, number>();
  const count = (code: string): void => void counts.set(code, (counts.get(code) ?? 0) + 1);
  return {
    answer: (thrown, reply) => {
      const error = ofOurs(thrown);
      const { code, message, details = {} } = toWireError(error);
      count(code);
      if (code === 'internal') log.error('the rendezvous server failed inside', { error: thrown });
      const { retryAfterSeconds, serverTime } = details;
      if (typeof retryAfterSeconds === 'number') void reply.header('retry-after', Math.ceil(retryAfterSeconds));
      const told = { code, message, ...(typeof serverTime === 'number' && { serverTime }) };
      void reply.code(code === 'internal' ? 500 : (statusOf[code] ?? 400)).send({ error: told });
    },
    brokenRequest: (_error, socket) => {
      count('bad-message');
      const length = Buffer.byteLength(broken);
      const head = `HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${length}`;
      // Whoever does not read it must not keep the socket.
      const end = (): unknown => socket.destroy();
      if (socket.writable) socket.end(`${head}\r\n\r\n${broken}`, end);
      else end();
    },
    byCode: () => Object.fromEntries(counts),
  };
}

/** What fastify itself refuses has a status and words of its own. */
function ofOurs(thrown: unknown): unknown {
  if (thrown instanceof AppError || !(thrown instanceof Error) || !('statusCode' in thrown)) return thrown;
  const { statusCode, message } = thrown;
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode > 499) return thrown;
  return new AppError(statusCode === 413 ? 'frame-too-large' : 'bad-arguments', `${message}.`);
}
