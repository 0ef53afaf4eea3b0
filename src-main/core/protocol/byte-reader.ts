import { ProtocolError } from '../../contract/errors.ts';
import { internedText } from './interned-text.ts';
import { isUtf8, textOfUtf8 } from './utf8.ts';

// Eight bytes for numbers wider than 32 bits: cheaper than a DataView for every frame.
const wideBytes = new Uint8Array(8);
const wide = new DataView(wideBytes.buffer);
const empty = new Uint8Array(0);

/** Walks bytes that came from outside. Every read is checked: past the end it throws ProtocolError 'bad-length' with the
 *  `offset` in bytes. All numbers are big-endian. It can be pointed at one frame after the other. */
export class ByteReader {
  #bytes: Uint8Array = empty;
  #at = 0;
  #end = 0;
  /** from where `offset` counts */
  #base = 0;

  /** Reads from `start`, from where offsets count, up to `end`; the bytes are not copied. */
  open(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes = bytes;
    this.#base = start;
    this.#at = start;
    this.#end = Math.min(end, bytes.length);
  }

  /** Lets go of the bytes. */
  close(): void {
    this.open(empty, 0, 0);
  }

  /** What it reads from. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Where in `bytes` it stands. */
  get place(): number {
    return this.#at;
  }

  /** Where it stands in what it was opened for, to be told in errors. */
  get offset(): number {
    return this.#at - this.#base;
  }

  get remaining(): number {
    return this.#end - this.#at;
  }

  /** Ends reading after `size` more bytes. @returns the former end, to be given to `widen` */
  narrow(size: number): number {
    this.require(size);
    const former = this.#end;
    this.#end = this.#at + size;
    return former;
  }

  /** Goes on behind the narrowed part, whether or not it was read to its end. */
  widen(end: number): void {
    this.#at = this.#end;
    this.#end = end;
  }

  u8(): number {
    return this.#bytes[this.#take(1)] ?? 0;
  }

  u16(): number {
    const at = this.#take(2);
    return ((this.#bytes[at] ?? 0) << 8) | (this.#bytes[at + 1] ?? 0);
  }

  u32(): number {
    return this.i32() >>> 0;
  }

  u64(): bigint {
    return this.#load(8).getBigUint64(0);
  }

  i8(): number {
    return (this.u8() << 24) >> 24;
  }

  i16(): number {
    return (this.u16() << 16) >> 16;
  }

  i32(): number {
    return wordAt(this.#bytes, this.#take(4));
  }

  i64(): bigint {
    return this.#load(8).getBigInt64(0);
  }

  f32(): number {
    return this.#load(4).getFloat32(0);
  }

  f64(): number {
    return this.#load(8).getFloat64(0);
  }

  /** u16 byte length and UTF-8. @throws ProtocolError 'bad-text' */
  string(): string {
    return this.text(this.u16());
  }

  /** `size` bytes of UTF-8. @throws ProtocolError 'bad-text' */
  text(size: number): string {
    const start = this.#takeText(size);
    return textOfUtf8(this.#bytes.subarray(start, start + size));
  }

  /** Like `string`, for texts that come again and again: the same text is the same string object. */
  name(): string {
    const size = this.u16();
    this.require(size);
    const known = internedText(this.#bytes, this.#at, size);
    if (known === undefined) return this.text(size);
    this.#at += size;
    return known;
  }

  /** Checks a string without building it. @throws ProtocolError 'bad-text' */
  skipString(): void {
    this.#takeText(this.u16());
  }

  /** The next bytes as a view, valid as long as the frame's. */
  raw(size: number): Uint8Array {
    const start = this.#take(size);
    return this.#bytes.subarray(start, start + size);
  }

  skip(size: number): void {
    this.#take(size);
  }

  /** The u16 in front of a list whose items have at least `itemBytesMin` bytes each; refused at once when they cannot be there. */
  count(itemBytesMin: number): number {
    const count = this.u16();
    this.require(count * itemBytesMin);
    return count;
  }

  /** Refuses at once what cannot be there. */
  require(size: number): void {
    if (size > this.#end - this.#at) {
      throw new ProtocolError('bad-length', `The frame ends too early: expected ${size} more bytes.`, {
        offset: this.offset,
        expected: size,
        remaining: this.#end - this.#at,
      });
    }
  }

  #take(size: number): number {
    const at = this.#at;
    if (size > this.#end - at) this.require(size);
    this.#at = at + size;
    return at;
  }

  #takeText(size: number): number {
    const start = this.#take(size);
    if (!isUtf8(this.#bytes, start, start + size)) {
      throw new ProtocolError('bad-text', 'A text is not valid UTF-8.', { offset: start - this.#base });
    }
    return start;
  }

  #load(size: number): DataView {
    const at = this.#take(size);
    for (let i = 0; i < size; i++) wideBytes[i] = this.#bytes[at + i] ?? 0;
    return wide;
  }
}

/** Four bytes as a signed number; they are there. */
export function wordAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
}
