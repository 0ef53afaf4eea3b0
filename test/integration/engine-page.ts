import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { EngineApi } from '../../src-main/contract/engine-api.ts';
import { connectEngine } from '../../src-main/contract/rpc.ts';
import { createWebSocketMessageLink } from '../../src-main/engine/websocket-message-link.ts';
import { silentLog } from '../silent-log.ts';

/** The interface's own way in, without a browser: the printed secret buys a session, the session opens the link. */
export async function openEnginePage(uiUrl: string): Promise<{ api: EngineApi; close(): void }> {
  const { origin, hash } = new URL(uiUrl);
  const answer = await fetch(`${origin}/session`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({ secret: hash.slice(1) }),
  });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0];
  if (answer.status !== 204 || cookie === undefined) throw new Error(`The secret was refused: ${answer.status}`);
  const socket = new WebSocket(`${origin.replace('http:', 'ws:')}/engine`, { headers: { origin, cookie } });
  const api = connectEngine(createWebSocketMessageLink(socket, silentLog));
  await once(socket, 'open');
  return {
    api,
    close: () => {
      socket.terminate();
    },
  };
}
