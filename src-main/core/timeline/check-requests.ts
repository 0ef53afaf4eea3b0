import type { Address } from '../../contract/address.ts';
import { InputError } from '../../contract/errors.ts';
import type { Micros } from '../../contract/units.ts';
import { encodedSize } from '../protocol/values.ts';
import { encodeTimeline, type TimelineRequest } from './timeline-carrier.ts';
import { TimelinePlayer } from './timeline-player.ts';
import {
  assertRoom,
  assertShare,
  nothing,
  plus,
  type TimelineAmount,
  type TimelineEngineLimits,
  type TimelineShare,
} from './timeline-room.ts';
import { checkTimeline, type Timeline } from './timeline.ts';

export interface AddressedRequest {
  readonly address: Address;
  readonly request: TimelineRequest;
}

/** A timeline that is there, and whose share it counts to. */
export interface Playing {
  readonly player: TimelinePlayer;
  readonly amount: TimelineAmount;
  readonly share: TimelineShare | undefined;
}

/** The timelines that are there before any of the requests is done. */
export interface TimelinesThere {
  readonly now: Micros;
  readonly limits: TimelineEngineLimits;
  readonly amount: TimelineAmount;
  readonly get: (address: Address) => Playing | undefined;
}

/** Does requests one after the other on copies, to see whether they can be done.
 *  @param share of who asks; no bounds of its own without it
 *  @throws InputError 'bad-timeline' | 'unknown-id', LimitError 'too-many-timelines' of the first that cannot */
export function checkRequests(
  requests: readonly AddressedRequest[],
  there: TimelinesThere,
  share: TimelineShare | undefined,
): void {
  const drafts = new Map<Address, Playing | undefined>();
  let all = there.amount;
  let own = share?.amount ?? nothing;
  for (const { address, request } of requests) {
    const before = drafts.has(address) ? drafts.get(address) : there.get(address);
    const after = draftOf(address, request, { before, now: there.now, share });
    all = plus(plus(all, after?.amount ?? nothing), before?.amount ?? nothing, -1);
    if (share && before?.share === share) own = plus(own, before.amount, -1);
    if (share && after?.share === share) own = plus(own, after.amount);
    if (request.kind === 'put') {
      assertRoom(all, there.limits);
      assertShare(own, there.limits);
    }
    drafts.set(address, after);
  }
}

export function amountOf(timeline: Timeline): TimelineAmount {
  return { timelines: 1, points: timeline.keyframes.length, bytes: encodedSize(encodeTimeline(timeline)) };
}

export function noTimelineAt(address: Address): InputError {
  return new InputError('unknown-id', `There is no timeline at ${address}.`, { address });
}

interface Before {
  readonly before: Playing | undefined;
  readonly now: Micros;
  readonly share: TimelineShare | undefined;
}

function draftOf(address: Address, request: TimelineRequest, { before, now, share }: Before): Playing | undefined {
  if (request.kind === 'put') {
    const { timeline, autoplay } = request;
    checkTimeline(timeline);
    return { player: new TimelinePlayer(timeline, now, autoplay), amount: amountOf(timeline), share };
  }
  if (!before) throw noTimelineAt(address);
  const { command } = request;
  if (command.command === 'remove') return undefined;
  const player = TimelinePlayer.from(before.player.timeline, before.player.status(now));
  player.apply(command, now);
  return { ...before, player };
}
