import { AppError } from '../../../contract/errors.ts';
import { ByteReader } from '../../protocol/byte-reader.ts';
import { readMessage } from '../../protocol/decode-message.ts';
import { messageType } from '../../protocol/messages.ts';
import type { RouterCounters } from '../counters.ts';
import type { PastSignals } from '../memory/history.ts';
import type { FrameSource, Outbox } from '../delivery/outbox.ts';
import { SharedFrame } from '../delivery/shared-frame.ts';

/** frames, and bytes of them, that leave together */
const framesPerPull = 16;
const bytesPerPull = 64 * 1024;

export interface ReplaySourceOptions {
  readonly page: PastSignals;
  /** the one it is a source of */
  readonly outbox: Pick<Outbox, 'add'>;
  readonly counters: RouterCounters;
  /** all of it is on its way */
  readonly onEnd: () => void;
}

/** Frames of what happened, each with its time in the header, a few at a time as there is room. */
export class ReplaySource implements FrameSource {
  readonly #options: ReplaySourceOptions;
  readonly #reader = new ByteReader();
  #at = 0;

  constructor(options: ReplaySourceOptions) {
    this.#options = options;
  }

  next(): SharedFrame | undefined {
    const { page, outbox, onEnd } = this.#options;
    let count = 0;
    let sizeBytes = 0;
    while (this.#at < page.ends.length) {
      const frame = this.#frameAt(this.#at++);
      if (!frame) continue;
      sizeBytes += frame.size;
      if (++count === framesPerPull || sizeBytes >= bytesPerPull) return frame;
      outbox.add(frame);
    }
    onEnd();
    return undefined;
  }

  /** @returns undefined for what makes no sense */
  #frameAt(index: number): SharedFrame | undefined {
    const { bytes, ends, times } = this.#options.page;
    this.#reader.open(bytes, ends[index - 1] ?? 0, ends[index] ?? 0);
    try {
      const message = readMessage(this.#reader);
      if (message.type === messageType.set || message.type === messageType.publish)
        // What happened is not made up for by what happened later: of a replay nothing is left out.
        return new SharedFrame(message, { timestamp: BigInt(times[index] ?? 0), isWhole: true });
    } catch (error) {
      if (!(error instanceof AppError) && !(error instanceof RangeError)) throw error;
    }
    this.#options.counters.ignoredTotal++;
    return undefined;
  }
}

/** Resolves when a whole page is on its way. Never for a session that ends before it has taken all: then nothing is read any
 *  more. */
export function sendPage(
  options: Pick<ReplaySourceOptions, 'page' | 'counters'> & { readonly outbox: Pick<Outbox, 'add' | 'addFrom'> },
): Promise<void> {
  return new Promise((resolve) => options.outbox.addFrom(new ReplaySource({ ...options, onEnd: resolve })));
}
