import type { Value } from '../../contract/signal.ts';
import { ByteReader, wordAt } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { encodeValue, fixedSizes, isScalarCode, readWholeValue, valueCode } from './values.ts';

/** For a few bytes a loop is cheaper than a view and the call that copies it. */
const handCopiedMax = 48;
const reader = new ByteReader();
/** What numbers are taken apart in, and put together. */
const scalarBytes = new Uint8Array(8);
const scalar = new DataView(scalarBytes.buffer);

/** A value as it stands on the wire, decoded only when somebody looks, encoded only when it leaves.
 *  A view made by the decoder shares the frame's bytes and is valid as long as they are; `copy` before storing. Scalars, null,
 *  switches and numbers, are never views: their bytes are kept in two words. */
export class WireValue {
  /** 0x00 null … 0x0B map. @see CLASP-WIRE §2 */
  readonly code: number;
  /** undefined for scalars */
  #bytes: Uint8Array | undefined;
  /** The data are the bytes from here on; of a scalar its first four bytes as one word, a shorter one's in the lowest. */
  #start = 0;
  /** The data are the bytes up to here; of a scalar of eight bytes the last four as one word. */
  #end = 0;
  #decoded: Value | undefined;

  /** @param data exactly what follows the type code, known to be right: from the decoder, the journal or `of`; of a scalar
   *    it may be left out, to be filled in */
  constructor(code: number, data: Uint8Array | undefined, decoded?: Value) {
    this.code = code;
    this.#decoded = decoded;
    if (isScalarCode(code)) {
      if (data) this.#takeWords(data, 0);
    } else {
      this.#bytes = data;
      this.#end = data === undefined ? 0 : data.length;
    }
  }

  /** @throws LimitError 'frame-too-large' when no frame can carry it, 'too-many-items' when it nests too deep
   *  @throws InputError 'bad-number' for a whole number its type cannot hold */
  static of(value: Value): WireValue {
    const made = new WireValue(valueCode[value.type], undefined, value);
    if (value.type === 'f64') {
      scalar.setFloat64(0, value.value);
      made.#start = scalar.getInt32(0);
      made.#end = scalar.getInt32(4);
    } else if (isScalarCode(made.code)) {
      made.#takeWords(encodeValue(value), 1);
    } else {
      made.#bytes = encodeValue(value);
      made.#start = 1;
      made.#end = made.#bytes.length;
    }
    return made;
  }

  /** Of a type whose `fixedSizes` are known: the bytes from `at` on, which are there. */
  static scalar(code: number, bytes: Uint8Array, at: number): WireValue {
    const made = new WireValue(code, undefined);
    made.#takeWords(bytes, at);
    return made;
  }

  /** A view of what the reader went over since `start`; it has been checked. Not for scalars. */
  static since(code: number, reader: ByteReader, start: number): WireValue {
    const made = new WireValue(code, reader.bytes);
    made.#start = start;
    made.#end = reader.place;
    return made;
  }

  get value(): Value {
    return (this.#decoded ??= this.#decode());
  }

  /** Bytes of what follows the type code. */
  get size(): number {
    return fixedSizes[this.code] ?? this.#end - this.#start;
  }

  /** What follows the type code. */
  get data(): Uint8Array {
    const bytes = this.#bytes;
    if (bytes === undefined) return this.#fillScalar().slice();
    if (this.#start === 0 && this.#end === bytes.length) return bytes;
    const data = bytes.subarray(this.#start, this.#end);
    this.#bytes = data;
    this.#start = 0;
    this.#end = data.length;
    return data;
  }

  /** The same value on bytes of its own. */
  copy(): WireValue {
    const bytes = this.#bytes;
    if (bytes === undefined) return this;
    // Not slice: on a Node Buffer that would be one more view.
    if (this.size > handCopiedMax) return new WireValue(this.code, new Uint8Array(this.data), this.#decoded);
    const own = new Uint8Array(this.#end - this.#start);
    for (let i = 0; i < own.length; i++) own[i] = bytes[this.#start + i] ?? 0;
    return new WireValue(this.code, own, this.#decoded);
  }

  /** Whether type and bytes are the same. */
  equals(other: WireValue): boolean {
    if (this.code !== other.code) return false;
    if (this.#bytes === undefined) return this.#start === other.#start && this.#end === other.#end;
    const left = this.data;
    const right = other.data;
    if (left.length !== right.length) return false;
    for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
    return true;
  }

  /** Writes what follows the type code. */
  writeData(writer: ByteWriter): void {
    if (this.#bytes !== undefined) return writer.part(this.#bytes, this.#start, this.#end);
    switch (fixedSizes[this.code]) {
      case 1:
        return writer.u8(this.#start);
      case 2:
        return writer.u16(this.#start);
      case 4:
        return writer.i32(this.#start);
      case 8:
        return writer.words(this.#start, this.#end);
      default:
        // Null has no bytes.
        return;
    }
  }

  #decode(): Value {
    const bytes = this.#bytes;
    if (bytes) reader.open(bytes, this.#start, this.#end);
    else reader.open(this.#fillScalar(), 0, this.size);
    const value = readWholeValue(reader, this.code);
    reader.close();
    return value;
  }

  /** @returns bytes that are others' at the next call */
  #fillScalar(): Uint8Array {
    const size = this.size;
    const isWide = size === 8;
    scalar.setInt32(0, isWide ? this.#start : this.#start << (8 * (4 - size)));
    scalar.setInt32(4, this.#end);
    return scalarBytes.subarray(0, size);
  }

  #takeWords(bytes: Uint8Array, at: number): void {
    switch (fixedSizes[this.code]) {
      case 1:
        this.#start = bytes[at] ?? 0;
        break;
      case 2:
        this.#start = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
        break;
      case 4:
        this.#start = wordAt(bytes, at);
        break;
      case 8:
        this.#start = wordAt(bytes, at);
        this.#end = wordAt(bytes, at + 4);
        break;
      default:
        break;
    }
  }
}
