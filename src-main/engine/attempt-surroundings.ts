import type { Address, Pattern } from '../contract/address.ts';
import type { Cancel } from '../contract/message-link.ts';
import type { Bridge as BridgeSettings } from '../contract/show.ts';
import type { Signal } from '../contract/signal.ts';
import type { Micros } from '../contract/units.ts';
import type { Bridge } from '../ports/bridge.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { HeldSignals } from './held-signals.ts';
import type { SentRates } from './sent-rates.ts';
import type { SentMemory } from './sent-values.ts';
import type { FoundStanding } from './standing-order.ts';

/** What a bridge needs of the router; it does not hear what it published itself. */
export interface BridgeSession {
  publish(signals: readonly Signal[]): void;
  schedule(signals: readonly Signal[], at: Micros): 'waits' | 'done' | 'late' | 'full';
  subscribe(pattern: Pattern, run: (deliveries: readonly { readonly signal: Signal }[]) => void): Cancel;
  close(): void;
}

export interface AttemptSurroundings {
  readonly clock: Clock;
  readonly log: Log;
  /** makes a bridge of this kind, not yet started; its library is loaded here */
  readonly load: (settings: BridgeSettings) => Promise<Bridge>;
  readonly connect: (settings: BridgeSettings) => BridgeSession;
  /** the params, and the levels of streams, that a pattern covers as they stand now, for a bridge that has just come up;
   *  without those it sent last itself, since its device has them from nobody else */
  readonly standing?: (pattern: Pattern, settings: BridgeSettings) => FoundStanding;
  /** the params that a pattern covers now; none without */
  readonly params?: (pattern: Pattern) => readonly Address[];
  readonly held: HeldSignals;
  readonly sent: SentMemory;
  /** of all bridges and gateways */
  readonly sentRates: SentRates;
  /** runs at most once for each, and neither after its end; `onFault` at any time, `onUp` before it or not at all */
  readonly onUp: () => void;
  readonly onFault: (error: unknown) => void;
}
