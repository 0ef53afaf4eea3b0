import type { AppError } from '../../contract/errors.ts';
import type { Micros } from '../../contract/units.ts';
import type { AckMessage, ErrorMessage, Message, ResultMessage, SnapshotParam } from '../protocol/messages.ts';

/** What becomes of a frame that cannot leave at once.
 *  always: it waits. newest: it waits, and a newer one for its address takes its place. session: it waits while the session
 *  lasts. never: it is left out. */
export type Waits = 'always' | 'newest' | 'session' | 'never';

/** One frame on its way to the router. */
export type Outgoing = PlainFrame | Request;

interface Frame {
  /** tells the order of the calls; stands in the header when an answer is wanted */
  readonly id: bigint;
  readonly message: Message;
  /** whole frame, on bytes of its own */
  readonly bytes: Uint8Array;
}

/** Nobody waits for an answer. */
export interface PlainFrame extends Frame {
  readonly isRequest: false;
  readonly waits: Waits;
}

/** Somebody waits for an answer; it waits as long as they do. */
export interface Request extends Frame {
  readonly isRequest: true;
  readonly waits: 'always';
  readonly madeAt: Micros;
  /** done once and in order */
  readonly isCommit: boolean;
  /** on the connection that is there now */
  isSent: boolean;
  /** on any connection */
  wasSent: boolean;
  /** Takes an answer that was meant for it.
   *  @returns whether that was all */
  readonly take: (answer: Answer) => boolean;
  /** Never answered, and why. */
  readonly fail: (error: AppError) => void;
}

export type Answer =
  | AckMessage
  | ErrorMessage
  | SnapshotParam
  | ResultMessage
  /** the router answers nothing of this kind: it was sent, and that is all there is to know */
  | 'sent';
