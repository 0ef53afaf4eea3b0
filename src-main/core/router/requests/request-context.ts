import type { LatePolicy } from '../../clock/late-policy.ts';
import type { LookedClock } from '../../clock/looked-clock.ts';
import type { AnnouncedSignals } from '../state/announced-signals.ts';
import type { RouterCounters } from '../counters.ts';
import type { Exchange } from '../exchange.ts';
import type { Keeper } from '../keeper.ts';
import type { AwayClients } from '../sessions/away-clients.ts';
import type { PeerSignals } from '../sessions/peer-signals.ts';
import type { RouterLimits } from '../limits.ts';
import type { ScheduledBundles } from './scheduled-bundles.ts';
import type { TimelineStage } from '../state/timeline-stage.ts';

/** What answering a session needs of the router. */
export interface RequestContext {
  readonly clock: LookedClock;
  readonly limits: RouterLimits;
  readonly counters: RouterCounters;
  readonly exchange: Exchange;
  readonly timelines: TimelineStage;
  readonly scheduled: ScheduledBundles;
  readonly latePolicy: LatePolicy;
  readonly announced: AnnouncedSignals;
  readonly keeper: Keeper;
  readonly away: Pick<AwayClients, 'acknowledge'>;
  readonly signals: Pick<PeerSignals, 'allows' | 'pass'>;
}
