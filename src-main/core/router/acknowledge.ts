import type { FrameOptions } from '../protocol/frame.ts';
import type { AckMessage } from '../protocol/messages.ts';
import { messageType } from '../protocol/messages.ts';
import type { Origin } from './delivery.ts';
import { errorNumber } from './refusal.ts';
import type { Request } from './request.ts';
import type { RequestContext } from './request-context.ts';
import type { Session } from './session.ts';

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
export function acknowledge({ keeper, counters }: RequestContext, { session, request }: Asked, ack: AckMessage): void {
  if (request.qos !== 'commit') return session.reply(ack, request);
  keeper.whenKept((failure) => {
    if (failure === undefined) return session.reply(ack, request);
    counters.refuse(errorNumber.unavailable);
    const message = `It was done, but could not be kept: ${failure}`;
    const { address } = ack;
    session.reply(
      { type: messageType.error, code: errorNumber.unavailable, message, ...(address !== undefined && { address }) },
      request,
    );
  });
}

/** Gives the id of a request back with an answer that has no place for it. */
export function headerOf({ id }: Request): FrameOptions | undefined {
  return id === undefined ? undefined : { timestamp: id };
}
