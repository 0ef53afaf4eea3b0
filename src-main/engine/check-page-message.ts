import { ProtocolError } from '../contract/errors.ts';
import { ByteReader } from '../core/protocol/byte-reader.ts';

/** Arrays and maps within each other; a show nests at most 64 deep and travels two levels down in a command. */
export const pageMessageDepthMax = 72;

/** Walks one MessagePack value without building it, since the decoder makes room for what a header promises before it has
 *  seen any of it. What passes has every item it declares, so decoding costs in proportion to the bytes.
 *  @throws ProtocolError 'bad-length' (also for bytes behind the value) | 'too-deep' | 'bad-type' (0xc1)
 *  @see https://github.com/msgpack/msgpack/blob/master/spec.md */
export function checkPageMessage(bytes: Uint8Array): void {
  const reader = new ByteReader();
  reader.open(bytes, 0, bytes.length);
  skipValue(reader, 0);
  if (reader.remaining > 0) {
    throw new ProtocolError('bad-length', 'A message of a page goes on behind its value.', { offset: reader.offset });
  }
}

function skipValue(reader: ByteReader, depth: number): void {
  const items = itemsBehindHead(reader);
  if (items === 0) return;
  reader.require(items);
  if (depth >= pageMessageDepthMax) {
    throw new ProtocolError('too-deep', `A message of a page nests deeper than ${pageMessageDepthMax}.`, {
      offset: reader.offset,
    });
  }
  for (let left = items; left > 0; left--) skipValue(reader, depth + 1);
}

/** Reads a head with its own bytes. @returns how many values follow in it: of an array its items, of a map keys and values */
function itemsBehindHead(reader: ByteReader): number {
  const head = reader.u8();
  if (head < 0x80 || head >= 0xe0) return 0;
  if (head < 0x90) return (head & 0x0f) * 2;
  if (head < 0xa0) return head & 0x0f;
  if (head >= 0xdc) return readSize(reader, head % 2 === 0 ? 2 : 4) * (head < 0xde ? 1 : 2);
  reader.skip(head < 0xc0 ? head & 0x1f : sizeOfScalar(reader, head));
  return 0;
}

/** Bytes behind the head and its length, if it has one. */
function sizeOfScalar(reader: ByteReader, head: number): number {
  const fixed = fixedSizes[head];
  if (fixed !== undefined) return fixed;
  if (head >= 0xd9) return readSize(reader, 2 ** (head - 0xd9));
  // The type of an extension is one more byte.
  if (head >= 0xc7) return readSize(reader, 2 ** (head - 0xc7)) + 1;
  if (head >= 0xc4) return readSize(reader, 2 ** (head - 0xc4));
  throw new ProtocolError('bad-type', 'A message of a page has the head 0xc1, which means nothing.', {
    offset: reader.offset - 1,
  });
}

function readSize(reader: ByteReader, width: number): number {
  if (width === 1) return reader.u8();
  return width === 2 ? reader.u16() : reader.u32();
}

const fixedSizes: Readonly<Record<number, number>> = {
  // nil, false, true
  ...{ 0xc0: 0, 0xc2: 0, 0xc3: 0 },
  // floats
  ...{ 0xca: 4, 0xcb: 8 },
  // unsigned and signed whole numbers
  ...{ 0xcc: 1, 0xcd: 2, 0xce: 4, 0xcf: 8, 0xd0: 1, 0xd1: 2, 0xd2: 4, 0xd3: 8 },
  // extensions of 1, 2, 4, 8 and 16 bytes, with their type
  ...{ 0xd4: 2, 0xd5: 3, 0xd6: 5, 0xd7: 9, 0xd8: 17 },
};
