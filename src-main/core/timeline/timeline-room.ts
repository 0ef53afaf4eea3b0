import { LimitError } from '../../contract/errors.ts';
import type { TimelineWork } from './tick-pace.ts';

/** How much there is of timelines. */
export interface TimelineAmount {
  readonly timelines: number;
  /** keyframes of all of them */
  readonly points: number;
  /** as the wire carries them */
  readonly bytes: number;
}

/** What one client has put and what of it is still there. */
export interface TimelineShare {
  amount: TimelineAmount;
}

export interface TimelineEngineLimits {
  /** a new timeline beyond it is refused; those that are there stay, and can be replaced */
  readonly timelinesMax: number;
  /** of all timelines as the wire carries them; one that would pass it is refused */
  readonly bytesMax: number;
  /** of what one client has put; what would pass any of the three is refused */
  readonly perClient: TimelineAmount;
  readonly work: TimelineWork;
}

export const timelineEngineLimits: TimelineEngineLimits = {
  timelinesMax: 1000,
  bytesMax: 16 * 1024 * 1024,
  perClient: { timelines: 250, points: 100_000, bytes: 8 * 1024 * 1024 },
  work: { perTurnMicros: 500, perOwnerMicros: 200_000, allMicros: 400_000 },
};

export const nothing: TimelineAmount = { timelines: 0, points: 0, bytes: 0 };

export function plus(one: TimelineAmount, other: TimelineAmount, sign: 1 | -1 = 1): TimelineAmount {
  return {
    timelines: one.timelines + sign * other.timelines,
    points: one.points + sign * other.points,
    bytes: one.bytes + sign * other.bytes,
  };
}

/** Whether so much can be there together. */
export function hasRoom({ timelines, bytes }: TimelineAmount, limits: TimelineEngineLimits): boolean {
  return timelines <= limits.timelinesMax && bytes <= limits.bytesMax;
}

/** @throws LimitError 'too-many-timelines' */
export function assertRoom(
  { timelines, bytes }: TimelineAmount,
  { timelinesMax, bytesMax }: TimelineEngineLimits,
): void {
  if (timelines > timelinesMax) {
    const message = `There are ${timelinesMax} timelines already; remove one first.`;
    throw new LimitError('too-many-timelines', message, { timelinesMax });
  }
  if (bytes > bytesMax) {
    const message = `All timelines together have at most ${bytesMax} bytes; remove one first.`;
    throw new LimitError('too-many-timelines', message, { bytes, bytesMax });
  }
}

/** @throws LimitError 'too-many-timelines' */
export function assertShare(share: TimelineAmount, { perClient }: TimelineEngineLimits): void {
  const words = { timelines: 'timelines', points: 'keyframes in its timelines', bytes: 'bytes of timelines' } as const;
  for (const what of ['timelines', 'points', 'bytes'] as const) {
    if (share[what] <= perClient[what]) continue;
    const message = `One client has at most ${perClient[what]} ${words[what]}; remove one of yours first.`;
    throw new LimitError('too-many-timelines', message, { [`${what}Max`]: perClient[what] });
  }
}
