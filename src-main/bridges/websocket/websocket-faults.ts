import { partsOfError, tlsWords, unreachableWords } from '../../platform/connection-words.ts';
import { visibleText } from '../../platform/visible-text.ts';
import { cutText } from '../../contract/cut-text.ts';

/** What keeps a server away, as a sentence for the operator. */
export interface WebSocketFault {
  readonly words: string;
  /** somebody has to repair something: asking often helps nobody */
  readonly isRefusal: boolean;
}

const answers: Readonly<Record<number, string>> = {
  400: 'The server does not understand how it is asked.',
  401: 'The server does not take this secret, or asks for one.',
  403: 'The server lets nobody in with this.',
  404: 'The server has nothing at this path.',
  426: 'The server speaks another version of WebSocket.',
  429: 'The server says that it is asked too often.',
  502: 'What stands before the server does not reach it.',
  503: 'The server is not ready.',
  504: 'What stands before the server does not reach it.',
};

/** [RFC 6455, 7.4.1]; from 4000 on they are the server's own, and many say there what they would say by HTTP. */
const ends: Readonly<Record<number, string>> = {
  1000: 'The server ended the connection.',
  1001: 'The server goes away.',
  1002: 'The server found that our messages break the protocol.',
  1003: 'The server takes no messages of this format.',
  1006: 'The server ended the connection.',
  1007: 'The server found no sense in a message.',
  1008: 'The server does not allow that.',
  1009: 'The server takes no messages this long.',
  1011: 'The server failed.',
  1012: 'The server starts anew.',
  1013: 'The server is busy.',
  4400: 'The server did not understand a message.',
  4401: 'The server does not take this secret, or asks for one.',
  4403: 'The server lets us do nothing there.',
  4404: 'The server has nothing at this path.',
  4408: 'The server waited too long for a message.',
  4429: 'The server says that it is sent too much.',
};
const refusing: ReadonlySet<number> = new Set([1002, 1003, 1007, 1008, 1009, 4400, 4401, 4403, 4404, 4429]);

/** Whatever the library reports, in words. */
export function faultOf(error: unknown): WebSocketFault {
  const { code, message } = partsOfError(error);
  const named = typeof code === 'string' ? code : undefined;
  const known = unreachableWords({ code, message }, 'server');
  if (known !== undefined) return { words: known, isRefusal: false };
  const certificate = tlsWords(named, 'server');
  if (certificate !== undefined) return { words: certificate, isRefusal: true };
  const status = Number(/^Unexpected server response: (\d{3})$/.exec(message)?.[1]);
  if (status >= 100) return { words: answers[status] ?? noWebSocket(status), isRefusal: status < 500 };
  if (/handshake has timed out/.test(message)) return { words: 'The server does not answer.', isRefusal: false };
  if (named === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH')
    return { words: 'The server sent a message that is too long.', isRefusal: true };
  if (named?.startsWith('WS_ERR') || /subprotocol|Sec-WebSocket|Parse Error/i.test(message))
    return { words: 'The server does not keep to WebSocket.', isRefusal: true };
  return { words: `The connection failed: ${shortened(message)}.`, isRefusal: false };
}

/** Why the server ended it. @param reason as it says it; may be empty */
export function endOf(code: number, reason: string): WebSocketFault {
  const words = ends[code] ?? `The server ended the connection (code ${code}).`;
  const said = reason === '' ? '' : ` It says: ${shortened(reason)}.`;
  return { words: `${words}${said}`, isRefusal: refusing.has(code) };
}

function noWebSocket(status: number): string {
  return `The server speaks no WebSocket there (it answers ${status}).`;
}

function shortened(text: string): string {
  return cutText(visibleText(text.trim()).replace(/\.$/, ''), 120);
}
