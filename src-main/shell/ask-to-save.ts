import type { EngineApi, ShowState } from '../contract/engine-api.ts';
import { AppError, messageOf } from '../contract/errors.ts';
import { askOperator } from './ask-operator.ts';
import type { EngineProcess } from './engine-process.ts';
import { describeLost } from './lost-words.ts';
import { pickShowToSave } from './show-dialogs.ts';
import type { ShowWindow } from './window.ts';

interface Saving {
  readonly engine: Pick<EngineProcess, 'ask'>;
  readonly window: Pick<ShowWindow, 'current'>;
}

const answers = { save: 0, leave: 1, cancel: 2 } as const;
const kept = 'Without saving, Flyrail keeps your edits for the next start and leaves the file as it is.';

/** Asks whether to save before a quit, and saves.
 *  @param lost what goes with the page in either case, in words
 *  @returns whether the program may end */
export async function maySave(saving: Saving, show: ShowState, lost: readonly string[]): Promise<boolean> {
  const answer = await askOperator(saving.window.current(), {
    type: 'question',
    message: `Save “${show.name}” before quitting?`,
    detail: lost.length === 0 ? kept : `${kept}\n\nNot in the show, and lost in either case:\n${describeLost(lost)}`,
    buttons: ['Save', 'Quit without saving', 'Cancel'],
    defaultId: answers.save,
    cancelId: answers.cancel,
  });
  if (answer === answers.save) return save(saving, show);
  return answer === answers.leave;
}

async function save({ engine, window }: Saving, { name, file }: ShowState): Promise<boolean> {
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

/** @param path undefined: where it was saved before */
function saveTo(api: EngineApi, path: string | undefined): Promise<ShowState> {
  return path === undefined ? api.saveShow() : api.saveShowAs({ to: { path }, overwrite: true });
}
