/** One giant does not hold its memory for the rest of a stream. */
const keptBytesUsual = 65_536;
const firstBytes = 1024;

/** Bytes of a message that is not whole yet. What was held is held twice as large each time there is no room, so that a message
 *  that comes byte by byte is not copied with each of them. */
export class GrowingBytes {
  #bytes = new Uint8Array(firstBytes);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** What was added since the last `clear`; valid until the next call of anything here. */
  get view(): Uint8Array {
    return this.#bytes.subarray(0, this.#size);
  }

  add(byte: number): void {
    this.#makeRoom(this.#size + 1);
    this.#bytes[this.#size++] = byte;
  }

  append(bytes: Uint8Array): void {
    this.#makeRoom(this.#size + bytes.length);
    this.#bytes.set(bytes, this.#size);
    this.#size += bytes.length;
  }

  /** Forgets the first of them. */
  drop(sizeBytes: number): void {
    this.#bytes.copyWithin(0, sizeBytes, this.#size);
    this.#size = Math.max(0, this.#size - sizeBytes);
    if (this.#size === 0) this.clear();
  }

  clear(): void {
    this.#size = 0;
    if (this.#bytes.length > keptBytesUsual) this.#bytes = new Uint8Array(firstBytes);
  }

  #makeRoom(sizeBytes: number): void {
    if (sizeBytes <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(sizeBytes, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#size));
    this.#bytes = larger;
  }
}
