import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { isScalarCode, skipValueData } from './values.ts';
import { WireValue } from './wire-value.ts';

/** Type code and data. */
export function writeValue(writer: ByteWriter, value: WireValue): void {
  writer.u8(value.code);
  value.writeData(writer);
}

/** Checks the whole value and returns it as a view of the frame, a scalar as itself.
 *  @throws ProtocolError 'bad-type' | 'bad-length' | 'bad-text' | 'too-deep' */
export function readValue(reader: ByteReader): WireValue {
  return readValueOf(reader, reader.u8());
}

/** The same for a type code that stands elsewhere. */
export function readValueOf(reader: ByteReader, code: number): WireValue {
  const start = reader.place;
  skipValueData(reader, code);
  if (isScalarCode(code)) return WireValue.scalar(code, reader.bytes, start);
  return WireValue.since(code, reader, start);
}
