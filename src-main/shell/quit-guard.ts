import type { EngineApi, EngineSnapshot, ShowState } from '../contract/engine-api.ts';
import { AppError, messageOf } from '../contract/errors.ts';
import { askOperator } from './ask-operator.ts';
import type { EngineProcess } from './engine-process.ts';
import { pickShowToSave } from './show-dialogs.ts';
import type { ShowWindow } from './window.ts';

interface QuitGuardOptions {
  readonly engine: Pick<EngineProcess, 'ask' | 'stop'>;
  readonly window: Pick<ShowWindow, 'current' | 'settle'>;
  /** Everything is ended in order: the program may go. */
  readonly exit: () => Promise<void>;
}

export interface QuitGuard {
  /** Takes what stands in a field of the page, asks when work is unsaved, ends the engine in order, exits. Nothing more happens while it asks. */
  readonly quit: () => void;
  /** The same without a question, when the system ends or nobody can answer. The working copy has every edit. */
  readonly quitUnasked: () => void;
  /** whether the program is about to end */
  readonly leaving: () => boolean;
}

const answers = { save: 0, leave: 1, cancel: 2 } as const;
/** An engine that does not answer this long cannot tell whether work is unsaved; its working copy has it anyway. */
const answerWithinMs = 2000;
/** A page that hangs must not keep anybody from quitting; a system that ends gives little time. */
const settleWithinMs = { asked: 2000, unasked: 500 } as const;

/** Asks before a quit leaves a file behind its show. Never blocks: the engine works on while the question stands. */
export function createQuitGuard({ engine, window, exit }: QuitGuardOptions): QuitGuard {
  let leaving = false;
  let asking = false;
  return {
    quit: () => {
      if (asking || leaving) return;
      asking = true;
      void mayLeave().then((may) => {
        asking = false;
        if (may) leave();
      });
    },
    quitUnasked: () => {
      if (!leaving) leave(window.settle(settleWithinMs.unasked));
    },
    leaving: () => leaving,
  };

  function leave(settled: Promise<void> = Promise.resolve()): void {
    if (leaving) return;
    leaving = true;
    void settled.then(() => engine.stop()).finally(exit);
  }

  /** Never rejects. */
  async function mayLeave(): Promise<boolean> {
    await window.settle(settleWithinMs.asked);
    const snapshot = await within(engine.ask((api) => api.snapshot())).catch(() => undefined);
    if (!snapshot || !leavesWorkBehind(snapshot)) return true;
    const { show } = snapshot;
    const answer = await askOperator(window.current(), {
      type: 'question',
      message: `Save “${show.name}” before quitting?`,
      detail: 'Without saving, Flyrail keeps your edits for the next start and leaves the file as it is.',
      buttons: ['Save', 'Quit without saving', 'Cancel'],
      defaultId: answers.save,
      cancelId: answers.cancel,
    });
    if (answer === answers.cancel) return false;
    return answer === answers.leave || save(show);
  }

  async function save({ name, file }: ShowState): Promise<boolean> {
    const path = file === null ? await pickShowToSave(window.current(), name) : undefined;
    if (file === null && path === undefined) return false;
    try {
      const saved = await engine.ask((api) => saveTo(api, path));
      if (saved) return true;
      throw new AppError('link-closed', 'The engine is being started again. Your edits are kept.');
    } catch (error) {
      await askOperator(window.current(), {
        type: 'error',
        message: 'The show is not saved.',
        detail: messageOf(error),
        buttons: ['Back'],
      });
      return false;
    }
  }
}

/** Whether the file would not have the newest edits: the engine saves by itself when it ends, where it may. */
function leavesWorkBehind({ show, document }: Pick<EngineSnapshot, 'show' | 'document'>): boolean {
  const savesByItself = show.file !== null && document.settings.autosaveSeconds > 0 && show.saveProblem === null;
  return show.unsaved && !savesByItself;
}

/** @param path undefined: where it was saved before */
function saveTo(api: EngineApi, path: string | undefined): Promise<ShowState> {
  return path === undefined ? api.saveShow() : api.saveShowAs({ to: { path }, overwrite: true });
}

function within<T>(answer: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      resolve(undefined);
    }, answerWithinMs);
    answer.then(resolve, reject).finally(() => {
      clearTimeout(late);
    });
  });
}
