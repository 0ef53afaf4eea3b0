import type { EngineSnapshot } from '../contract/engine-api.ts';
import { mayLose } from './ask-about-lost.ts';
import { maySave } from './ask-to-save.ts';
import type { EngineProcess } from './engine-process.ts';
import type { ShowWindow } from './window.ts';

interface QuitGuardOptions {
  readonly engine: Pick<EngineProcess, 'ask' | 'stop'>;
  readonly window: Pick<ShowWindow, 'current' | 'settle'>;
  /** Everything is ended in order: the program may go. */
  readonly exit: () => Promise<void>;
}

export interface QuitGuard {
  /** Takes what stands in a field of the page, asks when work is unsaved or texts would be lost, ends the engine in order,
   *  exits. Nothing more happens while it asks. */
  readonly quit: () => void;
  /** The same without a question, when the system ends or nobody can answer. The working copy has every edit. */
  readonly quitUnasked: () => void;
  /** whether the program is about to end */
  readonly leaving: () => boolean;
}

/** How long the page waits for the engine to have what was typed; a system that ends gives little time. */
const settleWithinMs = { asked: 800, unasked: 500 } as const;
/** An engine that has not answered by then, counted from the wish to quit, cannot tell whether work is unsaved; its
 *  working copy has it anyway. */
const answerWithinMs = { asked: 1_800, unasked: 1_000 } as const;
/** The engine gives itself 2.8 s to end its outputs in order and to save; one that does not answer does neither. With
 *  such an engine nobody waits longer than 3 s to quit. */
const stopWithinMs = { answers: 3_500, hangs: 1_200 } as const;

/** Asks before a quit leaves a file behind its show, or loses what was typed. Never blocks: the engine works on while the
 *  question stands. */
export function createQuitGuard({ engine, window, exit }: QuitGuardOptions): QuitGuard {
  let leaving = false;
  let asking = false;
  return {
    quit: () => {
      if (asking || leaving) return;
      asking = true;
      void mayLeave().then(({ may, stopWithin }) => {
        asking = false;
        if (may) leave(Promise.resolve(stopWithin));
      });
    },
    quitUnasked: () => {
      if (!leaving) leave(settleUnasked());
    },
    leaving: () => leaving,
  };

  /** @param settled with how long the engine may take to stop */
  function leave(settled: Promise<number>): void {
    if (leaving) return;
    leaving = true;
    void settled.then((withinMs) => engine.stop(withinMs)).finally(exit);
  }

  async function settleUnasked(): Promise<number> {
    const [snapshot] = await Promise.all([
      snapshotWithin(answerWithinMs.unasked),
      window.settle(settleWithinMs.unasked),
    ]);
    return stopTime(snapshot);
  }

  /** Never rejects. */
  async function mayLeave(): Promise<{ readonly may: boolean; readonly stopWithin: number }> {
    const since = Date.now();
    const lost = await window.settle(settleWithinMs.asked);
    const snapshot = await snapshotWithin(answerWithinMs.asked - (Date.now() - since));
    const unsaved = snapshot && leavesWorkBehind(snapshot) ? snapshot.show : undefined;
    const may = unsaved
      ? await maySave({ engine, window }, unsaved, lost)
      : await mayLose(window.current(), lost, 'quit');
    return { may, stopWithin: stopTime(snapshot) };
  }

  /** @returns undefined while no engine runs, and from one that does not answer */
  function snapshotWithin(withinMs: number): Promise<EngineSnapshot | undefined> {
    return within(
      engine.ask((api) => api.snapshot()),
      withinMs,
    ).catch(() => undefined);
  }
}

/** Whether the file would not have the newest edits: the engine saves by itself when it ends, where it may. */
function leavesWorkBehind({ show, document }: Pick<EngineSnapshot, 'show' | 'document'>): boolean {
  const savesByItself = show.file !== null && document.settings.autosaveSeconds > 0 && show.saveProblem === null;
  return show.unsaved && !savesByItself;
}

function stopTime(snapshot: EngineSnapshot | undefined): number {
  return snapshot ? stopWithinMs.answers : stopWithinMs.hangs;
}

function within<T>(answer: Promise<T>, withinMs: number): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      resolve(undefined);
    }, withinMs);
    answer.then(resolve, reject).finally(() => {
      clearTimeout(late);
    });
  });
}
