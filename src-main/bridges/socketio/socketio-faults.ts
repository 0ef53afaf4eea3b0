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
  const { code, message, status } = causeOf(error);
  const away = unreachableWords({ code, message }, 'server');
  if (away !== undefined) return { words: away, isRefusal: false };
  const certificate = tlsWords(code, 'server');
  if (certificate !== undefined) return { words: certificate, isRefusal: true };
  if (status !== undefined) return statusFault(status);
  if (error.message === 'timeout') return { words: 'The server does not answer.', isRefusal: false };
  if (error.message.startsWith('It seems you are trying to reach a Socket.IO server in v2'))
    return { words: 'The server speaks Socket.IO 2, which is too old.', isRefusal: true };
  if (error.message === 'parse error') return { words: 'No Socket.IO is spoken there.', isRefusal: true };
  return { words: `The connection failed: ${shortened(message)}.`, isRefusal: false };
}

function statusFault(status: number): SocketioFault {
  if (status === 404) return { words: 'No Socket.IO is spoken there; look at the path.', isRefusal: true };
  if (status < 400)
    return { words: `The server sends us elsewhere (HTTP ${status}); name that place.`, isRefusal: true };
  if (status === 401 || status === 403)
    return { words: `The server does not let us in (HTTP ${status}).`, isRefusal: true };
  if (status >= 500) return { words: `The server is not ready (HTTP ${status}).`, isRefusal: false };
  return { words: `The server refuses the connection (HTTP ${status}).`, isRefusal: true };
}

interface Reported {
  /** an event with the error in it; of polling also the status */
  readonly description?: unknown;
}

interface Cause {
  readonly code: string | undefined;
  readonly message: string;
  readonly status: number | undefined;
}

function causeOf(error: Error): Cause {
  const { description } = error as Reported;
  const inner = (description as { readonly error?: unknown } | undefined)?.error;
  if (!(inner instanceof Error))
    return {
      code: undefined,
      message: error.message,
      status: typeof description === 'number' ? description : undefined,
    };
  const { code, message } = partsOfError(inner);
  const status = /^Unexpected server response: (\d{3})$/.exec(message)?.[1];
  return {
    code: typeof code === 'string' ? code : undefined,
    message,
    status: status === undefined ? undefined : Number(status),
  };
}

function shortened(words: string): string {
  const plain = words.replace(/\p{Cc}+/gu, ' ').replace(/[.\s]+$/, '');
  return cutText(plain, 160);
}
