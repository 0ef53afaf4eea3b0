import { LimitError } from '../../../contract/errors.ts';
import { isLockDenied } from '../../protocol/lock-answers.ts';
import { messageType, type AckMessage, type ErrorMessage } from '../../protocol/messages.ts';
import type { SharedRoom } from '../../bounds/shared-room.ts';

export type Answer = AckMessage | ErrorMessage;

/** Requests of one client by their ids, over all its sessions, so that what comes again is done once. */
export interface AnsweredRequests {
  /** @param session its id, for a request that does something to that session alone: coming again in another one it is new
   *  @returns 'new' when it is to be done; else how it went, or 'pending' while that is not known
   *  @throws LimitError 'queue-full' when it is older than all that are remembered */
  begin(id: bigint, session?: string): Answer | 'pending' | 'new';
  /** @returns false when it was forgotten meanwhile */
  answer(id: bigint, answer: Answer): boolean;
  /** Those that were refused since the last call, the newest `refusedMax`. */
  takeRefused(): readonly (readonly [id: bigint, answer: Answer])[];
  /** The client is forgotten. */
  close(): void;
}

export interface AnsweredLimits {
  /** remembered for one client; then those that came first are forgotten */
  readonly answersMax: number;
  /** shared with the other clients */
  readonly room: SharedRoom;
}

const refusedMax = 1024;

export function createAnsweredRequests({ answersMax, room }: AnsweredLimits): AnsweredRequests {
  // In the order of coming, which is that of the ids but for links that turn frames around.
  const answers = new Map<bigint, Answer | 'pending'>();
  /** of those that belong to one session, its id */
  const sessions = new Map<bigint, string>();
  let refused: [bigint, Answer][] = [];
  let forgottenUpTo = -1n;
  room.enter();
  return {
    begin: (id, session) => {
      const known = answers.get(id);
      if (known !== undefined && sessions.get(id) === session) return known;
      if (session === undefined) sessions.delete(id);
      else sessions.set(id, session);
      if (known !== undefined) {
        answers.set(id, 'pending');
        return 'new';
      }
      if (id <= forgottenUpTo)
        throw new LimitError('queue-full', 'This request is older than all that are remembered.', { answersMax });
      answers.set(id, 'pending');
      room.take(1);
      // Two for one, so that whoever has more than its share comes down to it.
      for (let i = 0; i < 2 && (answers.size > answersMax || room.isTooMuch(answers.size)); i++) forgetOldest();
      return 'new';
    },
    answer: (id, answer) => {
      if (!answers.has(id)) return false;
      answers.set(id, answer);
      if (answer.type === messageType.error || isLockDenied(answer)) noteRefused(id, answer);
      return true;
    },
    takeRefused: () => {
      const taken = refused;
      refused = [];
      return taken;
    },
    close: () => {
      room.leave(answers.size);
      answers.clear();
      sessions.clear();
    },
  };

  function noteRefused(id: bigint, answer: Answer): void {
    refused.push([id, answer]);
    // Now and then, not with each.
    if (refused.length >= 2 * refusedMax) refused = refused.slice(-refusedMax);
  }

  function forgetOldest(): void {
    const [oldest] = answers.keys();
    if (oldest === undefined) return;
    answers.delete(oldest);
    sessions.delete(oldest);
    room.giveBack(1);
    if (oldest > forgottenUpTo) forgottenUpTo = oldest;
  }
}
