import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** A UDP port that was free a moment ago, for programs that cannot pick one. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0);
  await once(socket, 'listening');
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}
