import type { SignalKind, Value } from './signal.ts';
import type { Micros, Millis } from './units.ts';

// What the live events of `engine-api.ts` carry: the newest of what moves, of which batches may be superseded.

export interface LiveBatch {
  readonly at: Millis;
  readonly mappings: readonly LiveMapping[];
}

export interface LiveMapping {
  readonly mappingId: string;
  /** the newest value that came in, and what left; null when nothing left */
  readonly source: Value;
  readonly target: Value | null;
  /** why the router did not take what left, as `locked by Phone`; null when it did */
  readonly refused: string | null;
  /** the addresses they were last seen at (a pattern has many) */
  readonly sourceAddress: string;
  readonly targetAddress: string | null;
  readonly kind: SignalKind;
  readonly at: Millis;
  /** signals since the last batch */
  readonly count: number;
  /** from arrival in the router to handing the target on */
  readonly latencyMicros: Micros;
}

/** in: came from outside. out: went to a bridge. own: made by Flyrail. */
export type MonitorDirection = 'in' | 'out' | 'own';

export interface MonitorEntry {
  /** counts up; a gap is what this view missed */
  readonly sequence: number;
  readonly at: Micros;
  readonly direction: MonitorDirection;
  /** session, bridge or `flyrail` */
  readonly device: string;
  readonly kind: SignalKind;
  readonly address: string;
  readonly value: Value;
  /** of a stream that came as a batch, whose last sample is the value */
  readonly batch?: SampleBatch;
  /** why it happened, in words: `set 3, 0.31 ms later` */
  readonly because: string;
  readonly trouble: boolean;
}

export interface SampleBatch {
  readonly count: number;
  /** samples per second; null where the sender did not say */
  readonly rate: number | null;
  readonly lowest: number;
  readonly highest: number;
}

export interface MonitorBatch {
  readonly entries: readonly MonitorEntry[];
  /** matching signals that were too many to show since the last batch; they were delivered all the same */
  readonly skipped: number;
}

export interface LearnBatch {
  /** the likeliest to have been touched first */
  readonly candidates: readonly LearnCandidate[];
  /** how many addresses were heard since learn began, up to 20,000; the candidates are the likeliest of them */
  readonly among: number;
}

export interface LearnCandidate {
  readonly address: string;
  readonly value: Value;
  readonly kind: SignalKind;
  readonly count: number;
  readonly firstAt: Millis;
  readonly lastAt: Millis;
  /** how far a number travelled since learn began, 0 for others */
  readonly travel: number;
}

export interface EngineStats {
  readonly at: Millis;
  readonly messagesPerSecond: number;
  /** since start: what a full outbox shed */
  readonly dropped: number;
  /** since start: frames and commands refused with an error */
  readonly refused: number;
  readonly sessions: number;
  readonly params: number;
  /** of mappings over the last 10 s; null without traffic */
  readonly routeP99Micros: Micros | null;
  readonly uptimeSeconds: number;
}
