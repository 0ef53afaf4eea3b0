import { UdpSocket, type UdpEndpoint } from '../../../src-main/platform/udp-socket.ts';

export interface UdpRelay {
  readonly port: number;
  /** what is sent in place of a packet of either side; one at a time, in order */
  change: (packet: Buffer) => readonly Uint8Array[];
  /** From now on the client's packets come from another port, as behind a NAT that forgot it. */
  rebind(): Promise<void>;
  stop(): Promise<void>;
}

const quiet = (): void => undefined;

/** A way to a router for one client. */
export async function openUdpRelay(port: number): Promise<UdpRelay> {
  let client: UdpEndpoint | undefined;
  const outs: UdpSocket[] = [];
  const openOut = async (): Promise<UdpSocket> => {
    const out = await UdpSocket.open({
      address: '127.0.0.1',
      port: 0,
      onMessage: (bytes) => {
        for (const packet of relay.change(Buffer.from(bytes))) if (client) door.send(packet, client, quiet);
      },
      onError: quiet,
    });
    outs.push(out);
    return out;
  };
  let current = await openOut();
  const door = await UdpSocket.open({
    address: '127.0.0.1',
    port: 0,
    onMessage: (bytes, from) => {
      client = from;
      for (const packet of relay.change(Buffer.from(bytes)))
        current.send(packet, { address: '127.0.0.1', port }, quiet);
    },
    onError: quiet,
  });
  const relay: UdpRelay = {
    port: door.local.port,
    change: (packet) => [packet],
    rebind: async () => {
      const old = current;
      current = await openOut();
      await old.close();
    },
    stop: async () => {
      await Promise.all([door, ...outs].map((socket) => socket.close()));
    },
  };
  return relay;
}
