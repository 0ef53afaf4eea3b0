import { openHttpServer, post, readBody } from './http-server.ts';
import type { FarEnd, OverheadKind } from './overhead-kind.ts';

// The show is made in one process and played on in another, so the server's port is agreed.
const port = 27_116;
/** where the plain program posts to */
export const plainWebhookPort = 27_126;

/** A request for each number, the next one when the one before is answered: no thousand a second. Events, each of which is to arrive;
 *  of a param only the newest value is. */
export const httpWebhook: OverheadKind = {
  kind: 'http-webhook',
  bridge: {
    kind: 'http',
    settings: {
      prefix: '/hooked',
      webhooks: [{ from: '/out', url: `http://127.0.0.1:${port}/out`, payload: 'number' }],
    },
  },
  addresses: { out: '/hooked/out' },
  perSecond: 200,
  asEvents: true,
  peer: 'node-http-webhook',
  open: async (peerPort) => {
    const close = await openHttpServer(
      peerPort === undefined ? port : plainWebhookPort,
      readBody((body) => end.onNumber(Number(body))),
    );
    const end: FarEnd = {
      send: (n) => {
        if (peerPort !== undefined) post(peerPort, String(n));
      },
      onNumber: () => undefined,
      close,
    };
    return end;
  },
};
