import { parsePattern, type Pattern } from '../../contract/address.ts';
import { InputError, LimitError } from '../../contract/errors.ts';
import type { SignalKind } from '../../contract/signal.ts';
import { micros, type Micros } from '../../contract/units.ts';
import { maskOf } from '../protocol/enumerations.ts';
import { messageType } from '../protocol/messages.ts';
import type { PastPages } from './past-pages.ts';
import type { Received } from './received.ts';

/** What is wanted of what happened. */
export interface ReplayRequest {
  /** by the router's clock, included; from the beginning without it */
  readonly from?: Micros;
  /** by the router's clock, included; up to the last without it */
  readonly to?: Micros;
  /** at most as many, 1 or more; all without it */
  readonly limit?: number;
  /** none, or left out: all kinds */
  readonly types?: readonly SignalKind[];
}

/** what our router gives for one REPLAY */
const countMax = 1_000_000;

/** Where the next page begins. */
interface Place {
  readonly from: Micros;
  /** of this time, given already */
  readonly skip: number;
}

/** What happened, oldest first, each once: a page is asked for when the one before is used up, from the time of its last
 *  signal on, and those of that time that were given already are passed over. Who stops asks for no more.
 *  @throws InputError 'bad-pattern' | 'bad-arguments'; LimitError 'too-many-items' for a million signals of one microsecond; as
 *    `PastPages.ask` */
export async function* replay(
  pages: Pick<PastPages, 'ask' | 'pageMax'>,
  pattern: Pattern,
  request: ReplayRequest = {},
): AsyncGenerator<Received, undefined> {
  parsePattern(pattern);
  assertRequest(request);
  const { to, types = [] } = request;
  let left = request.limit ?? Infinity;
  let place: Place = { from: request.from ?? micros(0), skip: 0 };
  for (let isFull = true; isFull && left > 0;) {
    const limit = place.skip + Math.min(left, pages.pageMax);
    if (limit > countMax) throw tooManyAtOnce(place);
    const page = await pages.ask({
      type: messageType.replay,
      pattern,
      types: maskOf(types),
      from: BigInt(place.from),
      ...(to !== undefined && { to: BigInt(to) }),
      limit,
    });
    for (const received of page.signals.slice(place.skip)) {
      left--;
      yield received;
    }
    place = placeAfter(page.signals, place);
    ({ isFull } = page);
  }
  return undefined;
}

function placeAfter(signals: readonly Received[], before: Place): Place {
  const from = signals.at(-1)?.pastAt;
  if (from === undefined) return before;
  return { from, skip: signals.filter(({ pastAt }) => pastAt === from).length };
}

function assertRequest({ from, to, limit }: ReplayRequest): void {
  for (const time of [from, to]) {
    if (time !== undefined && !(Number.isSafeInteger(time) && time >= 0))
      throw new InputError('bad-arguments', `A replay goes from and to whole microseconds from 0 on, not ${time}.`);
  }
  if (from !== undefined && to !== undefined && from > to)
    throw new InputError('bad-arguments', `A replay goes from a time to a later one, not from ${from} to ${to}.`);
  if (limit !== undefined && !(Number.isSafeInteger(limit) && limit >= 1))
    throw new InputError('bad-arguments', `The limit of a replay is a whole number from 1 on, not ${limit}.`);
}

function tooManyAtOnce({ from, skip }: Place): LimitError {
  return new LimitError(
    'too-many-items',
    `More than ${skip} signals have the time ${from}, and no more can be asked for.`,
    {
      countMax,
    },
  );
}
