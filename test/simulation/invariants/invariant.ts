import type { Value } from '../../../src-main/contract/signal.ts';
import type { Observation } from '../observation.ts';

/** Looks at everything that happens, and says what should not have. */
export interface Invariant {
  see(observation: Observation): void;
  /** Nothing is under way any more, and nobody is cut off. */
  rest?(state: StateAtRest): void;
}

/** Says what is wrong, with the numbers to find it by. */
export type Complain = (what: string) => void;

export interface StateAtRest {
  readonly life: number;
  /** so many signals has this life accepted */
  readonly accepted: number;
  readonly params: ReadonlyMap<string, ParamAtRest>;
}

export interface ParamAtRest {
  readonly value: Value;
  readonly revision: bigint;
  /** session id */
  readonly holder: string | undefined;
  readonly isHolderHere: boolean;
}
