/** of one frame, before they are joined: each takes some hundred bytes beside its own */
const partsMax = 64;

/** The beginning of a frame in a stream of chunks, until its end has come. It holds little more than has come of it. */
export class PartialFrame {
  #parts: Uint8Array[] = [];
  #sizeBytes = 0;
  /** with fewer there is nothing to be told */
  #wantedBytes = 0;

  /** @param chunk its own from now on
   *  @returns all from the beginning of the first frame that was not read; undefined while that is not enough */
  add(chunk: Buffer): Buffer | undefined {
    if (this.#sizeBytes === 0) return chunk;
    this.#parts.push(chunk);
    this.#sizeBytes += chunk.length;
    const isEnough = this.#sizeBytes >= this.#wantedBytes;
    if (!isEnough && this.#parts.length < partsMax) return undefined;
    const joined = Buffer.concat(this.#parts);
    this.#parts = isEnough ? [] : [joined];
    if (!isEnough) return undefined;
    this.#sizeBytes = 0;
    return joined;
  }

  /** Keeps what lies from `at` on until there are so many bytes of it. */
  keep(bytes: Buffer, at: number, wantedBytes: number): void {
    const rest = bytes.subarray(at);
    // A view would hold the whole chunk for as long as its peer likes to wait.
    this.#parts = [rest.length * 2 < bytes.length ? new Uint8Array(rest) : rest];
    this.#sizeBytes = rest.length;
    this.#wantedBytes = wantedBytes;
  }

  /** All that is there of it, whether or not it is enough; nothing is kept. */
  end(): Buffer {
    const joined = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#sizeBytes = 0;
    return joined;
  }
}
