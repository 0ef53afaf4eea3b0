import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { decodeFrame, encodeFrame } from '../../src-main/core/protocol/frame.ts';
import { messageType, type Message, type SetMessage } from '../../src-main/core/protocol/messages.ts';

export interface OldRouter {
  readonly url: string;
  /** what was heard, but HELLO and SYNC */
  readonly heard: Message[];
}

const open = new Set<WebSocketServer>();
afterEach(() => {
  for (const server of open) {
    for (const client of server.clients) client.terminate();
    server.close();
  }
  open.clear();
});

/** A router as they were: it gives no request ids back, acknowledges SET and no PUBLISH, and says nothing about a param it
 *  does not know. @param answer replaces what it would say; an empty list is silence */
export async function openOldRouter(
  answer: (message: Message) => readonly Message[] | undefined = () => undefined,
): Promise<OldRouter> {
  const heard: Message[] = [];
  const params = new Map<string, SetMessage>();
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => 'clasp' });
  open.add(server);
  await once(server, 'listening');
  server.on('connection', (peer: WebSocket) => {
    peer.on('message', (data) => {
      if (!(data instanceof Buffer)) return;
      const { message } = decodeFrame(data);
      if (message.type !== messageType.hello && message.type !== messageType.sync) heard.push(message);
      for (const reply of answer(message) ?? usualAnswer(message, params)) peer.send(encodeFrame(reply));
    });
  });
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/clasp`, heard };
}

function usualAnswer(message: Message, params: Map<string, SetMessage>): readonly Message[] {
  switch (message.type) {
    case messageType.hello: {
      const time = BigInt(Date.now()) * 1000n;
      return [
        { type: messageType.welcome, version: 1, features: ['param'], time, session: 's1', name: 'old\u001b[2J' },
        { type: messageType.snapshot, params: [] },
      ];
    }
    case messageType.set:
      params.set(message.address, message);
      return [{ type: messageType.ack, address: message.address, revision: 1n }];
    case messageType.get: {
      const param = params.get(message.address);
      if (!param) return [];
      const { address, value } = param;
      return [{ type: messageType.snapshot, params: [{ address, value, revision: 1n }] }];
    }
    case messageType.sync: {
      const now = BigInt(Date.now()) * 1000n;
      return [{ type: messageType.sync, t1: message.t1, t2: now, t3: now }];
    }
    default:
      return [];
  }
}
