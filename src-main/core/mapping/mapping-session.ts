import type { Address, Pattern } from '../../contract/address.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { Signal } from '../../contract/signal.ts';
import type { Micros } from '../../contract/units.ts';
import type { Refusal } from '../router/requests/refusal.ts';

/** How many mappings one signal goes through, one after the other. Circles are found before they run; this is the net
 *  below, far longer than any chain an operator makes. */
export const mappingHopsMax = 64;
/** How often one signal, and all that comes of it, may go through mappings. Sets that feed two others each double it at
 *  every step; one source that feeds every set of the largest show stays below. */
export const mappingPassesMax = 16_384;

export interface MappingCause {
  readonly because: string;
  readonly hops: number;
  /** when the first signal of this chain of causes reached the router */
  readonly arrivedAt: Micros;
  /** when somebody moved what led to it, where that was before */
  readonly movedAt?: Micros;
  readonly mappingId?: string;
  readonly spent?: Spent;
}

/** Shared by all that one signal leads to. */
export interface Spent {
  passes: number;
  /** it began with no signal but with an edit, the end of a lock, or Flyrail's start: see `createTakeOverRule` */
  readonly takeOver?: 'edit' | 'start';
}

/** What mappings need of the router: all signals, also those that this session published. */
export interface MappingSession {
  /** @returns why it was refused */
  publish(signals: readonly Signal[], cause: MappingCause): Refusal | undefined;
  subscribe(pattern: Pattern, run: (deliveries: readonly MappingDelivery[]) => void): Cancel;
}
export interface MappingDelivery {
  readonly signal: Signal;
  readonly at: Micros;
  readonly cause?: MappingCause;
}

/** How far a signal has come before it meets a mapping. */
export interface Past {
  readonly hops: number;
  readonly arrivedAt: Micros;
  readonly movedAt: Micros;
  readonly spent: Spent;
  /** nothing is sent anywhere else */
  readonly onlyTo?: Address;
}
