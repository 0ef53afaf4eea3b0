import { channelMessage, realtimeBytes, type MidiMessage, type RealtimeType } from './midi-messages.ts';

/** Bytes of one system exclusive message; a longer one is left out and counted. */
export const sysexBytesMax = 65_536;

const realtimeTypes: ReadonlyMap<number, RealtimeType> = new Map(
  Object.entries(realtimeBytes).map(([type, byte]) => [byte, type as RealtimeType]),
);
/** data bytes behind F1 to F6; the others have none, or are not defined */
const commonSizes = new Map([
  [0xf1, 1],
  [0xf2, 2],
  [0xf3, 1],
  [0xf6, 0],
]);

/** Reads MIDI messages from bytes as they come: in pieces, with running status, with realtime bytes between any others. What
 *  cannot be is dropped and counted, and the next status byte is understood again.
 *  @see MIDI 1.0 Detailed Specification, pages 5 and */
export class MidiParser {
  readonly #onMessage: (message: MidiMessage) => void;
  /** the status whose data bytes are awaited; 0 for none */
  #status = 0;
  #data: number[] = [];
  #sysex: number[] | undefined;
  #dropped = 0;

  /** @param onMessage called within `feed` */
  constructor(onMessage: (message: MidiMessage) => void) {
    this.#onMessage = onMessage;
  }

  /** bytes without a status, and messages that were cut off, too long or not defined */
  get droppedTotal(): number {
    return this.#dropped;
  }

  /** @param bytes not kept */
  feed(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte >= 0xf8) this.#realtime(byte);
      else if (byte >= 0x80) this.#newStatus(byte);
      else this.#dataByte(byte);
    }
  }

  /** Forgets what is half there: its port went. */
  reset(): void {
    if (this.#sysex ?? this.#data.length > 0) this.#dropped++;
    this.#sysex = undefined;
    this.#status = 0;
    this.#data = [];
  }

  #realtime(byte: number): void {
    const type = realtimeTypes.get(byte);
    if (type) this.#onMessage({ type });
    else this.#dropped++;
  }

  #newStatus(byte: number): void {
    if (byte === 0xf7 && this.#sysex) return this.#endSysex(this.#sysex);
    this.reset();
    if (byte === 0xf0) {
      this.#sysex = [byte];
      return;
    }
    const size = byte < 0xf0 ? 2 : commonSizes.get(byte);
    if (size === undefined) this.#dropped++;
    else if (size === 0) this.#onMessage({ type: 'tune-request' });
    else this.#status = byte;
  }

  #dataByte(byte: number): void {
    if (this.#sysex) {
      // One byte over tells that it was too long.
      if (this.#sysex.length < sysexBytesMax) this.#sysex.push(byte);
      return;
    }
    if (this.#status === 0) {
      this.#dropped++;
      return;
    }
    this.#data.push(byte);
    if (this.#data.length < dataSize(this.#status)) return;
    const [first = 0, second = 0] = this.#data;
    this.#data = [];
    const status = this.#status;
    // System common ends running status.
    if (status >= 0xf0) this.#status = 0;
    this.#onMessage(status < 0xf0 ? channelMessage(status, first, second) : commonMessage(status, first, second));
  }

  #endSysex(bytes: readonly number[]): void {
    this.#sysex = undefined;
    if (bytes.length >= sysexBytesMax) this.#dropped++;
    else this.#onMessage({ type: 'sysex', bytes: Uint8Array.from([...bytes, 0xf7]) });
  }
}

function dataSize(status: number): number {
  if (status >= 0xf0) return commonSizes.get(status) ?? 0;
  return (status & 0xe0) === 0xc0 ? 1 : 2;
}

function commonMessage(status: number, first: number, second: number): MidiMessage {
  if (status === 0xf1) return { type: 'quarter-frame', data: first };
  if (status === 0xf2) return { type: 'song-position', sixteenths: first | (second << 7) };
  return { type: 'song-select', song: first };
}
