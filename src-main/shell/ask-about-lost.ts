import type { BrowserWindow } from 'electron';
import { askOperator } from './ask-operator.ts';
import { describeLost } from './lost-words.ts';

const answers = { goOn: 0, stay: 1 } as const;

/** Asks before what was typed and is in no show goes with the page.
 *  @param lost in words; without any there is nothing to ask
 *  @returns whether it may go */
export async function mayLose(
  parent: BrowserWindow | undefined,
  lost: readonly string[],
  by: 'quit' | 'close',
): Promise<boolean> {
  if (lost.length === 0) return true;
  const answer = await askOperator(parent, {
    type: 'warning',
    message: by === 'quit' ? 'Quit and lose what was typed?' : 'Close the window and lose what was typed?',
    detail: `Not in the show:\n${describeLost(lost)}`,
    buttons: [by === 'quit' ? 'Quit all the same' : 'Close all the same', 'Stay'],
    defaultId: answers.stay,
    cancelId: answers.stay,
  });
  return answer === answers.goOn;
}
