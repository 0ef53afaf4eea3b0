import { tryPattern, type Pattern } from '../../../contract/address.ts';
import { messageOf } from '../../../contract/errors.ts';
import { allKindsMask } from '../../protocol/enumerations.ts';
import { messageType, type ReplayMessage } from '../../protocol/messages.ts';
import type { Asked } from './acknowledge.ts';
import type { HistoryQuery, HistoryReader } from '../memory/history.ts';
import type { RouterLimits } from '../limits.ts';
import { isRefusal } from '../state/param-write.ts';
import { badPattern, errorNumber, type Refusal } from './refusal.ts';
import { sendPage } from './replay-source.ts';
import type { RequestContext } from './request-context.ts';
import { deepWildcards } from './subscribe-request.ts';

/** Sends what happened, oldest first, to the session that asks and to nobody else. It goes on beside the session's live
 *  traffic, as fast as the peer reads, and ends with the session. An ACK tells the end where the request has an id; its
 *  revision counts all that was found.
 *  @returns why not; then nothing is sent */
export function answerReplay(context: RequestContext, asked: Asked, message: ReplayMessage): Refusal | undefined {
  const { history } = context.keeper;
  const { session } = asked;
  const { replaysPerSessionMax } = context.limits;
  if (!history) {
    const words = 'This router keeps no full journal to replay; flyrail serve --journal full does.';
    return { code: errorNumber.unavailable, message: words };
  }
  const query = queryOf(message, context.limits);
  if (isRefusal(query)) return query;
  if (session.replays >= replaysPerSessionMax) {
    const text = `A session has at most ${replaysPerSessionMax} replays under way.`;
    return { code: errorNumber.limitReached, message: text, address: message.pattern };
  }
  session.replays++;
  void replay(context, asked, { pattern: query.pattern, reader: history.open(query) });
  return undefined;
}

function queryOf(
  { pattern: text, from, to, limit, types }: ReplayMessage,
  limits: RouterLimits,
): HistoryQuery | Refusal {
  const pattern = tryPattern(text);
  if (pattern === undefined || deepWildcards(pattern) > limits.deepWildcardsMax) return badPattern(text);
  if (from !== undefined && to !== undefined && from > to) {
    const message = `A replay goes from a time to a later one, not from ${from} to ${to}.`;
    return { code: errorNumber.invalidValue, message, address: text };
  }
  const { replaySignalsMax } = limits;
  if (limit !== undefined && (limit === 0 || limit > replaySignalsMax)) {
    const message = `The limit of a replay is from 1 to ${replaySignalsMax}, not ${limit}.`;
    return { code: errorNumber.invalidValue, message, address: text };
  }
  return {
    pattern,
    mask: types === 0 ? allKindsMask : types,
    from: Number(from ?? 0n),
    to: to === undefined ? Number.MAX_SAFE_INTEGER : Number(to),
    limit: limit ?? replaySignalsMax,
  };
}

interface Replay {
  readonly pattern: Pattern;
  readonly reader: HistoryReader;
}

async function replay(
  context: RequestContext,
  { session, request }: Asked,
  { pattern, reader }: Replay,
): Promise<void> {
  let count = 0;
  try {
    for (let page = await reader.next(); page && session.phase === 'open'; page = await reader.next()) {
      if (session.access?.mayAll('read', pattern) === false) {
        context.counters.refuse(errorNumber.outOfScope);
        const message = `The new token does not allow this replay; it allows ${session.access.words}.`;
        session.reply({ type: messageType.error, code: errorNumber.outOfScope, message, address: pattern }, request);
        return;
      }
      count += page.ends.length;
      await sendPage({ page, outbox: session.outbox, counters: context.counters });
    }
    if (session.phase === 'open' && request.id !== undefined) {
      session.reply({ type: messageType.ack, revision: BigInt(count) }, request);
    }
  } catch (error) {
    context.counters.refuse(errorNumber.unavailable);
    const message = `The journal cannot be read on: ${messageOf(error)}`;
    if (session.phase === 'open')
      session.reply({ type: messageType.error, code: errorNumber.unavailable, message }, request);
  } finally {
    session.replays--;
  }
}
