import type { Micros, Millis } from '../../contract/units.ts';
import { timelineEngineLimits, type TimelineEngineLimits } from '../timeline/timeline-room.ts';

/** Every bound of the router. What happens at each stands beside it. */
export interface RouterLimits {
  /** connections, greeted or not; the next one gets ERROR 503 and is closed */
  readonly sessionsMax: number;
  /** from the connection to its HELLO; then it is closed */
  readonly helloTimeoutMs: Millis;
  /** undecodable frames without a good one between them; then the session is closed */
  readonly badFramesInARowMax: number;
  /** one after the other, those who have much to do share so much of every turn; then the next turn begins */
  readonly turnMicros: Micros;
  /** small messages of one session in one turn that are handled as they come, whoever waits; the others wait in line */
  readonly atOncePerTurnMax: number;
  /** of one session, waiting in line; then it is closed, since its connection does not pause */
  readonly inboxBytesMax: number;
  /** of one session; the next one gets ERROR 429 */
  readonly subscriptionsPerSessionMax: number;
  /** of all sessions together; the next one gets ERROR 429 */
  readonly subscriptionsMax: number;
  /** `**` in one pattern; more get ERROR 202 */
  readonly deepWildcardsMax: number;
  /** addresses whose subscribers are remembered; then the memory starts afresh */
  readonly cachedTargetsMax: number;
  /** a new param beyond it gets ERROR 429; those that are there stay and can be set */
  readonly paramsMax: number;
  /** of all params as a SNAPSHOT carries them; a SET that would pass it gets ERROR 429 */
  readonly paramBytesMax: number;
  /** params, and their bytes, beyond these two for mappings and bridges alone: a client that floods the table must not
   *  keep a lamp from its value */
  readonly paramsReserved: number;
  readonly paramBytesReserved: number;
  /** by which the values that merges make in one BUNDLE may be larger than what came for them, together; then ERROR 429: a few
   *  bytes for a large map are work for all of it, each time */
  readonly mergedBytesMax: number;
  /** timelines; a new one beyond it gets ERROR 429, those that are there can be replaced */
  readonly timelinesMax: number;
  /** of all timelines as the wire carries them; one that would pass it gets ERROR 429 */
  readonly timelinesBytesMax: number;
  /** of what one client has put: timelines, their keyframes, their bytes; the same */
  readonly timelinesPerClientMax: number;
  readonly timelinePointsPerClientMax: number;
  readonly timelineBytesPerClientMax: number;
  /** of a core, in µs a second, what timelines of one client may take, and all together; who wants more gets fewer ticks,
   *  evenly, 1 a second at least. Starts and ends are never late */
  readonly timelineMicrosPerClient: number;
  readonly timelineMicrosMax: number;
  /** announced signals; those of sessions that left go first, then ANNOUNCE gets ERROR 429 */
  readonly announcedMax: number;
  readonly announcedBytesMax: number;
  /** of them with wildcards; the same */
  readonly announcedPatternsMax: number;
  /** collected for one peer before they are handed over within the turn */
  readonly batchBytesMax: number;
  /** waiting for a slow peer; older samples of a stream give way at once, older moves of a finger from an eighth on, older
   *  values of a param from a quarter on; at the bound all samples go, then all moves, and if that is not enough the session
   *  is closed */
  readonly outboxMessagesMax: number;
  readonly outboxBytesMax: number;
  /** addresses of one session to which maxRate, epsilon or the rate of gestures applies; beyond, the one sent longest ago
   *  is forgotten, and what it kept is sent */
  readonly thinnedMax: number;
  /** kept back for one session; beyond, sent at once */
  readonly thinnedBytesMax: number;
  /** of a value that epsilon looks at; larger ones always count as moved */
  readonly epsilonBytesMax: number;
  /** requests of one client whose answers are remembered, in case they come again */
  readonly answersMax: number;
  /** of all clients together; beyond, those with more than their share forget their oldest */
  readonly answersTotalMax: number;
  /** clients that may come back and be known; those that are away are forgotten first */
  readonly resumableMax: number;
  /** for so long after their session */
  readonly resumableMs: Millis;
  /** for so long after its last session, a client that counts what arrives is kept what must arrive; then it is told when it comes
   *  back that nobody knows what it missed */
  readonly awayMs: Millis;
  /** of all clients that are away; beyond, those that left longest ago are treated as if their time were over */
  readonly awaySubscriptionsMax: number;
  /** frames of one client of which it has not said that they arrived; beyond, the oldest go, and if it comes back without
   *  them it is told how many those were */
  readonly owedMax: number;
  readonly owedBytesMax: number;
  /** of all clients together; beyond, those with more than their share lose their oldest */
  readonly owedTotalBytesMax: number;
  /** BUNDLEs that wait for their time; the next one gets ERROR 429, of a client that has three times what is left already */
  readonly scheduledMax: number;
  /** of all their messages together; the same */
  readonly scheduledBytesMax: number;
  /** under way; the next one gets ERROR 429 */
  readonly replaysPerSessionMax: number;
  /** in one replay; who wants more asks again from a later time */
  readonly replaySignalsMax: number;
  /** signals remembered in memory for who asks for the past, half of them streams and gestures; then the oldest go. 0 keeps
   *  none */
  readonly recentMax: number;
  readonly recentBytesMax: number;
  /** of the past for one subscription, the newest; more is not given */
  readonly pastMax: number;
  readonly pastBytesMax: number;
  /** pages of the journal that are looked through for it, each of some hundred KiB at most; then ERROR 429 says how far that
   *  was */
  readonly pastPagesMax: number;
  /** params whose time is over, remembered for old clients that were told of them and had not subscribed; then the oldest go */
  readonly expiredMax: number;
  /** params looked at for one SNAPSHOT in one turn; the rest follows in the next */
  readonly scanPerTurnMax: number;
  /** SNAPSHOT chunks handed to one peer in one turn */
  readonly chunksPerTurnMax: number;
  /** in one SNAPSHOT, as old clients expect */
  readonly snapshotParamsMax: number;
  /** of params kept encoded for late joiners; past it they are encoded afresh as somebody joins */
  readonly snapshotKeptBytesMax: number;
  /** deliveries to participants in the process before the turn ends; the rest follows in the next */
  readonly localDeliveriesPerTurnMax: number;
  /** waiting for one participant in the process; further ones are dropped and counted */
  readonly localPendingMax: number;
  /** that one session tells others about connections between them, at once and each second; more get ERROR 429 */
  readonly signalsBurstMax: number;
  readonly signalsPerSecondMax: number;
  /** of one of them; larger ones get ERROR 402 */
  readonly signalBytesMax: number;
}

