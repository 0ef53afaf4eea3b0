import type { Address } from '../../contract/address.ts';
import { InputError, LimitError } from '../../contract/errors.ts';
import type { Micros } from '../../contract/units.ts';
import { encodedSize } from '../protocol/values.ts';
import { encodeTimeline, type TimelineRequest } from './timeline-carrier.ts';
import { TimelinePlayer } from './timeline-player.ts';
import { checkTimeline } from './timeline.ts';

export interface TimelineEngineLimits {
  /** a new timeline beyond it is refused; those that are there stay, and can be replaced */
  readonly timelinesMax: number;
  /** of all timelines as the wire carries them; one that would pass it is refused */
  readonly bytesMax: number;
}

export const timelineEngineLimits: TimelineEngineLimits = { timelinesMax: 1000, bytesMax: 16 * 1024 * 1024 };

export interface AddressedRequest {
  readonly address: Address;
  readonly request: TimelineRequest;
}

interface Playing {
  readonly player: TimelinePlayer;
  readonly bytes: number;
}

/** The timelines that are there before any of the requests is done. */
export interface TimelinesThere {
  readonly now: Micros;
  readonly limits: TimelineEngineLimits;
  readonly count: number;
  readonly bytes: number;
  readonly get: (address: Address) => Playing | undefined;
}

/** Does requests one after the other on copies, to see whether they can be done.
 *  @throws InputError 'bad-timeline' | 'unknown-id', LimitError 'too-many-timelines' of the first that cannot */
export function checkRequests(requests: readonly AddressedRequest[], there: TimelinesThere): void {
  const drafts = new Map<Address, Playing | undefined>();
  let { count, bytes } = there;
  for (const { address, request } of requests) {
    const before = drafts.has(address) ? drafts.get(address) : there.get(address);
    const after = draftOf(address, request, { before, now: there.now });
    count += (after ? 1 : 0) - (before ? 1 : 0);
    bytes += (after?.bytes ?? 0) - (before?.bytes ?? 0);
    if (request.kind === 'put') assertRoom({ count, bytes }, there.limits);
    drafts.set(address, after);
  }
}

/** @throws LimitError 'too-many-timelines' */
export function assertRoom(
  { count, bytes }: { readonly count: number; readonly bytes: number },
  { timelinesMax, bytesMax }: TimelineEngineLimits,
): void {
  if (count > timelinesMax) {
    const message = `There are ${timelinesMax} timelines already; remove one first.`;
    throw new LimitError('too-many-timelines', message, { timelinesMax });
  }
  if (bytes > bytesMax) {
    const message = `All timelines together have at most ${bytesMax} bytes; remove one first.`;
    throw new LimitError('too-many-timelines', message, { bytes, bytesMax });
  }
}

export function noTimelineAt(address: Address): InputError {
  return new InputError('unknown-id', `There is no timeline at ${address}.`, { address });
}

function draftOf(
  address: Address,
  request: TimelineRequest,
  { before, now }: { readonly before: Playing | undefined; readonly now: Micros },
): Playing | undefined {
  if (request.kind === 'put') {
    const { timeline, autoplay } = request;
    checkTimeline(timeline);
    return { player: new TimelinePlayer(timeline, now, autoplay), bytes: encodedSize(encodeTimeline(timeline)) };
  }
  if (!before) throw noTimelineAt(address);
  const { command } = request;
  if (command.command === 'remove') return undefined;
  const player = TimelinePlayer.from(before.player.timeline, before.player.status(now));
  player.apply(command, now);
  return { player, bytes: before.bytes };
}
