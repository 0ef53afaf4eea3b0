import { UdpSocket, type UdpEndpoint } from '../../../src-main/platform/udp-socket.ts';
import { seededChance } from '../../seeded-chance.ts';

export interface LossyRelay {
  /** where clients dial */
  readonly url: string;
  /** datagrams that were lost, repeated and held back */
  readonly counts: { lost: number; repeated: number; late: number };
  stop(): Promise<void>;
}

/** A network that loses, repeats and reorders, between real sockets: one way in for each client, one way out for each.
 *  @param seed printed by who fails */
export async function openLossyRelay(target: UdpEndpoint, seed: number, share = 0.15): Promise<LossyRelay> {
  const chance = seededChance(seed);
  const counts = { lost: 0, repeated: 0, late: 0 };
  const outs = new Map<string, Promise<UdpSocket>>();
  const open = new Set<UdpSocket>();
  const quiet = (): void => undefined;
  let isOpen = true;

  const pass = (bytes: Uint8Array, send: (bytes: Uint8Array) => void): void => {
    const copy = bytes.slice();
    const dice = chance();
    if (dice < share) counts.lost++;
    else if (dice < 1.3 * share) {
      counts.late++;
      setTimeout(() => isOpen && send(copy), 5);
    } else {
      send(copy);
      if (dice < 1.6 * share) {
        counts.repeated++;
        send(copy);
      }
    }
  };
  const wayOut = (client: UdpEndpoint): Promise<UdpSocket> => {
    const key = `${client.address}:${client.port}`;
    const known = outs.get(key);
    if (known) return known;
    const made = UdpSocket.open({
      address: '127.0.0.1',
      port: 0,
      onMessage: (bytes) => pass(bytes, (each) => door.send(each, client, quiet)),
      onError: quiet,
    }).then((socket) => {
      open.add(socket);
      return socket;
    });
    outs.set(key, made);
    return made;
  };
  const door = await UdpSocket.open({
    address: '127.0.0.1',
    port: 0,
    onMessage: (bytes, client) => {
      const copy = bytes.slice();
      void wayOut(client).then((out) => pass(copy, (each) => out.send(each, target, quiet)));
    },
    onError: quiet,
  });
  return {
    url: `udp://127.0.0.1:${door.local.port}`,
    counts,
    stop: async () => {
      isOpen = false;
      await Promise.all([door, ...open].map((socket) => socket.close()));
    },
  };
}
