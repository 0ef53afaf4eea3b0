import type { Micros } from '../../contract/units.ts';
import type { PublishMessage, SetMessage } from '../protocol/messages.ts';
import type { Origin } from './delivery.ts';
import type { History } from './history.ts';

/** Gets everything that the router accepts, in order, SETs with the revision they became. It must be quick and not throw.
 *  @param message may hold views that are valid during the call only */
export type Recorder = (message: SetMessage | PublishMessage, origin: Origin, at: Micros) => void;

/** Whoever keeps the state over a restart. */
export interface Keeper {
  /** Runs when all that the router accepted until now is on disk, at once where it is already, or with why it is not. */
  whenKept(run: (failure: string | undefined) => void): void;
  readonly record?: Recorder | undefined;
  /** absent where not everything is kept */
  readonly history?: History | undefined;
}

/** Nothing is kept: what is accepted is all there is. */
export const keepsNothing: Keeper = { whenKept: (run) => run(undefined) };

/** Asks whoever it is by now. */
export function currentKeeper(get: () => Keeper): Pick<Keeper, 'whenKept' | 'history'> {
  return {
    whenKept: (run) => get().whenKept(run),
    get history() {
      return get().history;
    },
  };
}
