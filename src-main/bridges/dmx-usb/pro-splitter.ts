import { millis, millisToMicros, type Micros } from '../../contract/units.ts';
import { dataBytesMax, endOfMessage, headerBytes, startOfMessage, type ProMessage } from './pro-messages.ts';

/** A message whose rest does not come within this time is none. */
export const silentMax = millis(250);

interface ProSplitterOptions {
  /** its data is valid during the call only */
  readonly onMessage: (message: ProMessage) => void;
  /** bytes that belong to no message */
  readonly onSkipped: (bytes: number) => void;
}

/** Finds messages in what comes from a widget, again after noise and after bytes that were lost. What looks like the beginning
 *  of a message but does not end as one is passed over by one byte, so that a message inside it is found. */
export class ProSplitter {
  readonly #options: ProSplitterOptions;
  #bytes: Buffer = Buffer.alloc(0);
  #heardAt: Micros | undefined;

  constructor(options: ProSplitterOptions) {
    this.#options = options;
  }

  /** bytes that wait for the rest of a message; at most one message of them */
  get waitingBytes(): number {
    return this.#bytes.length;
  }

  read(chunk: Uint8Array, now: Micros): void {
    const isStale = this.#heardAt !== undefined && now - this.#heardAt > millisToMicros(silentMax);
    this.#heardAt = now;
    if (isStale && this.#bytes.length > 0) this.#giveUpBeginning();
    this.#bytes = this.#bytes.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#bytes, chunk]);
    this.#bytes = Buffer.from(this.#split(this.#bytes));
  }

  /** What waited in vain is no beginning, but there may be one in it. */
  #giveUpBeginning(): void {
    while (this.#bytes.length > 0) {
      this.#options.onSkipped(1);
      this.#bytes = this.#split(this.#bytes.subarray(1));
    }
  }

  /** @returns what waits for its rest */
  #split(bytes: Buffer): Buffer {
    let at = 0;
    for (;;) {
      const start = bytes.indexOf(startOfMessage, at);
      const skipped = (start === -1 ? bytes.length : start) - at;
      if (skipped > 0) this.#options.onSkipped(skipped);
      if (start === -1) return bytes.subarray(bytes.length);
      at = start;
      if (bytes.length - at < headerBytes) return bytes.subarray(at);
      const length = bytes.readUInt16LE(at + 2);
      const end = at + headerBytes + length;
      if (length <= dataBytesMax && end >= bytes.length) return bytes.subarray(at);
      if (length > dataBytesMax || bytes[end] !== endOfMessage) {
        this.#options.onSkipped(1);
        at++;
        continue;
      }
      this.#options.onMessage({ label: bytes[at + 1] ?? 0, data: bytes.subarray(at + headerBytes, end) });
      at = end + 1;
    }
  }
}
