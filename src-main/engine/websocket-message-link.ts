import { decode, encode } from '@msgpack/msgpack';
import type { WebSocket } from 'ws';
import type { MessageLink } from '../contract/message-link.ts';
import type { Log } from '../ports/log.ts';
import { checkPageMessage } from './check-page-message.ts';

/** Bytes that may wait for a page that does not read; past it the page is gone for us and may come again. */
export const pageBacklogMax = 16 * 1024 * 1024;

/** One browser page as a MessageLink: each binary WebSocket message is one MessagePack value, i64 as bigint. What cannot
 *  be decoded closes the link (1007), since no page of ours sends it. */
export function createWebSocketMessageLink(socket: WebSocket, log: Log): MessageLink {
  let listener: ((message: unknown) => void) | undefined;
  const early: unknown[] = [];
  socket.on('message', (data: Buffer, binary) => {
    let message: unknown;
    try {
      if (!binary) throw new TypeError('text');
      // As a plain Uint8Array, so that bytes inside come out as such and not as Buffers.
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.length);
      checkPageMessage(bytes);
      message = decode(bytes, { useBigInt64: true, maxArrayLength: 100_000, maxMapLength: 100_000 });
    } catch {
      log.warn('unreadable message from a page', { sizeBytes: data.length });
      socket.close(1007, 'Expected MessagePack');
      return;
    }
    if (listener) listener(message);
    else early.push(message);
  });
  socket.on('error', (error) => {
    log.debug('page connection failed', { reason: error.message });
  });
  return {
    send: (message) => {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > pageBacklogMax) {
        log.warn('page too slow, letting it go', { backlogBytes: socket.bufferedAmount });
        socket.terminate();
        return;
      }
      socket.send(encode(message, { useBigInt64: true, ignoreUndefined: true }));
    },
    onMessage: (run) => {
      listener = run;
      for (const message of early.splice(0)) run(message);
      return () => {
        if (listener === run) listener = undefined;
      };
    },
    onClose: (run) => {
      if (socket.readyState === socket.CLOSED) run();
      else socket.once('close', run);
      return () => socket.off('close', run);
    },
    close: () => {
      socket.close(1001, 'The engine stops');
    },
  };
}
