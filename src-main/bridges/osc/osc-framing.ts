import { LimitError, ProtocolError } from '../../contract/errors.ts';
import type { OscSettings } from '../../contract/bridges/osc.ts';

/** One packet in a TCP stream. What claims to be longer ends the connection. */
export const packetBytesMax = 1024 * 1024;

type Framing = OscSettings['framing'];

/** Finds packets in a stream, however it is cut. */
export interface PacketSplitter {
  /** @throws LimitError 'frame-too-large' | ProtocolError 'bad-frame': nothing that follows can be read */
  read(chunk: Uint8Array): void;
}

/** What a connection keeps for its next packet; one giant does not hold its memory for the rest of the connection. */
const keptBytesUsual = 65_536;
const end = 0xc0;
const escape = 0xdb;
const escapedEnd = 0xdc;
const escapedEscape = 0xdd;

/** @returns the packet as it goes into a stream. SLIP has its mark on both ends [OSC 1.1, RFC 1055] */
export function framePacket(framing: Framing, packet: Uint8Array): Uint8Array {
  if (framing === 'slip') return slip(packet);
  const framed = new Uint8Array(4 + packet.length);
  new DataView(framed.buffer).setUint32(0, packet.length);
  framed.set(packet, 4);
  return framed;
}

/** @param onPacket gets a packet that is valid only during the call
 *  @param onMalformed runs for a packet that its escapes make unreadable; the next one is read */
export function createPacketSplitter(
  framing: Framing,
  onPacket: (packet: Uint8Array) => void,
  onMalformed: () => void,
): PacketSplitter {
  return framing === 'slip' ? new SlipSplitter(onPacket, onMalformed) : new LengthSplitter(onPacket);
}

function slip(packet: Uint8Array): Uint8Array {
  let marks = 0;
  for (const byte of packet) if (byte === end || byte === escape) marks++;
  const framed = new Uint8Array(packet.length + marks + 2);
  let at = 0;
  framed[at++] = end;
  for (const byte of packet) {
    if (byte !== end && byte !== escape) framed[at++] = byte;
    else {
      framed[at++] = escape;
      framed[at++] = byte === end ? escapedEnd : escapedEscape;
    }
  }
  framed[at] = end;
  return framed;
}

class LengthSplitter implements PacketSplitter {
  readonly #onPacket: (packet: Uint8Array) => void;
  #kept = new Uint8Array(1024);
  #size = 0;

  constructor(onPacket: (packet: Uint8Array) => void) {
    this.#onPacket = onPacket;
  }

  read(chunk: Uint8Array): void {
    if (this.#size === 0) return this.#keep(chunk.subarray(this.#cut(chunk)));
    this.#keep(chunk);
    const used = this.#cut(this.#kept.subarray(0, this.#size));
    this.#kept.copyWithin(0, used, this.#size);
    this.#size -= used;
    if (this.#size === 0 && this.#kept.length > keptBytesUsual) this.#kept = new Uint8Array(1024);
  }

  /** @returns how many bytes were whole packets */
  #cut(bytes: Uint8Array): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    while (bytes.length - at >= 4) {
      const size = view.getUint32(at);
      if (size > packetBytesMax) throw tooLarge(bytes[at] ?? 0, size);
      if (bytes.length - at - 4 < size) break;
      if (size > 0) this.#onPacket(bytes.subarray(at + 4, at + 4 + size));
      at += 4 + size;
    }
    return at;
  }

  #keep(bytes: Uint8Array): void {
    this.#kept = withRoom(this.#kept, this.#size + bytes.length);
    this.#kept.set(bytes, this.#size);
    this.#size += bytes.length;
  }
}

class SlipSplitter implements PacketSplitter {
  readonly #onPacket: (packet: Uint8Array) => void;
  readonly #onMalformed: () => void;
  #bytes = new Uint8Array(1024);
  #size = 0;
  #isEscaped = false;
  #isMalformed = false;

  constructor(onPacket: (packet: Uint8Array) => void, onMalformed: () => void) {
    this.#onPacket = onPacket;
    this.#onMalformed = onMalformed;
  }

  read(chunk: Uint8Array): void {
    for (const byte of chunk) this.#take(byte);
  }

  #take(byte: number): void {
    if (byte === end) return this.#finish();
    if (this.#isEscaped) {
      this.#isEscaped = false;
      if (byte === escapedEnd) return this.#add(end);
      if (byte === escapedEscape) return this.#add(escape);
      this.#isMalformed = true;
      return;
    }
    if (byte === escape) this.#isEscaped = true;
    else this.#add(byte);
  }

  #add(byte: number): void {
    // A packet begins with / or #. A zero is the first byte of a length.
    if (this.#size === 0 && byte === 0) throw otherFraming('lengths', 'SLIP');
    if (this.#size >= packetBytesMax) throw tooLarge(byte, this.#size + 1);
    this.#bytes = withRoom(this.#bytes, this.#size + 1);
    this.#bytes[this.#size++] = byte;
  }

  #finish(): void {
    const packet = this.#bytes.subarray(0, this.#size);
    const isMalformed = this.#isMalformed || this.#isEscaped;
    this.#size = 0;
    this.#isEscaped = false;
    this.#isMalformed = false;
    if (isMalformed) this.#onMalformed();
    // Between two packets that both have their marks there is nothing.
    else if (packet.length > 0) this.#onPacket(packet);
    if (this.#bytes.length > keptBytesUsual) this.#bytes = new Uint8Array(1024);
  }
}

/** Twice as large each time, so that a packet that comes byte by byte is not copied with each of them. */
function withRoom(bytes: Uint8Array<ArrayBuffer>, sizeBytes: number): Uint8Array<ArrayBuffer> {
  if (sizeBytes <= bytes.length) return bytes;
  const larger = new Uint8Array(Math.max(sizeBytes, bytes.length * 2));
  larger.set(bytes);
  return larger;
}

function tooLarge(firstByte: number, sizeBytes: number): LimitError | ProtocolError {
  // Read as a length, the mark of SLIP and the first letter of a packet are gigabytes and hundreds of megabytes.
  if (firstByte === end || firstByte === 0x2f || firstByte === 0x23) return otherFraming('SLIP', 'lengths');
  return new LimitError('frame-too-large', `A packet has at most ${packetBytesMax} bytes, and one has ${sizeBytes}.`, {
    sizeBytes,
    bytesMax: packetBytesMax,
  });
}

function otherFraming(sent: string, expected: string): ProtocolError {
  return new ProtocolError(
    'bad-frame',
    `It sends ${sent}, and this bridge expects ${expected}. Set the other framing.`,
  );
}
