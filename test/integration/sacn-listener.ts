import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { Packet } from 'sacn';

export interface SacnListener {
  readonly port: number;
  /** in the order they came, decoded by the npm package sacn */
  readonly packets: readonly Packet[];
  /** the newest level of a slot of universe 1, 0..255 */
  level(slot: number): number | undefined;
  /** stream-terminated packets [E1.31 6.2.6] */
  terminated(): readonly Packet[];
  close(): void;
}

const terminatedBit = 0x40;

/** A plain UDP port that hears sACN by unicast. */
export async function listenForSacn(): Promise<SacnListener> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const packets: Packet[] = [];
  socket.on('message', (data) => packets.push(new Packet(data)));
  return {
    port: socket.address().port,
    packets,
    level: (slot) => packets.findLast(({ universe }) => universe === 1)?.payloadAsBuffer?.[slot - 1],
    terminated: () => packets.filter(({ options }) => (options & terminatedBit) !== 0),
    close: () => {
      socket.close();
    },
  };
}
