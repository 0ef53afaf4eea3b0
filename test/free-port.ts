import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below those that Linux, macOS and Windows give to sockets that asked for none, so that nobody is given it meanwhile. */
const [portMin, portMax] = [10_240, 32_000];

/** A TCP port on loopback that nobody uses at the moment, for programs that cannot pick one and tell it, and for those that
 *  must come up on the same one again. */
export async function freePort(): Promise<number> {
  const first = Math.floor(Math.random() * (portMax - portMin));
  for (let n = 0; n < portMax - portMin; n++) {
    const port = portMin + ((first + n) % (portMax - portMin));
    if (await isFree(port)) return port;
  }
  throw new Error(`No port from ${portMin} to ${portMax} is free.`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
