import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { EngineApi } from '../contract/engine-api.ts';
import { messageOf, UnavailableError } from '../contract/errors.ts';
import { connectEngine } from '../contract/rpc.ts';
import { createWebSocketMessageLink } from '../engine/websocket-message-link.ts';
import { standingCertificates } from '../platform/certificates.ts';
import type { DataPaths } from '../platform/data-paths.ts';
import { readDoorFile } from '../platform/door-file.ts';
import { createLog } from '../platform/log.ts';
import { postJson } from './post-json.ts';

export interface EngineLink {
  readonly engine: EngineApi;
  /** Settles when the engine has gone. */
  readonly gone: Promise<unknown>;
  close(): void;
}

/** A link to the engine that runs on this data folder, with all rights: whoever may read the folder has them anyway.
 *  @throws UnavailableError 'no-answer' */
export async function linkToEngine(paths: DataPaths): Promise<EngineLink> {
  const { url, key } = readDoorFile(paths.doorFile);
  const authority = url.startsWith('https:') ? standingCertificates(paths.certificates)?.authority : undefined;
  const { headers } = await postJson(new URL('/session', url), { secret: key }, { authority });
  const cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  const at = new URL('/engine', url);
  at.protocol = at.protocol.replace('http', 'ws');
  const socket = new WebSocket(at, { headers: { cookie, origin: url }, ca: authority, handshakeTimeout: 5000 });
  const gone = new Promise((resolve) => socket.once('close', resolve));
  const link = createWebSocketMessageLink(socket, createLog('silent'));
  try {
    await once(socket, 'open');
  } catch (cause) {
    throw new UnavailableError('no-answer', `No answer from ${url}: ${messageOf(cause)}.`, {}, { cause });
  }
  return {
    engine: connectEngine(link),
    gone,
    close: () => {
      socket.close();
    },
  };
}
