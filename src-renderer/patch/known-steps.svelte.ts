import type { Transform } from '../../src-main/contract/show.ts';
import { alignSteps, alignUnseen } from '../engine/align-steps.ts';

export interface KnownStep {
  /** stays with the step wherever it stands, and is never given to another */
  readonly key: number;
  readonly step: Transform;
}

/** Tells the steps of one chain apart while windows add, move, change and remove them: the show gives them no id. */
export class KnownSteps {
  /** key of the step that was looked at last; undefined when the newest is wanted */
  looked = $state<number | undefined>();
  #steps: readonly KnownStep[] = [];
  #given = 0;
  #turn = 0;

  /** The chain as it is now; each step with the key it had before.
   *  @param turn another after edits that this page did not see */
  follow(chain: readonly Transform[], turn: number): readonly KnownStep[] {
    const before = this.#steps;
    const align = turn === this.#turn ? alignSteps : alignUnseen;
    this.#turn = turn;
    const places = align(
      before.map(({ step }) => step),
      chain,
    );
    this.#steps = chain.map((step, index) => ({ key: before[places.indexOf(index)]?.key ?? ++this.#given, step }));
    return this.#steps;
  }

  /** @returns its index in this chain, -1 when it is gone */
  placeOf(key: number, chain: readonly Transform[]): number {
    return this.follow(chain, this.#turn).findIndex((known) => known.key === key);
  }
}
