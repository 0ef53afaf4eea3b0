import { partsOfError, tlsWords, unreachableWords } from '../../platform/connection-words.ts';
import { cutText } from '../../contract/cut-text.ts';

/** What keeps a server away, as a sentence for the operator. */
export interface SocketioFault {
  readonly words: string;
  /** somebody has to repair something: asking often helps nobody */
  readonly isRefusal: boolean;
}

const ends: Readonly<Record<string, string>> = {
  'io server disconnect': 'The server sent us away.',
  'ping timeout': 'The server went silent.',
  'transport close': 'The server ended the connection.',
  'transport error': 'The connection failed.',
  'parse error': 'What the server said is no Socket.IO.',
};

/** Why a namespace is there no more, by the reason of the library. */
export function endOf(reason: string): SocketioFault {
  const words = ends[reason] ?? `The connection ended: ${shortened(reason)}.`;
  return { words, isRefusal: reason === 'io server disconnect' || reason === 'parse error' };
}

/** Why a server does not let us into a namespace: what it says itself. */
export function refusalOf(namespace: string, error: Error): SocketioFault {
  const said = error.message.trim();
  const data: unknown = 'data' in error ? error.data : undefined;
  const details = typeof data === 'string' ? data : undefined;
  const why = [said === '' ? 'it does not say why' : said, ...(details === undefined ? [] : [details])].join(', ');
  const where = namespace === '/' ? 'us' : `us in ${namespace}`;
  return { words: `The server does not let ${where}: ${shortened(why)}.`, isRefusal: true };
}

/** Why no connection came about, whatever the library reports of it. */
export function faultOf(error: Error): SocketioFault {
  const { code, status, said } = causeOf(error);
  const away = unreachableWords(code, 'server');
  if (away !== undefined) return { words: away, isRefusal: false };
  const certificate = tlsWords(code, 'server');
  if (certificate !== undefined) return { words: certificate, isRefusal: true };
  if (status !== undefined) return statusFault(status);
  if (error.message === 'timeout') return { words: 'The server does not answer.', isRefusal: false };
  if (error.message.startsWith('It seems you are trying to reach a Socket.IO server in v2'))
    return { words: 'The server speaks Socket.IO 2, which is too old.', isRefusal: true };
  if (error.message === 'parse error') return { words: 'No Socket.IO is spoken there.', isRefusal: true };
  return { words: `The connection failed: ${shortened(said ?? error.message)}.`, isRefusal: false };
}

function statusFault(status: number): SocketioFault {
  if (status === 404) return { words: 'No Socket.IO is spoken there; look at the path.', isRefusal: true };
  if (status === 401 || status === 403)
    return { words: `The server does not let us in (HTTP ${status}).`, isRefusal: true };
  if (status >= 500) return { words: `The server is not ready (HTTP ${status}).`, isRefusal: false };
  return { words: `The server refuses the connection (HTTP ${status}).`, isRefusal: true };
}

interface Reported {
  /** of a WebSocket an event with the error in it, of polling the status */
  readonly description?: unknown;
  /** of polling the request, with the error of Node in place of an answer */
  readonly context?: unknown;
}

interface Cause {
  readonly code: string | undefined;
  readonly status: number | undefined;
  /** in Node's words, where the library only says that something went wrong */
  readonly said?: string | undefined;
}

function causeOf(error: Error): Cause {
  const { description, context } = error as Reported;
  const inner = (description as { readonly error?: unknown } | undefined)?.error;
  if (inner instanceof Error) {
    const { code, message } = partsOfError(inner);
    const status = /^Unexpected server response: (\d{3})$/.exec(message)?.[1];
    return {
      code: typeof code === 'string' ? code : undefined,
      status: status === undefined ? undefined : Number(status),
    };
  }
  const answer = (context as { readonly responseText?: unknown } | undefined)?.responseText;
  const isStatus = typeof description === 'number' && description >= 300;
  if (isStatus) return { code: undefined, status: description };
  return typeof answer === 'string'
    ? { ...printedCause(answer), status: undefined }
    : { code: undefined, status: undefined };
}

/** In place of an answer stands what Node threw, printed: its stack, or all of it. */
function printedCause(answer: string): Pick<Cause, 'code' | 'said'> {
  const [, ofNode, said] = /^\w*Error(?: \[(\w+)\])?: (.*)/.exec(answer) ?? [];
  const code = ofNode ?? /code: '([A-Z_0-9]+)'|^\w*Error: \w+ (E[A-Z_]+)\b/.exec(answer)?.slice(1).find(Boolean);
  return { code, said };
}

function shortened(words: string): string {
  const plain = words.replace(/\p{Cc}+/gu, ' ').replace(/[.\s]+$/, '');
  return cutText(plain, 160);
}
