import { request as plainRequest, type IncomingHttpHeaders } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { fromWireError, messageOf, UnavailableError } from '../contract/errors.ts';

const answerBytesMax = 64 * 1024;
const answerWithinMs = 10_000;

interface PostOptions {
  /** PEM of who signed the other end's certificate; without it any certificate will do, which is right only where the
   *  exchange itself proves the other end, as a pairing does */
  readonly authority?: string | undefined;
}

interface PostAnswer {
  readonly headers: IncomingHttpHeaders;
  /** JSON, untrusted; undefined for none */
  readonly body: unknown;
}

/** Asks the port of an interface as its own page does.
 *  @throws AppError what the other end refused it with
 *  @throws UnavailableError 'no-answer' */
export async function postJson(url: URL, value: unknown, { authority }: PostOptions = {}): Promise<PostAnswer> {
  const { status, headers, text } = await send(url, JSON.stringify(value), authority);
  let body: unknown;
  try {
    body = text === '' ? undefined : JSON.parse(text);
  } catch {
    throw new UnavailableError('no-answer', `${url.origin} does not answer as Flyrail does.`);
  }
  if (status >= 200 && status < 300) return { headers, body };
  const error = (body as { error?: unknown } | undefined)?.error;
  if (error === undefined) throw new UnavailableError('no-answer', `${url.origin} answered ${status}.`);
  throw fromWireError(error);
}

function send(url: URL, body: string, ca: string | undefined) {
  const isTls = url.protocol === 'https:';
  const tls = isTls ? { ca, rejectUnauthorized: ca !== undefined } : {};
  const headers = { 'content-type': 'application/json', origin: url.origin, 'content-length': Buffer.byteLength(body) };
  return new Promise<{ status: number; headers: IncomingHttpHeaders; text: string }>((resolve, reject) => {
    const fail = (cause: unknown): void => {
      reject(new UnavailableError('no-answer', `No answer from ${url.origin}: ${messageOf(cause)}.`, {}, { cause }));
    };
    const signal = AbortSignal.timeout(answerWithinMs);
    const call = (isTls ? tlsRequest : plainRequest)(url, { method: 'POST', headers, signal, ...tls }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        if (text.length > answerBytesMax) response.destroy(new Error('it says too much'));
      });
      response.on('error', fail);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    call.on('error', fail);
    call.end(body);
  });
}
