import { Receiver, type Packet } from 'sacn';
import { freeUdpPort } from '../integration/free-udp-port.ts';

/** Universe 1 as a lamp hears it. */
export interface Lamp {
  /** UDP, on 127.0.0.1 */
  readonly port: number;
  /** the newest level of a slot, in whole percent; undefined until anything was heard */
  percent(slot: number): number | undefined;
  /** data packets so far */
  heard(): number;
  close(): Promise<void>;
}

/** The receiver of the npm package sacn, which knows nothing of Flyrail. */
export async function hangLamp(): Promise<Lamp> {
  const port = await freeUdpPort();
  const receiver = new Receiver({ universes: [1], port });
  let newest: Packet | undefined;
  let heard = 0;
  receiver.on('packet', (packet: Packet) => {
    newest = packet;
    heard++;
  });
  // It also joins the multicast group, which a machine without a network refuses; unicast comes all the same.
  receiver.on('error', (error: NodeJS.ErrnoException) => {
    if (error.syscall !== 'addMembership') throw error;
  });
  return {
    port,
    percent: (slot) => newest && Math.round(newest.payload[slot] ?? 0),
    heard: () => heard,
    close: () => new Promise((resolve) => receiver.close(resolve)),
  };
}
