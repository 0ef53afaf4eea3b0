/** Header of an unmasked binary message, FIN and opcode 2, as a server sends it. [RFC 6455 5.2] */
const binaryMessage = 0x82;
/** of a message up to `shortMessageBytesMax` */
export const shortHeaderBytes = 2;
export const shortMessageBytesMax = 125;

/** The two bytes before a short message, as one u16. */
export function shortHeader(size: number): number {
  return (binaryMessage << 8) | size;
}

/** Bytes of the header before `size` bytes. */
export function websocketHeaderBytes(size: number): number {
  return size <= shortMessageBytesMax ? shortHeaderBytes : size <= 0xffff ? 4 : 10;
}

/** Writes the header of a message of `size` bytes: a 7-bit length, or its 16- or 64-bit form. The bytes are zero before. */
export function putWebsocketHeader(into: Uint8Array, at: number, size: number): void {
  into[at] = binaryMessage;
  if (size <= shortMessageBytesMax) {
    into[at + 1] = size;
  } else if (size <= 0xffff) {
    into[at + 1] = 126;
    into[at + 2] = size >>> 8;
    into[at + 3] = size;
  } else {
    into[at + 1] = 127;
    putLength(into, at + 6, size);
  }
}

/** u32, big-endian. */
export function putLength(into: Uint8Array, at: number, size: number): void {
  into[at] = size >>> 24;
  into[at + 1] = size >>> 16;
  into[at + 2] = size >>> 8;
  into[at + 3] = size;
}
