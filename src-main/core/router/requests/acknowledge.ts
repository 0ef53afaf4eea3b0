import type { FrameOptions } from '../../protocol/frame.ts';
import type { AckMessage } from '../../protocol/messages.ts';
import { messageType } from '../../protocol/messages.ts';
import { correlationOf } from '../../protocol/correlation.ts';
import type { Origin } from '../delivery/delivery.ts';
import type { DoneCommit } from '../keeper.ts';
import { errorNumber } from './refusal.ts';
import type { Request } from './request.ts';
import type { RequestContext } from './request-context.ts';
import type { Session } from '../sessions/session.ts';

/** Who asks, and how. */
export interface Asked {
  readonly session: Session;
  readonly request: Request;
}

/** Who stands at what a request sends. */
export function originOf({ session, request }: Asked): Origin {
  return request.qos === 'commit' ? { ...session.origin, isCommit: true } : session.origin;
}

/** Tells that a request was done: at once, under 'commit' when it is on disk as well. */
export function acknowledge(context: RequestContext, asked: Asked, ack: AckMessage): void {
  const { keeper, counters } = context;
  const { session, request } = asked;
  if (request.qos !== 'commit') return session.reply(ack, request);
  keeper.whenKept(
    (failure) => {
      if (failure === undefined) return session.reply(ack, request);
      counters.refuse(errorNumber.unavailable);
      const message = `It was done, but could not be kept: ${failure}`;
      const { address } = ack;
      session.reply(
        { type: messageType.error, code: errorNumber.unavailable, message, ...(address !== undefined && { address }) },
        request,
      );
    },
    doneBy(asked, ack),
  );
}

/** @returns undefined where nobody could know it again */
function doneBy({ session, request: { id } }: Asked, ack: AckMessage): DoneCommit | undefined {
  const { client, secret, connection } = session;
  if (id === undefined || !client || secret === undefined) return undefined;
  return {
    secret,
    id,
    answer: { ...ack, correlationId: correlationOf(id) },
    isInOrder: connection.reliable,
    takeRefused: () => client.answered.takeRefused(),
  };
}

/** Gives the id of a request back with an answer that has no place for it. */
export function headerOf({ id }: Request): FrameOptions | undefined {
  return id === undefined ? undefined : { timestamp: id };
}
