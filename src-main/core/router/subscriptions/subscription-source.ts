import { codeOfKind } from '../../protocol/enumerations.ts';
import { messageType } from '../../protocol/messages.ts';
import { headerOf, type Asked } from '../requests/acknowledge.ts';
import type { FrameSource } from '../delivery/outbox.ts';
import type { RequestContext } from '../requests/request-context.ts';
import type { RemoteSubscription } from '../sessions/session.ts';
import { createSnapshotSource } from '../state/snapshot-source.ts';
import { timelineReportBit } from './subscription.ts';
import { createTimelineSource } from '../state/timeline-source.ts';

/** What a new subscription gets, one behind the other: what is gone since the session was given all there was, what is there
 *  already of the kinds it wants, and, where its SUBSCRIBE had an id, an ACK that
 *  says in its revision how many params and timelines that were. Where frames get lost, the client knows by it whether it has
 *  them all; old clients know no ACK of SUBSCRIBE. */
export function createSubscriptionSources(
  context: RequestContext,
  { session, request }: Asked,
  { pattern, mask }: RemoteSubscription,
): readonly FrameSource[] {
  const { exchange, timelines, limits } = context;
  const header = headerOf(request);
  let count = 0;
  const onGiven = (given: number): void => void (count += given);
  const snapshot = createSnapshotSource({
    table: exchange.table,
    pattern,
    evenIfEmpty: false,
    frameBytesMax: session.connection.maxBytes,
    limits,
    header,
    onGiven,
  });
  const wantsParams = (mask & (1 << codeOfKind('param'))) !== 0;
  const wantsTimelines = timelines.size > 0 && (mask & timelineReportBit) !== 0;
  const acknowledgement: FrameSource = {
    next: () => {
      session.reply({ type: messageType.ack, revision: BigInt(count) }, request);
      return undefined;
    },
  };
  const after = session.expiredBefore;
  const frameBytesMax = session.connection.maxBytes;
  return [
    ...(wantsParams && after !== undefined
      ? [exchange.expired.source({ after, pattern, table: exchange.table, frameBytesMax, limits })]
      : []),
    ...(wantsParams ? [snapshot] : []),
    ...(wantsTimelines ? [createTimelineSource(timelines, pattern, { header, onGiven })] : []),
    ...(request.id === undefined ? [] : [acknowledgement]),
  ];
}
