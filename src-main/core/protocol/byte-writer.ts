import { InputError, LimitError } from '../../contract/errors.ts';
import { countMax, frameBytesMax } from './limits.ts';
import { writeUtf8 } from './utf8.ts';

/** Shorter texts are copied by hand while they are ASCII; beyond, the platform's encoder wins. */
const handCopiedMax = 48;

/** Builds one message after the other in slabs of memory. A slab is never written twice: what was taken from it stays as it
 *  is. All numbers are big-endian. Every method throws LimitError 'frame-too-large' when the frame limit is reached, and
 *  InputError 'bad-number' for a number that its field cannot hold. */
export class ByteWriter {
  readonly #slabBytes: number;
  #bytes: Uint8Array<ArrayBuffer>;
  /** of `#bytes`, which takes long to ask for */
  #buffer: ArrayBuffer;
  #view: DataView;
  /** where this message begins in the slab */
  #start = 0;
  #at = 0;
  /** where the slab or the frame limit ends */
  #end = 0;
  /** from `#start` on */
  #bytesMax = frameBytesMax;

  /** @param slabBytes `frameBytesMax` and the room before it, or more */
  constructor(slabBytes: number) {
    this.#slabBytes = slabBytes;
    this.#buffer = new ArrayBuffer(slabBytes);
    this.#bytes = new Uint8Array(this.#buffer);
    this.#view = new DataView(this.#buffer);
    this.reset();
  }

  get length(): number {
    return this.#at - this.#start;
  }

