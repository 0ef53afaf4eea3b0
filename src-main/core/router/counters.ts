import type { MessageType } from '../protocol/messages.ts';
import type { ErrorNumber } from './requests/refusal.ts';

/** Why a copy did not reach a receiver. sample, move, value: it is a slow session, see `HeldFrames`. oversize: it takes only
 *  shorter frames. local: it is a participant in the process whose queue is full. away: it is a client that counts what
 *  arrives and was away too long. */
export type DropReason = 'sample' | 'move' | 'value' | 'oversize' | 'local' | 'away';

/** What the router counts since it began. */
export class RouterCounters {
  /** signals accepted, from sessions and from participants in the process, by the code of their kind */
  readonly messages = new Float64Array(5);
  /** copies of them for sessions, before any was thinned or dropped, in the same way */
  readonly copies = new Float64Array(5);
  /** frames of sessions that could be read, by the code of their message */
  readonly frames = new Float64Array(256);
  /** copies on their way to one receiver that were left out, by why */
  readonly dropped: Record<DropReason, number> = {
    sample: 0,
    move: 0,
    value: 0,
    oversize: 0,
    local: 0,
    away: 0,
  };
  /** copies that a session did not want: nearer to the last, or sooner after it, than it asked for */
  thinnedTotal = 0;
  /** params whose time was over */
  expiredTotal = 0;
  /** bundles that were too late for their policy, or could not be done when their time came */
  missedBundlesTotal = 0;
  /** requests that came again and were not done again */
  repeatedTotal = 0;
  /** messages that only a router sends, sent by a client, and those a BUNDLE cannot carry */
  ignoredTotal = 0;
  readonly #refused = new Map<ErrorNumber, number>();

  refuse(code: ErrorNumber): void {
    this.#refused.set(code, (this.#refused.get(code) ?? 0) + 1);
  }

  /** A frame with a message of this type. */
  read(type: MessageType): void {
    this.frames[type] = (this.frames[type] ?? 0) + 1;
  }

  drop(reason: DropReason, count: number): void {
    this.dropped[reason] += count;
  }

  get messagesTotal(): number {
    return this.messages.reduce((sum, count) => sum + count, 0);
  }

  get droppedTotal(): number {
    const { sample, move, value, oversize, local, away } = this.dropped;
    return sample + move + value + oversize + local + away;
  }

  /** by ERROR number */
  get refusedTotal(): Readonly<Record<number, number>> {
    return Object.fromEntries(this.#refused);
  }
}
