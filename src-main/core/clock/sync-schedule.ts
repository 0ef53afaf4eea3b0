import { micros, millisToMicros, type Micros, type Millis } from '../../contract/units.ts';

/** What has been asked since the connection, or since a clock stepped: after a step begin at 0 again. */
export interface SyncHistory {
  /** SYNCs sent, answered or not */
  readonly sent: number;
  /** when the last one was sent */
  readonly lastAt: Micros;
  /** of the estimate, 0..1; undefined while there is none */
  readonly quality: number | undefined;
}

export interface SyncPace {
  /** so many at once, to begin with … */
  readonly burst: number;
  /** … this far apart; from then on each gap is longer … */
  readonly burstGap: Millis;
  /** … by this factor … */
  readonly growth: number;
  /** … up to this one, which lasts */
  readonly steadyGap: Millis;
  /** instead of it below `qualityMin` */
  readonly poorGap: Millis;
  readonly qualityMin: number;
  /** instead of both while nothing has been answered */
  readonly unansweredGap: Millis;
}

/** Eight samples in two seconds give the offset, the growing gaps after them the drift; 30 s as reference clients advise
 *  [CLASP-WIRE §10]. Gaps that double are too bold: of 1000 simulated clients on a LAN two were 2 ms off after half a minute,
 *  because one sample had been held up; growing by half none was 0.7 ms off. 35 to 70 SYNCs in the first ten minutes. */
export const syncPace: SyncPace = {
  burst: 8,
  burstGap: 250 as Millis,
  growth: 1.5,
  steadyGap: 30_000 as Millis,
  poorGap: 10_000 as Millis,
  qualityMin: 0.5,
  unansweredGap: 2000 as Millis,
};

/** When the next SYNC is due by the local clock; before the first one, at once.
 *  @param history `lastAt` of nothing sent is the present */
export function nextSyncAt(history: SyncHistory, pace: SyncPace = syncPace): Micros {
  if (history.sent === 0) return history.lastAt;
  return micros(history.lastAt + millisToMicros(gapAfter(history, pace)));
}

function gapAfter({ sent, quality }: SyncHistory, pace: SyncPace): Millis {
  if (sent < pace.burst) return pace.burstGap;
  const grown = pace.burstGap * pace.growth ** (sent - pace.burst + 1);
  return Math.min(grown, longestGap(quality, pace)) as Millis;
}

function longestGap(quality: number | undefined, pace: SyncPace): Millis {
  if (quality === undefined) return pace.unansweredGap;
  return quality < pace.qualityMin ? pace.poorGap : pace.steadyGap;
}
