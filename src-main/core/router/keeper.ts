import type { Micros } from '../../contract/units.ts';
import type { PublishMessage, SetMessage } from '../protocol/messages.ts';
import type { Answer } from './sessions/answered-requests.ts';
import type { Origin } from './delivery/delivery.ts';
import type { History } from './memory/history.ts';

/** Gets everything that the router accepts, in order, SETs with the revision they became. It must be quick and not throw.
 *  @param message may hold views that are valid during the call only */
export type Recorder = (message: SetMessage | PublishMessage, origin: Origin, at: Micros) => void;

/** A request under commit that has just been done, and the answer that it gets when it is on disk. */
export interface DoneCommit {
  /** what its client is known by */
  readonly secret: string;
  readonly id: bigint;
  readonly answer: Answer;
  /** whether all that its client asked before has been dealt with, since nothing overtakes on its way */
  readonly isInOrder: boolean;
  /** Requests of this client that were refused; gives each once. */
  readonly takeRefused: () => readonly (readonly [id: bigint, answer: Answer])[];
}

/** Whoever keeps the state over a restart. */
export interface Keeper {
  /** Runs when all that the router accepted until now is on disk, at once where it is already, or with why it is not.
   *  @param done is known again after a restart if what it did is: both are kept, or neither */
  whenKept(run: (failure: string | undefined) => void, done?: DoneCommit): void;
  readonly record?: Recorder | undefined;
  /** absent where not everything is kept */
  readonly history?: History | undefined;
}

/** Nothing is kept: what is accepted is all there is. */
export const keepsNothing: Keeper = { whenKept: (run) => run(undefined) };

/** Asks whoever it is by now. */
export function currentKeeper(get: () => Keeper): Pick<Keeper, 'whenKept' | 'history'> {
  return {
    whenKept: (run, done) => get().whenKept(run, done),
    get history() {
      return get().history;
    },
  };
}
