/** Whoever keeps the state over a restart. */
export interface Keeper {
  /** Runs when all that the router accepted until now is on disk, at once where it is already, or with why it is not. */
  whenKept(run: (failure: string | undefined) => void): void;
}

/** Nothing is kept: what is accepted is all there is. */
export const keepsNothing: Keeper = { whenKept: (run) => run(undefined) };
