/** What may wait in one room. */
export const roomPacketsMax = 200_000;
export const roomBytesMax = 64 * 1024 * 1024;

/** Bounds what waits, of one line or of several together. */
export class PacedRoom {
  #packets = 0;
  #bytes = 0;

  /** Takes up the place of a packet.
   *  @param insteadOf what waits there already and goes
   *  @returns false where there is none; then nothing has changed */
  take({ length }: Uint8Array, insteadOf: Uint8Array | undefined): boolean {
    const packets = this.#packets + (insteadOf ? 0 : 1);
    const bytes = this.#bytes + length - (insteadOf?.length ?? 0);
    if (packets > roomPacketsMax || bytes > roomBytesMax) return false;
    this.#packets = packets;
    this.#bytes = bytes;
    return true;
  }

  /** It waits no more. */
  free(bytes: Uint8Array | undefined): void {
    if (!bytes) return;
    this.#packets--;
    this.#bytes -= bytes.length;
  }
}
