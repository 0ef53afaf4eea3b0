import { messageOf } from '../../../contract/errors.ts';
import { correlationOf } from '../../protocol/correlation.ts';
import { allKindsMask } from '../../protocol/enumerations.ts';
import { messageType, type Message } from '../../protocol/messages.ts';
import type { Asked } from './acknowledge.ts';
import type { PastSignals } from '../memory/history.ts';
import { readNewest } from '../memory/newest-past.ts';
import { errorNumber, type Refusal } from './refusal.ts';
import { ReplaySource } from './replay-source.ts';
import type { RequestContext } from './request-context.ts';
import type { RemoteSubscription, Session } from '../sessions/session.ts';
import { SharedFrame } from '../delivery/shared-frame.ts';

/** What memory has for certain, and what a journal still has to give before it. */
interface Past {
  readonly recent: PastSignals;
  readonly older: Promise<Older> | undefined;
}

interface Older {
  readonly pages: readonly PastSignals[];
  /** why there may be more before it */
  readonly lack: Refusal | undefined;
}

/** Sends a new subscription what it asked for of the past, oldest first, each frame with its time; all that comes later waits
 *  behind it. What memory may lack is read from a full journal, if there is one. An ERROR before it says that older signals
 *  may be missing; an ACK tells its end where the request has an id. */
export function sendPast(context: RequestContext, { session, request }: Asked, subscription: RemoteSubscription): void {
  const { history, window } = subscription.options;
  if (!history && !window) return;
  const isWanted = (): boolean =>
    session.phase === 'open' && session.subscriptions.get(subscription.id) === subscription;
  const { recent, older } = gatherPast(context, subscription, isWanted);
  const correlation = request.id === undefined ? {} : { correlationId: correlationOf(request.id) };
  session.line.goFirst((done) => {
    const end = (): void => {
      if (request.id !== undefined) tell(session, { type: messageType.ack, ...correlation });
      done();
    };
    const send = (found: Older): void => {
      const pages = [...found.pages, recent];
      const lack = found.lack ?? lackOf(context, subscription, pages);
      if (lack && isWanted()) {
        context.counters.refuse(lack.code);
        tell(session, { type: messageType.error, ...lack, ...correlation });
      }
      sendNext(pages.values(), end);
    };
    // What memory has goes at once, so that nobody waits for a past that is there.
    if (older) void older.then(send);
    else send({ pages: [], lack: undefined });
  });

  function sendNext(pages: Iterator<PastSignals>, end: () => void): void {
    const next = pages.next();
    if (next.done || !isWanted()) return end();
    const { outbox } = session;
    const onEnd = (): void => sendNext(pages, end);
    outbox.addFrom(new ReplaySource({ page: next.value, outbox, counters: context.counters, onEnd }));
  }
}

/** Takes what memory has before anything comes after it, and begins to read what it may lack. */
function gatherPast(context: RequestContext, subscription: RemoteSubscription, isWanted: () => boolean): Past {
  const { keeper, clock, limits } = context;
  const { recent } = context.exchange;
  const { pattern, mask } = subscription;
  const { history, window } = subscription.options;
  const kinds = mask & allKindsMask;
  const limit = Math.min(history || limits.pastMax, limits.pastMax);
  const query = { pattern, mask: kinds, limit, bytesMax: limits.pastBytesMax, pagesMax: limits.pastPagesMax };
  const from = window ? clock.nowMicros() - window * 1000 : 0;
  const journal = keeper.history;
  if (!journal) return { recent: recent.read({ ...query, after: from - 1 }), older: undefined };
  // Of the moment up to which memory may lack something, the journal has everything.
  const missing = recent.missingUpTo(kinds);
  const sure = recent.read({ ...query, after: Math.max(from - 1, missing) });
  const isEnough = from > missing || sure.ends.length >= limit || sure.bytes.length >= query.bytesMax;
  if (isEnough) return { recent: sure, older: undefined };
  const [limitLeft, bytesLeft] = [limit - sure.ends.length, query.bytesMax - sure.bytes.length];
  const rest = { ...query, limit: limitLeft, bytesMax: bytesLeft, from, to: missing, isWanted };
  const older = readNewest(journal, rest).then(
    ({ pages, isCut }): Older => ({ pages, lack: isCut ? cutJournal(context, subscription) : undefined }),
    (error: unknown): Older => ({ pages: [], lack: gapInJournal(subscription, messageOf(error)) }),
  );
  return { recent: sure, older };
}

/** What was found is sent all the same. */
function cutJournal({ limits }: RequestContext, { pattern }: RemoteSubscription): Refusal {
  const message =
    `For the past of ${pattern} the newest ${limits.pastPagesMax} pages of the journal were looked through, as many as for one ` +
    'request: older signals are missing. A pattern that more matches, or a REPLAY, finds them.';
  return { code: errorNumber.limitReached, message };
}

/** @returns why it may not be all that it asked for: it is as much as one subscription is given */
function lackOf(
  { limits: { pastMax, pastBytesMax } }: RequestContext,
  { pattern, options: { history } }: RemoteSubscription,
  pages: readonly PastSignals[],
): Refusal | undefined {
  const count = pages.reduce((sum, { ends }) => sum + ends.length, 0);
  const sizeBytes = pages.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (count >= (history || Infinity) || (count < pastMax && sizeBytes < pastBytesMax)) return undefined;
  const message =
    `Of the past of ${pattern} the newest ${count} messages are given, as many as to one subscription (${pastMax}, or ` +
    `${pastBytesMax} bytes): older signals may be missing. A REPLAY finds them, where they are kept.`;
  return { code: errorNumber.limitReached, message };
}

function gapInJournal({ pattern }: RemoteSubscription, reason: string): Refusal {
  const message = `The journal cannot be read, so older signals of ${pattern} are missing: ${reason}`;
  return { code: errorNumber.unavailable, message };
}

/** Past what waits. */
function tell(session: Session, message: Message): void {
  if (session.phase === 'open') session.outbox.add(new SharedFrame(message));
}