export const routerLimits: RouterLimits = {
  sessionsMax: 4096,
  helloTimeoutMs: 10_000 as Millis,
  badFramesInARowMax: 16,
  turnMicros: 500 as Micros,
  atOncePerTurnMax: 64,
  inboxBytesMax: 4 * 1024 * 1024,
  subscriptionsPerSessionMax: 1000,
  subscriptionsMax: 200_000,
  deepWildcardsMax: 8,
  cachedTargetsMax: 50_000,
  paramsMax: 100_000,
  paramBytesMax: 64 * 1024 * 1024,
  paramsReserved: 20_000,
  paramBytesReserved: 8 * 1024 * 1024,
  mergedBytesMax: 256 * 1024,
  timelinesMax: timelineEngineLimits.timelinesMax,
  timelinesBytesMax: timelineEngineLimits.bytesMax,
  timelinesPerClientMax: timelineEngineLimits.perClient.timelines,
  timelinePointsPerClientMax: timelineEngineLimits.perClient.points,
  timelineBytesPerClientMax: timelineEngineLimits.perClient.bytes,
  timelineMicrosPerClient: timelineEngineLimits.work.perOwnerMicros,
  timelineMicrosMax: timelineEngineLimits.work.allMicros,
  announcedMax: 50_000,
  announcedBytesMax: 16 * 1024 * 1024,
  announcedPatternsMax: 1000,
  batchBytesMax: 256 * 1024,
  outboxMessagesMax: 65_536,
  outboxBytesMax: 8 * 1024 * 1024,
  answersMax: 16_384,
  answersTotalMax: 131_072,
  resumableMax: 1000,
  resumableMs: 300_000 as Millis,
  awayMs: 120_000 as Millis,
  awaySubscriptionsMax: 20_000,
  owedMax: 16_384,
  owedBytesMax: 12 * 1024 * 1024,
  owedTotalBytesMax: 64 * 1024 * 1024,
  thinnedMax: 10_000,
  thinnedBytesMax: 1024 * 1024,
  epsilonBytesMax: 1024,
  scheduledMax: 10_000,
  scheduledBytesMax: 16 * 1024 * 1024,
  replaysPerSessionMax: 4,
  replaySignalsMax: 1_000_000,
  recentMax: 65_536,
  recentBytesMax: 8 * 1024 * 1024,
  pastMax: 10_000,
  pastBytesMax: 1024 * 1024,
  pastPagesMax: 64,
  expiredMax: 10_000,
  scanPerTurnMax: 4096,
  chunksPerTurnMax: 8,
  snapshotParamsMax: 800,
  snapshotKeptBytesMax: 16 * 1024 * 1024,
  localDeliveriesPerTurnMax: 10_000,
  localPendingMax: 65_536,
  signalsBurstMax: 256,
  signalsPerSecondMax: 32,
  signalBytesMax: 16 * 1024,
};

/** As the engine of timelines has them. */
export function timelineLimitsOf(limits: RouterLimits): TimelineEngineLimits {
  return {
    timelinesMax: limits.timelinesMax,
    bytesMax: limits.timelinesBytesMax,
    perClient: {
      timelines: limits.timelinesPerClientMax,
      points: limits.timelinePointsPerClientMax,
      bytes: limits.timelineBytesPerClientMax,
    },
    work: {
      perTurnMicros: limits.turnMicros,
      perOwnerMicros: limits.timelineMicrosPerClient,
      allMicros: limits.timelineMicrosMax,
    },
  };
}
