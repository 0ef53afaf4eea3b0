/** Bytes that have come to one group of clients. Messages of one load have the same size, so bytes tell how many came: the
 *  load does not read what it gets. */
export class ByteCount {
  #bytes = 0;
  /** runs at every arrival */
  onArrival: (() => void) | undefined;

  get bytes(): number {
    return this.#bytes;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
    this.onArrival?.();
  }
}