  /** Drops what was written since the last `carve`.
   *  @param roomBytes left free before the message, for `patchU16`; they count in `length`, not in the frame limit */
  reset(roomBytes = 0): void {
    if (this.#start + roomBytes > this.#bytes.length) this.#renewSlab();
    this.#at = this.#start + roomBytes;
    this.#bytesMax = frameBytesMax + roomBytes;
    this.#end = Math.min(this.#start + this.#bytesMax, this.#bytes.length);
  }

  /** What was written, as a view of the slab, immutable from now on. It is cheap to send and dear to keep: it holds its
   *  whole slab.
   *  @param roomBytes before the message, which are not of it */
  carve(roomBytes = 0): Uint8Array {
    const start = this.#start + roomBytes;
    const carved = new Uint8Array(this.#buffer, start, this.#at - start);
    this.#start = this.#at;
    return carved;
  }

  /** Ends a message as `carve` does, without making a view of it: it lies in `slab` from the returned place up to `end`. */
  settle(): number {
    const start = this.#start;
    this.#start = this.#at;
    return start;
  }

  /** What messages are written into. */
  get slab(): Uint8Array {
    return this.#bytes;
  }

  /** Where what was written ends in the slab. */
  get end(): number {
    return this.#at;
  }

  /** What was written, on bytes of its own; its place in the slab is free again. */
  copy(): Uint8Array {
    return this.#bytes.slice(this.#start, this.#at);
  }

  u8(value: number): void {
    if ((value & 0xff) !== value) throw notUnsigned(value, 0xff);
    const at = this.#advance(1);
    this.#bytes[at] = value;
  }

  u16(value: number): void {
    if ((value & 0xffff) !== value) throw notUnsigned(value, 0xffff);
    const at = this.#advance(2);
    this.#bytes[at] = value >>> 8;
    this.#bytes[at + 1] = value;
  }

  u32(value: number): void {
    if (value >>> 0 !== value) throw notUnsigned(value, 0xffff_ffff);
    const at = this.#advance(4);
    this.#view.setUint32(at, value);
  }

  /** @param value a number up to 2^53 where that is what there is */
  u64(value: bigint | number): void {
    if (typeof value === 'number') return this.#u53(value);
    if (BigInt.asUintN(64, value) !== value) throw new InputError('bad-number', `Expected 0 to 2^64-1, got ${value}.`);
    const at = this.#advance(8);
    this.#view.setBigUint64(at, value);
  }

  #u53(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0)
      throw new InputError('bad-number', `Expected 0 to 2^53-1, or a bigint, got ${value}.`);
    this.words(value / 0x1_0000_0000, value);
  }

  i8(value: number): void {
    if ((value << 24) >> 24 !== value) throw notSigned(value, 0x80);
    const at = this.#advance(1);
    this.#view.setInt8(at, value);
  }

  i16(value: number): void {
    if ((value << 16) >> 16 !== value) throw notSigned(value, 0x8000);
    const at = this.#advance(2);
    this.#view.setInt16(at, value);
  }

  i32(value: number): void {
    if ((value | 0) !== value) throw notSigned(value, 0x8000_0000);
    const at = this.#advance(4);
    this.#view.setInt32(at, value);
  }

  i64(value: bigint): void {
    if (BigInt.asIntN(64, value) !== value)
      throw new InputError('bad-number', `Expected -2^63 to 2^63-1, got ${value}.`);
    const at = this.#advance(8);
    this.#view.setBigInt64(at, value);
  }

  f32(value: number): void {
    const at = this.#advance(4);
    this.#view.setFloat32(at, value);
  }

  f64(value: number): void {
    const at = this.#advance(8);
    this.#view.setFloat64(at, value);
  }

  /** Eight bytes given as two words of 32 bits, signed or not. */
  words(first: number, second: number): void {
    const at = this.#advance(8);
    this.#view.setInt32(at, first);
    this.#view.setInt32(at + 4, second);
  }

  /** u16 byte length and UTF-8; a lone surrogate becomes U+FFFD. */
  string(text: string): void {
    if (this.#shortAscii(text)) return;
    const lengthAt = this.length;
    this.u16(0);
    this.patchU16(lengthAt, this.#utf8(text));
  }

  /** The bytes as they are, without a length. */
  raw(data: Uint8Array): void {
    this.part(data, 0, data.length);
  }

  /** The same for the bytes from `start` up to `end`. */
  part(data: Uint8Array, start: number, end: number): void {
    const size = end - start;
    const at = this.#advance(size);
    const bytes = this.#bytes;
    if (size > handCopiedMax) bytes.set(data.subarray(start, end), at);
    else for (let i = 0; i < size; i++) bytes[at + i] = data[start + i] ?? 0;
  }

  /** The u16 in front of a list. */
  count(value: number): void {
    if (value > countMax)
      throw new LimitError('frame-too-large', `A list holds at most ${countMax} items, got ${value}.`);
    this.u16(value);
  }

  /** Overwrites a u16 that was written when `length` was `at`. */
  patchU16(at: number, value: number): void {
    if ((value & 0xffff) !== value) throw notUnsigned(value, 0xffff);
    this.#bytes[this.#start + at] = value >>> 8;
    this.#bytes[this.#start + at + 1] = value;
  }

  #advance(size: number): number {
    if (this.#at + size > this.#end) this.#changeSlab(size);
    const at = this.#at;
    this.#at = at + size;
    return at;
  }

  // Whoever calls something that advances reads #bytes, #view and #at only afterwards: the slab may have changed.
  #changeSlab(size: number): void {
    const written = this.#bytes.subarray(this.#start, this.#at);
    if (written.length + size > this.#bytesMax) throw tooLarge();
    this.#renewSlab();
    this.#bytes.set(written);
    this.#at = written.length;
    this.#end = this.#bytesMax;
  }

  #renewSlab(): void {
    this.#buffer = new ArrayBuffer(this.#slabBytes);
    this.#bytes = new Uint8Array(this.#buffer);
    this.#view = new DataView(this.#buffer);
    this.#start = 0;
  }

  /** Length and text by hand. @returns false, with nothing written, when the text is long or not ASCII */
  #shortAscii(text: string): boolean {
    const size = text.length;
    if (size > handCopiedMax) return false;
    const at = this.#advance(2 + size);
    const bytes = this.#bytes;
    bytes[at] = 0;
    bytes[at + 1] = size;
    for (let i = 0; i < size; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x80) {
        this.#at = at;
        return false;
      }
      bytes[at + 2 + i] = code;
    }
    return true;
  }

  /** @returns the size written */
  #utf8(text: string): number {
    let size = writeUtf8(text, this.#textRoom());
    if (size < 0 && this.#end - this.#start < this.#bytesMax) {
      // The slab ended, not the frame.
      this.#changeSlab(0);
      size = writeUtf8(text, this.#textRoom());
    }
    if (size < 0) throw tooLarge();
    this.#at += size;
    return size;
  }

  #textRoom(): Uint8Array {
    return this.#bytes.subarray(this.#at, Math.min(this.#at + countMax, this.#end));
  }
}

function notUnsigned(value: number, max: number): InputError {
  return new InputError('bad-number', `Expected a whole number from 0 to ${max}, got ${value}.`);
}

function notSigned(value: number, range: number): InputError {
  return new InputError('bad-number', `Expected a whole number from ${-range} to ${range - 1}, got ${value}.`);
}

function tooLarge(): LimitError {
  return new LimitError('frame-too-large', `A message holds at most ${frameBytesMax} bytes; split it.`, {
    bytesMax: frameBytesMax,
  });
}
