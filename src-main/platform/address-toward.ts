import { createSocket } from 'node:dgram';

/** The address of this machine from which another is reached, as the system's routes have it now. Nothing is sent.
 *  @param host an address or a name
 *  @returns undefined where it cannot be reached */
export function addressToward(host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4' });
    const end = (address: string | undefined): void => {
      socket.close();
      resolve(address);
    };
    socket.once('error', () => end(undefined));
    socket.once('connect', () => end(socket.address().address));
    // Any port: to connect over UDP is to look up the route.
    socket.connect(9, host);
  });
}
