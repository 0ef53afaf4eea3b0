import type { BrowserWindow } from 'electron';
import type { AppError } from '../contract/errors.ts';
import { askOperator } from './ask-operator.ts';
import type { EngineStart } from './shell-options.ts';
import { refusalQuestion } from './start-refusal.ts';

interface Refused {
  /** why the engine does not start */
  readonly error: AppError;
  /** how it was started */
  readonly before: EngineStart;
  readonly parent: BrowserWindow | undefined;
}

/** Says why the engine does not start, in its own sentence, and asks what to do.
 *  @returns how to start it next; undefined to quit */
export async function askHowToStart({ error, before, parent }: Refused): Promise<EngineStart | undefined> {
  const { message, detail, answers } = refusalQuestion(error, before.show);
  const chosen = await askOperator(parent, {
    type: 'error',
    message,
    detail,
    buttons: answers.map(({ label }) => label),
    defaultId: 0,
    cancelId: answers.length - 1,
  });
  switch (answers[chosen]?.answer) {
    case 'retry':
      return before;
    case 'other-port':
      return { ...before, port: 0 };
    case 'other-show':
      return { ...before, show: undefined };
    default:
      return undefined;
  }
}
