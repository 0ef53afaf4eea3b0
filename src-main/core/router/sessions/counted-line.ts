import { mustArrive } from '../../protocol/arrivals.ts';
import type { FrameSource } from '../delivery/outbox.ts';
import type { SharedFrame } from '../delivery/shared-frame.ts';
import type { WaitingLine } from '../delivery/waiting-line.ts';
import type { OwedFrames } from './owed-frames.ts';

/** Where everything goes that is on its way to a peer. */
export type SessionLine = Pick<WaitingLine, 'add' | 'addFrom' | 'goFirst' | 'close'>;

export interface CountedLineOptions {
  /** to the peer; when that has gone, nothing passes it */
  readonly line: SessionLine;
  readonly owed: OwedFrames;
  /** what is larger cannot be sent to this peer, and is not owed either */
  readonly bytesMax: number;
}

/** The line of a session whose client counts what arrives: what must arrive is also kept for the session after this one.
 *  Sessions of all others have a plain line, and pay nothing for this. */
export class CountedLine implements SessionLine {
  readonly #options: CountedLineOptions;

  constructor(options: CountedLineOptions) {
    this.#options = options;
  }

  add(frame: SharedFrame): void {
    const { line, owed, bytesMax } = this.#options;
    if (mustArrive(frame.slab, frame.start) && frame.size <= bytesMax) owed.add(frame);
    line.add(frame);
  }

  /** What comes of a source was asked for, and is asked for anew. */
  addFrom(source: FrameSource): void {
    this.#options.line.addFrom(source);
  }

  goFirst(task: (done: () => void) => void): void {
    this.#options.line.goFirst(task);
  }

  close(): void {
    this.#options.line.close();
  }
}
