import type { EngineState } from '../engine/engine-state.svelte.ts';
import type { HandOn } from '../widgets/hand-on.ts';
import type { MessageBoard } from '../widgets/messages.svelte.ts';

/** Without an engine a text that leaves its field is not lost: it waits for the engine, in the show it was typed for, and
 *  the page says so, and afterwards what became of it. */
export function lateTexts(
  engine: Pick<EngineState, 'connection' | 'whenBack'>,
  messages: Pick<MessageBoard, 'good' | 'fault' | 'dismiss'>,
): HandOn {
  return {
    take: ({ label, text }, run) => {
      if (engine.connection === 'ready') {
        run();
        return;
      }
      const made = engine.whenBack(run);
      if (!made) return;
      const what = `“${text}” as ${label}`;
      const waiting = messages.good(`Not taken yet: ${what}`, { consequence: 'It is taken when the engine is back.' });
      made
        .finally(() => messages.dismiss(waiting))
        .then(
          () => messages.good(`Taken: ${what}`),
          (error: unknown) => messages.fault(`Not taken: ${what}`, error),
        );
    },
    leave: ({ label, text }, repair) => {
      if (engine.connection !== 'ready') {
        messages.fault(`Not taken: “${text}” as ${label}`, new Error(repair));
      }
    },
  };
}
