import { LimitError, ProtocolError } from '../../contract/errors.ts';
import type { OscSettings } from '../../contract/bridges/osc.ts';
import { GrowingBytes } from '../../core/framing/growing-bytes.ts';
import { encodeSlip, SlipDecoder, slipEnd } from '../../core/framing/slip.ts';

/** One packet in a TCP stream. What claims to be longer ends the connection. */
export const packetBytesMax = 1024 * 1024;

type Framing = OscSettings['framing'];

/** Finds packets in a stream, however it is cut. */
export interface PacketSplitter {
  /** @throws LimitError 'frame-too-large' | ProtocolError 'bad-frame': nothing that follows can be read */
  read(chunk: Uint8Array): void;
}

/** @returns the packet as it goes into a stream. SLIP has its mark on both ends [OSC 1.1, RFC 1055] */
export function framePacket(framing: Framing, packet: Uint8Array): Uint8Array {
  if (framing === 'slip') return encodeSlip(packet);
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
  if (framing === 'length') return new LengthSplitter(onPacket);
  return new SlipDecoder(packetBytesMax, {
    onFrame: onPacket,
    onMalformed,
    onTooLong: (byte, sizeBytes) => {
      throw tooLarge(byte, sizeBytes);
    },
    onFirst: (byte) => {
      // A packet begins with / or #. A zero is the first byte of a length.
      if (byte === 0) throw otherFraming('lengths', 'SLIP');
    },
  });
}

class LengthSplitter implements PacketSplitter {
  readonly #onPacket: (packet: Uint8Array) => void;
  readonly #kept = new GrowingBytes();

  constructor(onPacket: (packet: Uint8Array) => void) {
    this.#onPacket = onPacket;
  }

  read(chunk: Uint8Array): void {
    if (this.#kept.size === 0) return this.#kept.append(chunk.subarray(this.#cut(chunk)));
    this.#kept.append(chunk);
    this.#kept.drop(this.#cut(this.#kept.view));
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
}

function tooLarge(firstByte: number, sizeBytes: number): LimitError | ProtocolError {
  // Read as a length, the mark of SLIP and the first letter of a packet are gigabytes and hundreds of megabytes.
  if (firstByte === slipEnd || firstByte === 0x2f || firstByte === 0x23) return otherFraming('SLIP', 'lengths');
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
