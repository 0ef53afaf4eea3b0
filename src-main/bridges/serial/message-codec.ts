import { Buffer } from 'node:buffer';
import type { SerialSettings } from '../../contract/bridges/serial.ts';
import { tryEscapedBytes, tryHexBytes } from '../../contract/serial-text.ts';
import { encodeFrame, frameFault, headOf, type Framing } from '../../core/framing/framing.ts';
import { checksumOf, checksumSize, writeChecksum } from './checksums.ts';

export interface SealedMessage {
  /** as the other end reads it, without what tells it from the next */
  readonly frame: Uint8Array;
  /** the same for the line */
  readonly stream: Uint8Array;
}

/** Puts messages into frames with their checksum, and takes them out. */
export class MessageCodec {
  /** of what comes in */
  readonly framing: Framing;
  readonly #sent: Framing;
  readonly #checksum: SerialSettings['checksum'];

  constructor(settings: SerialSettings) {
    this.framing = framingOf(settings, settings.delimiter);
    this.#sent = framingOf(settings, settings.sentDelimiter);
    this.#checksum = settings.checksum;
  }

  /** @returns the message as it is sent, or why it cannot be, as a clause */
  seal(message: Uint8Array): SealedMessage | string {
    const sum = this.#checksum?.on === 'in' ? null : this.#checksum;
    const mark = Buffer.from(sum?.where === 'end' ? sum.mark : '', 'latin1');
    const sumBytes = sum ? checksumSize(sum) + mark.length : 0;
    const head = headOf(this.#sent, message.length + sumBytes);
    const guard = sum ? writeChecksum(sum, checksumOf(sum.kind, covered(sum, head, message))) : new Uint8Array();
    const frame = Buffer.concat(sum?.where === 'start' ? [head, guard, message] : [head, message, mark, guard]);
    const fault = frameFault(this.#sent, frame);
    return fault ?? { frame, stream: encodeFrame(this.#sent, frame) };
  }

  /** @param headBytes how many bytes of the frame say where it ends
   *  @returns the message; undefined when its checksum is wrong */
  open(frame: Uint8Array, headBytes: number): Uint8Array | undefined {
    const sum = this.#checksum;
    const [head, body] = [frame.subarray(0, headBytes), frame.subarray(headBytes)];
    if (!sum || sum.on === 'out') return body;
    const size = checksumSize(sum);
    if (body.length < size) return undefined;
    if (sum.where === 'start') {
      const message = body.subarray(size);
      return isSame(sum, body.subarray(0, size), covered(sum, head, message)) ? message : undefined;
    }
    const mark = Buffer.from(sum.mark, 'latin1');
    const end = body.length - size - mark.length;
    if (end < 0 || !mark.equals(body.subarray(end, end + mark.length))) return undefined;
    const message = body.subarray(0, end);
    return isSame(sum, body.subarray(end + mark.length), covered(sum, head, message)) ? message : undefined;
  }
}

type Sum = NonNullable<SerialSettings['checksum']>;

/** What is summed. What stands before a sum at the end is, a length too; of a sum at the start only what comes behind it. */
function covered({ where, skipFirst, skipLast }: Sum, head: Uint8Array, message: Uint8Array): Uint8Array {
  const all = where === 'end' && head.length > 0 ? Buffer.concat([head, message]) : message;
  return all.subarray(skipFirst, Math.max(skipFirst, all.length - skipLast));
}

function isSame(sum: Sum, given: Uint8Array, bytes: Uint8Array): boolean {
  const right = writeChecksum(sum, checksumOf(sum.kind, bytes));
  if (sum.written !== 'hex') return Buffer.from(right).equals(given);
  return Buffer.from(given).toString('latin1').toUpperCase() === Buffer.from(right).toString('latin1');
}

function framingOf(settings: SerialSettings, delimiter: string): Framing {
  const { framing, size, lengthBytes, lengthOrder, lengthCountsItself, lengthLeavesOut } = settings;
  const start = tryHexBytes(settings.startBytes) ?? new Uint8Array();
  switch (framing) {
    case 'delimiter':
      return { by: 'delimiter', delimiter: tryEscapedBytes(delimiter) ?? new Uint8Array() };
    case 'fixed':
      return { by: 'fixed', sizeBytes: size, start };
    case 'length':
      return {
        ...{ by: 'length', start, lengthBytes, order: lengthOrder },
        ...{ countsItself: lengthCountsItself, leavesOutBytes: lengthLeavesOut },
      };
    case 'gap':
    case 'cobs':
    case 'slip':
      return { by: framing };
    default:
      return framing satisfies never;
  }
}
