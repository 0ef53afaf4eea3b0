import { AppError } from '../../contract/errors.ts';
import type { Micros } from '../../contract/units.ts';
import { amountOf } from './check-requests.ts';
import { TimelinePlayer } from './timeline-player.ts';
import type { TimelineReport } from './timeline-report.ts';
import type { TimelineAmount } from './timeline-room.ts';
import { checkTimeline } from './timeline.ts';

export interface Revived {
  readonly player: TimelinePlayer;
  readonly amount: TimelineAmount;
}

/** Makes the player of a timeline that an earlier run kept. What played plays on as if it had never stopped.
 *  @returns undefined for what makes no sense */
export function tryRevive({ timeline, status }: TimelineReport, now: Micros): Revived | undefined {
  if (!timeline) return undefined;
  try {
    checkTimeline(timeline);
    // The machine's clock may have been set back between the two runs: what played must not wait for it to catch up.
    const at = status.state === 'playing' && status.at > now ? now : status.at;
    return { player: TimelinePlayer.from(timeline, { ...status, at }), amount: amountOf(timeline) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return undefined;
  }
}
