import { GrowingBytes } from './growing-bytes.ts';

export const slipEnd = 0xc0;
const escape = 0xdb;
const escapedEnd = 0xdc;
const escapedEscape = 0xdd;

/** @returns the frame as it goes into a stream, with its mark on both ends
 *  @see RFC 1055 */
export function encodeSlip(frame: Uint8Array): Uint8Array<ArrayBuffer> {
  let marks = 0;
  for (const byte of frame) if (byte === slipEnd || byte === escape) marks++;
  const framed = new Uint8Array(frame.length + marks + 2);
  let at = 0;
  framed[at++] = slipEnd;
  for (const byte of frame) {
    if (byte !== slipEnd && byte !== escape) framed[at++] = byte;
    else {
      framed[at++] = escape;
      framed[at++] = byte === slipEnd ? escapedEnd : escapedEscape;
    }
  }
  framed[at] = slipEnd;
  return framed;
}

export interface SlipEvents {
  /** @param frame valid only during the call; never empty */
  readonly onFrame: (frame: Uint8Array) => void;
  /** A frame ended whose escapes make it unreadable; the next one is read. */
  readonly onMalformed: () => void;
  /** A frame has no room for this byte. The rest of it is left out, unless this throws. */
  readonly onTooLong: (byte: number, sizeBytes: number) => void;
  /** Looks at the first byte of a frame; may throw. */
  readonly onFirst?: (byte: number) => void;
}

/** Finds SLIP frames in a stream, however it is cut. */
export class SlipDecoder {
  readonly #bytesMax: number;
  readonly #events: SlipEvents;
  readonly #bytes = new GrowingBytes();
  #isEscaped = false;
  #isMalformed = false;
  #isTooLong = false;

  constructor(bytesMax: number, events: SlipEvents) {
    this.#bytesMax = bytesMax;
    this.#events = events;
  }

  read(chunk: Uint8Array): void {
    for (const byte of chunk) this.#take(byte);
  }

  #take(byte: number): void {
    if (byte === slipEnd) return this.#finish();
    if (this.#isEscaped) {
      this.#isEscaped = false;
      if (byte === escapedEnd) return this.#add(slipEnd);
      if (byte === escapedEscape) return this.#add(escape);
      this.#isMalformed = true;
      return;
    }
    if (byte === escape) this.#isEscaped = true;
    else this.#add(byte);
  }

  #add(byte: number): void {
    if (this.#isTooLong) return;
    if (this.#bytes.size === 0) this.#events.onFirst?.(byte);
    if (this.#bytes.size < this.#bytesMax) return this.#bytes.add(byte);
    this.#isTooLong = true;
    this.#events.onTooLong(byte, this.#bytes.size + 1);
  }

  #finish(): void {
    const isMalformed = this.#isMalformed || this.#isEscaped;
    const isTooLong = this.#isTooLong;
    this.#isEscaped = false;
    this.#isMalformed = false;
    this.#isTooLong = false;
    const frame = this.#bytes.view;
    try {
      if (isTooLong) return;
      if (isMalformed) this.#events.onMalformed();
      // Between two frames that both have their marks there is nothing.
      else if (frame.length > 0) this.#events.onFrame(frame);
    } finally {
      this.#bytes.clear();
    }
  }
}
