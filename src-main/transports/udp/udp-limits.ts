import type { Millis } from '../../contract/units.ts';

/** Every bound of the UDP transport. What happens at each stands beside it. */
export interface UdpLimits {
  /** of one packet of the network with its IP and UDP headers; larger frames are not sent, so that none is sent in parts */
  readonly packetBytesMax: number;
  /** on one port; beyond them a HELLO takes the place of the oldest peer that said nothing after its own, or is left out */
  readonly connectionsMax: number;
  /** between such changes of places; a HELLO in between is left out */
  readonly roomEveryMs: Millis;
  /** handed to the system for one peer and not yet taken; then `send` says full */
  readonly queueBytesMax: number;
  /** that wait while nobody listens, or reading is paused; further ones are left out, as the network itself does */
  readonly waitingBytesMax: number;
  /** Sent to an address that has said one thing only: so much, and three times what it said. Anybody can write another's address
   *  on a packet; it must not be flooded for that. [as RFC 9000 8.1] */
  readonly unprovenBytesMax: number;
  /** between PINGs; a peer that was not heard for two of them is gone */
  readonly pingIntervalMs: Millis;
  /** from the beginning of a session; who says HELLO later begins anew */
  readonly helloAgainAfterMs: Millis;
  /** between questions whether a session is over, where something from its address says so … */
  readonly endAskEveryMs: Millis;
  /** … and so many of them; then it is */
  readonly endAsksMax: number;
  /** between questions whether anybody is there … */
  readonly probeEveryMs: Millis;
  /** … until so long after the first; then dialling has failed */
  readonly dialTimeoutMs: Millis;
}

export const udpLimits: UdpLimits = {
  packetBytesMax: 1500,
  connectionsMax: 1024,
  roomEveryMs: 5 as Millis,
  queueBytesMax: 256 * 1024,
  waitingBytesMax: 256 * 1024,
  unprovenBytesMax: 1024,
  pingIntervalMs: 10_000 as Millis,
  helloAgainAfterMs: 1000 as Millis,
  endAskEveryMs: 250 as Millis,
  endAsksMax: 4,
  probeEveryMs: 200 as Millis,
  dialTimeoutMs: 3000 as Millis,
};

/** IP and UDP headers. */
const headerBytes = { IPv4: 28, IPv6: 48 } as const;
/** The most that one datagram carries. */
const datagramBytesMax = 65_507;

/** The largest frame for a peer: what a packet of the network holds; on this machine there is no such packet.
 *  @param address an IP address */
export function frameBytesFor(address: string, { packetBytesMax }: Pick<UdpLimits, 'packetBytesMax'>): number {
  if (address === '::1' || address.startsWith('127.')) return datagramBytesMax;
  return packetBytesMax - headerBytes[address.includes(':') ? 'IPv6' : 'IPv4'];
}
