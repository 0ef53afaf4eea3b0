import type { Clock } from '../../src-main/ports/clock.ts';
import type { Connection } from '../../src-main/ports/transport.ts';
import type { Observation } from './observation.ts';
import type { ActorPlan } from './scenario.ts';

/** Somebody at the other end of a link. */
export interface Actor {
  /** For ever. */
  leave(): void;
}

export interface ActorOptions {
  readonly plan: ActorPlan;
  readonly seed: number;
  readonly clock: Clock;
  readonly dial: () => Promise<Connection>;
  readonly observe: (observation: Observation) => void;
  /** the life of the router that runs now, or ran last, and how many signals it has accepted */
  readonly router: () => { readonly life: number; readonly accepted: number };
}
