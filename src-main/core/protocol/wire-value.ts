import type { Value } from '../../contract/signal.ts';
import { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { encodeValue, fixedSizes, isNumberCode, readWholeValue, valueCode, writeValueData } from './values.ts';

/** For a few bytes a loop is cheaper than a view and the call that copies it. */
const handCopiedMax = 48;
const reader = new ByteReader();

/** A value as it stands on the wire, decoded only when somebody looks, encoded only when it leaves.
 *  A view made by the decoder shares the frame's bytes and is valid as long as they are; `copy` before storing. */
export class WireValue {
  /** 0x00 null … 0x0B map. @see CLASP-WIRE §2 */
  readonly code: number;
  // At least one of bytes and decoded is there; the value's data are the bytes from start up to end.
  #bytes: Uint8Array | undefined;
  #start = 0;
  #end = 0;
  #decoded: Value | undefined;

  /** @param data exactly what follows the type code, known to be right: from the decoder, the journal or `of` */
  constructor(code: number, data: Uint8Array | undefined, decoded?: Value) {
    this.code = code;
    this.#bytes = data;
    this.#end = data === undefined ? 0 : data.length;
    this.#decoded = decoded;
  }

  /** @throws LimitError 'frame-too-large' when no frame can carry it, 'too-many-items' when it nests too deep
   *  @throws InputError 'bad-number' for a whole number its type cannot hold */
  static of(value: Value): WireValue {
    const code = valueCode[value.type];
    if (alwaysFits(value)) return new WireValue(code, undefined, value);
    const made = new WireValue(code, encodeValue(value), value);
    made.#start = 1;
    return made;
  }

  /** A view of what the reader went over since `start`; it has been checked. */
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
    return this.#bytes === undefined ? (fixedSizes[this.code] ?? this.data.length) : this.#end - this.#start;
  }

  /** What follows the type code. */
  get data(): Uint8Array {
    const bytes = this.#bytes;
    if (bytes === undefined) return this.#settle(encodeValue(this.value).slice(1));
    if (this.#start === 0 && this.#end === bytes.length) return bytes;
    return this.#settle(bytes.subarray(this.#start, this.#end));
  }

  /** The same value on bytes of its own; a number as what it stands for, which takes less room. */
  copy(): WireValue {
    if (isNumberCode(this.code) && !isNotANumber(this.value)) return new WireValue(this.code, undefined, this.value);
    const bytes = this.#bytes;
    if (bytes === undefined || this.size > handCopiedMax)
      // Not slice: on a Node Buffer that would be one more view.
      return new WireValue(this.code, new Uint8Array(this.data), this.#decoded);
    const own = new Uint8Array(this.#end - this.#start);
    for (let i = 0; i < own.length; i++) own[i] = bytes[this.#start + i] ?? 0;
    return new WireValue(this.code, own, this.#decoded);
  }

  /** Whether type and bytes are the same. */
  equals(other: WireValue): boolean {
    const left = this.data;
    const right = other.data;
    if (this.code !== other.code || left.length !== right.length) return false;
    for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
    return true;
  }

  /** Writes what follows the type code. */
  writeData(writer: ByteWriter): void {
    if (this.#bytes !== undefined) writer.part(this.#bytes, this.#start, this.#end);
    else if (this.#decoded !== undefined) writeValueData(writer, this.#decoded);
  }

  #decode(): Value {
    reader.open(this.#bytes ?? this.data, this.#start, this.#end);
    const value = readWholeValue(reader, this.code);
    reader.close();
    return value;
  }

  #settle(data: Uint8Array): Uint8Array {
    this.#bytes = data;
    this.#start = 0;
    this.#end = data.length;
    return data;
  }
}

/** There are many of them on the wire, and all but one would be lost. */
function isNotANumber(value: Value): boolean {
  return value.type !== 'null' && Number.isNaN(value.value);
}

/** Values that no limit can refuse, and that nobody can change afterwards. */
function alwaysFits(value: Value): boolean {
  return value.type === 'f64' || value.type === 'f32' || value.type === 'bool' || value.type === 'null';
}
