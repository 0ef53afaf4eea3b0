import { openHttpServer, readBody } from './http-server.ts';
import type { FarEnd, OverheadKind } from './overhead-kind.ts';

// The show is made in one process and played on in another, so the server's port is agreed.
const port = 27_115;
/** the shortest that the bridge knows */
export const everyMs = 50;

/** A number that a server has, asked for again and again. A poll carries no thousand a second: there are as many numbers as polls,
 *  and each waits for the next one, half of `everyMs` in the middle; one that another took the place of does not arrive. */
export const httpPoll: OverheadKind = {
  kind: 'http-poll',
  bridge: {
    kind: 'http',
    settings: {
      prefix: '/polled',
      polls: [{ url: `http://127.0.0.1:${port}/in`, everyMs, read: 'number', to: '/in' }],
    },
  },
  addresses: { in: '/polled/in' },
  perSecond: 1000 / everyMs,
  peer: 'node-http-poll',
  open: async (peerPort) => {
    let newest = 0;
    const take = readBody((body) => end.onNumber(Number(body)));
    const close = await openHttpServer(peerPort ?? port, (asked, answer) => {
      if (asked.method === 'POST') take(asked, answer);
      else answer.setHeader('content-type', 'text/plain').end(String(newest));
    });
    const end: FarEnd = { send: (n) => void (newest = n), onNumber: () => undefined, close };
    return end;
  },
};
