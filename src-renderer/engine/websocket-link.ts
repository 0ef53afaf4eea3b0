import { decode, encode } from '@msgpack/msgpack';
import type { Cancel, MessageLink } from '../../src-main/contract/message-link.ts';
import { LinkRefused, type LinkSource } from './link-source.ts';

/** Messages kept for a listener that is not there yet; the engine says little before it is asked. */
const waitingMax = 1024;
const openTimeoutMs = 5000;

/** What the browser gives; a test gives its own. */
export interface BrowserDoors {
  fetch: typeof fetch;
  openSocket(url: string): WebSocket;
  readonly location: Pick<Location, 'hash' | 'host' | 'protocol' | 'pathname' | 'search'>;
  /** for a page that was paired: true when it is in by the key that it keeps */
  logInByKey?(): Promise<boolean>;
  /** takes the secret out of the address bar, so that it is neither bookmarked nor shown */
  replaceUrl(url: string): void;
  /** tells when another fragment stands in the address bar: the browser does not load the page anew for that */
  onHashChange(run: () => void): Cancel;
}

/** Links over a WebSocket, after the one-time secret in the page's fragment was traded for a session cookie. */
export function createWebSocketLinkSource(doors: BrowserDoors): LinkSource {
  let secret = secretIn(doors.location.hash);
  const forgetSecret = (): void => {
    secret = '';
    doors.replaceUrl(doors.location.pathname + doors.location.search);
  };
  return {
    open: async () => {
      const mine = secret;
      if (mine !== '') {
        await startSession(doors, mine);
        if (secret === mine) forgetSecret();
      }
      if (doors.logInByKey && !(await sessionIsKnown(doors))) await doors.logInByKey();
      return openLink(doors);
    },
    onFreshWay: (run) =>
      doors.onHashChange(() => {
        secret = secretIn(doors.location.hash);
        if (secret !== '' && !run()) forgetSecret();
      }),
  };
}

/** The code of a pairing may stand there instead; the login page has read it. */
function secretIn(hash: string): string {
  return hash.startsWith('#pair=') ? '' : hash.slice(1);
}

async function startSession(doors: BrowserDoors, secret: string): Promise<void> {
  const response = await doors.fetch('/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ secret }),
    credentials: 'same-origin',
  });
  if (response.status === 401 || response.status === 403) {
    // A page that is opened again by its old link may still have its session.
    const session = await doors.fetch('/session', { method: 'GET', credentials: 'same-origin' });
    if (!session.ok) throw new LinkRefused('This link was already used or has run out.');
    return;
  }
  if (response.status === 429) throw new Error('Too many pages tried to open with a wrong link. Flyrail tries again.');
  if (!response.ok) throw new Error(`The engine answered ${response.status}.`);
}

async function openLink(doors: BrowserDoors): Promise<MessageLink> {
  const scheme = doors.location.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = doors.openSocket(`${scheme}//${doors.location.host}/engine`);
  socket.binaryType = 'arraybuffer';
  const link = linkOver(socket);
  await opened(socket, async () => sessionIsKnown(doors));
  return link;
}

/** A browser does not say why a WebSocket was turned away, so the session is asked for by other means. */
async function sessionIsKnown(doors: BrowserDoors): Promise<boolean> {
  try {
    const response = await doors.fetch('/session', { method: 'GET', credentials: 'same-origin' });
    return response.status !== 401 && response.status !== 403;
  } catch {
    return true;
  }
}

function opened(socket: WebSocket, mayComeIn: () => Promise<boolean>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      socket.close();
      reject(new Error(`No answer within ${openTimeoutMs / 1000} s.`));
    }, openTimeoutMs);
    socket.addEventListener('open', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.addEventListener('close', () => {
      clearTimeout(timer);
      void mayComeIn().then((known) => {
        reject(known ? new Error('The engine does not answer.') : new LinkRefused('This page has no session.'));
      });
    });
  });
}

function linkOver(socket: WebSocket): MessageLink {
  let listener: ((message: unknown) => void) | undefined;
  let waiting: unknown[] = [];
  socket.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (!(event.data instanceof ArrayBuffer)) return;
    const message = decode(event.data, { useBigInt64: true });
    if (listener) listener(message);
    else if (waiting.length < waitingMax) waiting.push(message);
    else socket.close();
  });
  return {
    send: (message) => {
      if (socket.readyState !== WebSocket.OPEN) return;
      socket.send(encode(message, { useBigInt64: true, ignoreUndefined: true }));
    },
    onMessage: (run) => {
      listener = run;
      const kept = waiting;
      waiting = [];
      for (const message of kept) run(message);
      return () => {
        if (listener === run) listener = undefined;
      };
    },
    onClose: (run) => {
      if (socket.readyState >= WebSocket.CLOSING) {
        run();
        return () => undefined;
      }
      socket.addEventListener('close', run, { once: true });
      return () => {
        socket.removeEventListener('close', run);
      };
    },
    close: () => {
      socket.close();
    },
  };
}
