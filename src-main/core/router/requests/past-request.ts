import { messageOf } from '../../../contract/errors.ts';
import { correlationOf } from '../../protocol/correlation.ts';
import { allKindsMask } from '../../protocol/enumerations.ts';
import { messageType, type Message } from '../../protocol/messages.ts';
import type { Asked } from './acknowledge.ts';
import type { PastSignals } from '../memory/history.ts';
import { readNewest, type NewestPast } from '../memory/newest-past.ts';
import { errorNumber } from './refusal.ts';
import { ReplaySource } from './replay-source.ts';
import type { RequestContext } from './request-context.ts';
import type { RemoteSubscription, Session } from '../sessions/session.ts';
import { SharedFrame } from '../delivery/shared-frame.ts';

/** What memory has for certain, and what a journal still has to give before it. */
interface Past {
  readonly recent: PastSignals;
  readonly older: Promise<NewestPast> | undefined;
}

/** Sends a new subscription what it asked for of the past, oldest first, each frame with its time; all that comes later waits
 *  behind it. What memory may lack is read from a full journal, if there is one. An ACK tells the end where the request has
 *  an id. */
export function sendPast(context: RequestContext, { session, request }: Asked, subscription: RemoteSubscription): void {
  const { history, window } = subscription.options;
  if (!history && !window) return;
  const isWanted = (): boolean =>
    session.phase === 'open' && session.subscriptions.get(subscription.id) === subscription;
  const past = gatherPast(context, subscription, isWanted);
  const older = past.older?.then(
    ({ pages, isCut }) => {
      if (isCut) tellOfCut(context, session);
      return pages;
    },
    (error: unknown) => tellOfGap(context, session, messageOf(error)),
  );
  session.line.goFirst((done) => {
    const end = (): void => {
      if (request.id !== undefined) tell(session, { type: messageType.ack, correlationId: correlationOf(request.id) });
      done();
    };
    const send = (pages: readonly PastSignals[]): void => sendNext(pages.values(), end);
    // What memory has goes at once, so that nobody waits for a past that is there.
    if (older) void older.then((pages) => send([...pages, past.recent]));
    else send([past.recent]);
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
function gatherPast(
  { exchange, keeper, clock, limits }: RequestContext,
  { pattern, mask, options: { history, window } }: RemoteSubscription,
  isWanted: () => boolean,
): Past {
  const { recent } = exchange;
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
  const rest = { ...query, limit: limit - sure.ends.length, from, to: missing, isWanted };
  return { recent: sure, older: isEnough ? undefined : readNewest(journal, rest) };
}

/** What was found is sent all the same. */
function tellOfCut({ counters, limits }: RequestContext, session: Session): void {
  counters.refuse(errorNumber.limitReached);
  const message =
    `The newest ${limits.pastPagesMax} pages of the journal were looked through, as many as for one request: older signals are ` +
    'missing. A pattern that more matches, or a REPLAY, finds them.';
  tell(session, { type: messageType.error, code: errorNumber.limitReached, message });
}

function tellOfGap({ counters }: RequestContext, session: Session, reason: string): readonly PastSignals[] {
  counters.refuse(errorNumber.unavailable);
  const message = `The journal cannot be read, so older signals are missing: ${reason}`;
  tell(session, { type: messageType.error, code: errorNumber.unavailable, message });
  return [];
}

/** Past what waits. */
function tell(session: Session, message: Message): void {
  if (session.phase === 'open') session.outbox.add(new SharedFrame(message));
}
