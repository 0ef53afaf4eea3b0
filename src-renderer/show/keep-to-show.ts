import type { EngineState } from '../engine/engine-state.svelte.ts';
import { guardHandOn } from '../widgets/hand-on.ts';

/** What is typed in the fields below is meant for the show that is on the table now: no other gets it. */
export function keepToShow(engine: Pick<EngineState, 'showTurn' | 'document'>): void {
  const {
    showTurn,
    document: { name },
  } = engine;
  guardHandOn({
    about: () => name,
    isGivenUp: () => false,
    whyNot: () =>
      engine.showTurn === showTurn ? undefined : 'Another show is on the table now. Nothing was changed in it.',
  });
}
