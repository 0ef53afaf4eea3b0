import { decodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { clientFrame } from '../dialects/clasp-dialect.ts';
import type { RawClient } from './raw-client.ts';

/** By the quickest of several SYNCs. @returns what to add to `performance.now()` in microseconds for the server's time */
export async function serverOffset(client: RawClient): Promise<number> {
  let best = { wait: Infinity, offset: 0 };
  for (let i = 0; i < 20; i++) {
    const sent = performance.now() * 1000;
    const serverTime = await syncTime(client);
    const back = performance.now() * 1000;
    if (back - sent < best.wait) best = { wait: back - sent, offset: serverTime - (sent + back) / 2 };
  }
  return best.offset;
}

function syncTime(client: RawClient): Promise<number> {
  return new Promise((resolve) => {
    client.onBytes = (bytes) => {
      if (bytes[6] !== messageType.sync) return;
      client.onBytes = undefined;
      const { message } = decodeFrame(bytes.slice(2));
      if (message.type === messageType.sync) resolve(Number(message.t2));
    };
    client.write(clientFrame({ type: messageType.sync, t1: 1n }));
  });
}
