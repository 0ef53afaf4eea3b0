import { UnavailableError, messageOf } from '../contract/errors.ts';
import type { HttpAnswer, HttpCall, HttpCaller } from '../ports/http-caller.ts';

export const httpCallerLimits = {
  /** for a whole answer */
  timeoutMs: 5000,
  answerBytesMax: 8 * 1024 * 1024,
} as const;

/** Asks web servers with Node's own `fetch`. */
export function createHttpCaller(
  limits: { readonly [K in keyof typeof httpCallerLimits]: number } = httpCallerLimits,
): HttpCaller {
  return {
    call: async (request) => {
      try {
        return await ask(request, limits);
      } catch (cause) {
        const words = `${request.url} does not answer: ${reasonOf(cause)}.`;
        throw new UnavailableError('no-answer', words, { url: request.url }, { cause });
      }
    },
  };
}

async function ask(
  { method, url, headers, body }: HttpCall,
  limits: Parameters<typeof createHttpCaller>[0],
): Promise<HttpAnswer> {
  const { timeoutMs, answerBytesMax } = limits ?? httpCallerLimits;
  const answer = await fetch(url, {
    method,
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body }),
  });
  const seconds = answer.headers.get('retry-after') ?? '';
  return {
    status: answer.status,
    retryAfter: /^\d{1,6}$/.test(seconds) ? Number(seconds) : undefined,
    body: await textWithin(answer, answerBytesMax),
  };
}

async function textWithin({ body }: Response, bytesMax: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  // Node's types leave open what a body is made of.
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    total += chunk.length;
    if (total > bytesMax) throw new Error(`its answer is longer than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** `fetch failed` says nothing; what lies beneath does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'it took too long';
  const { cause } = error;
  if (cause instanceof AggregateError && cause.message === '') return cause.errors.map(messageOf).join(', ');
  return cause instanceof Error ? cause.message : error.message;
}
