const slabBytes = 64 * 1024;
const none = Buffer.alloc(0);

/** Where packets are written before they leave, one behind the other: most are much shorter than they may be. No place is used
 *  twice, since the system may hold a packet for a while; a slab is gone when it holds none any more. */
export class PacketSlab {
  #bytes = none;
  #used = 0;
  #room = none;

  /** Room for the next packet; the same until one was taken. @param sizeBytes 1..65536 */
  room(sizeBytes: number): Buffer {
    if (this.#room.length === sizeBytes) return this.#room;
    if (this.#used + sizeBytes > this.#bytes.length) {
      this.#bytes = Buffer.allocUnsafeSlow(slabBytes);
      this.#used = 0;
    }
    return (this.#room = this.#bytes.subarray(this.#used, this.#used + sizeBytes));
  }

  /** @param sizeBytes that were written to `room` @returns the packet; nobody writes to it again */
  take(sizeBytes: number): Buffer {
    const packet = this.#room.subarray(0, sizeBytes);
    this.#used += sizeBytes;
    this.#room = none;
    return packet;
  }
}
