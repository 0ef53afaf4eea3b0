import { randomBytes } from 'node:crypto';
import { f64 } from '../../../src-main/contract/signal.ts';
import { encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { messageType, type Message, type SubscribeOptions } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import type { Dialect } from './dialect.ts';

/** CLASP over WebSocket, framed as a browser does it: masked, one message each. */
export const claspDialect: Dialect = {
  greeting: () => [
    { send: upgradeRequest(), until: Buffer.from('\r\n\r\n') },
    {
      // The answers are WELCOME and a SNAPSHOT that may come in parts: what they end with is known only of the PONG.
      send: Buffer.concat([clientFrame(hello), clientFrame({ type: messageType.ping })]),
      until: serverFrame({ type: messageType.pong }),
    },
  ],
  ping: { send: clientFrame({ type: messageType.ping }), until: serverFrame({ type: messageType.pong }) },
  subscribe: (pattern, id) => subscribeFrame(pattern, id),
  publish: (address, value) =>
    clientFrame({ type: messageType.publish, kind: 'stream', address, value: WireValue.of(f64(value)) }),
  set: setFrame,
  keep: setFrame,
};

/** What clients show who asks. */
export const benchToken = 'token-of-the-bench';

export const hello: Message = {
  type: messageType.hello,
  version: 1,
  name: 'bench',
  features: ['param', 'event', 'stream'],
  token: benchToken,
};

/** @param options as of SUBSCRIBE: maxRate in Hz, epsilon */
export function subscribeFrame(pattern: string, id: number, options?: SubscribeOptions): Uint8Array {
  return clientFrame({ type: messageType.subscribe, id, pattern, types: 0xff, ...(options && { options }) });
}

function setFrame(address: string, value: number): Uint8Array {
  return clientFrame({ type: messageType.set, address, value: WireValue.of(f64(value)) });
}

function upgradeRequest(): Uint8Array {
  const key = randomBytes(16).toString('base64');
  return Buffer.from(
    'GET /clasp HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: clasp\r\n\r\n`,
  );
}

/** One message as a client sends it: binary, final, masked. [RFC 6455 5.2] */
export function clientFrame(message: Message): Uint8Array {
  const payload = encodeFrame(message);
  const mask = randomBytes(4);
  const header =
    payload.length < 126
      ? [0x82, 0x80 | payload.length]
      : [0x82, 0x80 | 126, payload.length >> 8, payload.length & 0xff];
  const masked = payload.map((byte, index) => byte ^ (mask[index & 3] ?? 0));
  return Buffer.concat([Buffer.from(header), mask, masked]);
}

/** A message of up to 125 bytes as a server sends it. */
function serverFrame(message: Message): Uint8Array {
  const payload = encodeFrame(message);
  return Buffer.concat([Buffer.from([0x82, payload.length]), payload]);
}
