import { AppError } from '../../src-main/contract/errors.ts';
import type { EngineState } from '../engine/engine-state.svelte.ts';
import type { Made } from '../engine/late-changes.ts';
import type { HandOn, TypedText } from '../widgets/hand-on.ts';
import type { MessageBoard } from '../widgets/messages.svelte.ts';

export interface LateTexts extends HandOn {
  /** Settles when every text that was handed on was taken or refused. */
  settled(): Promise<void>;
  /** What was handed on and is neither yet, in words; of those the engine may have some. */
  underWay(): readonly string[];
  /** What of it waits for an engine. */
  waiting(): readonly string[];
}

const undoneSince = 'The engine had taken it before it went. Since then it was undone or changed.';
/** Named one by one up to here; what waits beside them is counted. */
const namedMax = 4;

/** A text that leaves its field outlives the engine: it waits for the next one, in the show it was typed for. The page
 *  says what waits for as long as it does, and afterwards what became of it.
 *  @param onwaiting told what waits, in a sentence; empty when nothing does */
export function lateTexts(
  engine: Pick<EngineState, 'connection' | 'keep'>,
  messages: Pick<MessageBoard, 'good' | 'fault'>,
  onwaiting: (sentence: string) => void,
): LateTexts {
  const underWay = new Map<Promise<void>, TypedText>();
  const waiting = new Map<TypedText, string>();
  return {
    take: (typed, run) => {
      const made = engine.keep(run, () => {
        waiting.set(typed, wordsFor(typed));
        say();
      });
      if (made) follow(typed, made);
    },
    leave: (typed, repair) => {
      messages.fault(`Not taken: ${wordsFor(typed)}`, new Error(repair));
    },
    settled: async () => {
      while (underWay.size > 0) await Promise.all(underWay.keys());
    },
    underWay: () => [...underWay.values()].map(wordsFor),
    waiting: () => [...waiting.values()],
  };

  function follow(typed: TypedText, made: Promise<Made>): void {
    const what = wordsFor(typed);
    const told = made.then(
      (when) => {
        const waited = hasWaited(typed);
        if (when === 'before') messages.fault(`Not taken again: ${what}`, new Error(undoneSince));
        else if (waited) messages.good(`Taken: ${what}`);
      },
      (error: unknown) => {
        // Who refuses says why where the text was typed. Not so an engine that is gone or hangs, nor where the place is gone.
        if (hasWaited(typed) || isUnheard(error)) messages.fault(`Not taken: ${what}`, error);
      },
    );
    underWay.set(told, typed);
    void told.finally(() => underWay.delete(told));
  }

  function hasWaited(typed: TypedText): boolean {
    const was = waiting.delete(typed);
    if (was) say();
    return was;
  }

  function say(): void {
    const named = [...waiting.values()].slice(0, namedMax).join(', ');
    const more = waiting.size > namedMax ? ` and ${waiting.size - namedMax} more` : '';
    onwaiting(waiting.size === 0 ? '' : `Not taken yet: ${named}${more}.`);
  }
}

function wordsFor({ label, text }: TypedText): string {
  return `“${text}” as ${label}`;
}

function isUnheard(error: unknown): boolean {
  return error instanceof AppError && (error.code === 'link-closed' || error.code === 'unknown-id');
}
