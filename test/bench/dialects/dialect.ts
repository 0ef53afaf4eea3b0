/** Bytes to send, and the answer that they get, with or without more around it. */
export interface Exchange {
  readonly send: Uint8Array;
  readonly until: Uint8Array;
}

/** How raw-socket clients speak with one kind of server. Addresses and patterns are CLASP's; each dialect turns them into its
 *  own. Everything is encoded before it is sent, so that the load costs as little as it can. */
export interface Dialect {
  /** what a new connection says, one after the other */
  greeting(): readonly Exchange[];
  /** the answer comes behind all that the server had to send before */
  readonly ping: Exchange;
  subscribe(pattern: string, id: number): Uint8Array;
  /** at most once, no state: a stream sample, MQTT QoS 0 */
  publish(address: string, value: number): Uint8Array;
  /** with an acknowledgement: a SET, MQTT QoS 1
   *  @param id 1..65535 where the protocol wants one that is not in use */
  set(address: string, value: number, id: number): Uint8Array;
  /** kept for who comes later: a SET, an MQTT message with its retain flag */
  keep(address: string, value: number): Uint8Array;
}

export function f64Bytes(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return bytes;
}
