import type { BrowserWindow } from 'electron';
import { mayLose } from './ask-about-lost.ts';
import { askOperator } from './ask-operator.ts';

interface Closing {
  /** something shows that the engine runs on: a tray or a dock */
  readonly staysVisible: boolean;
  readonly quit: () => void;
  /** @returns what would be lost with the page, in words */
  readonly settle: () => Promise<readonly string[]>;
}

const answers = { keepRunning: 0, quit: 1, cancel: 2 } as const;

/** Closes the window as the operator means it. Without a tray or a dock nothing shows that the engine still drives the
 *  rig, so that is asked; and in any case before what was typed goes with the page. */
export async function closeAsMeant(window: BrowserWindow, { staysVisible, quit, settle }: Closing): Promise<void> {
  const answer = staysVisible ? answers.keepRunning : await askHow(window);
  if (answer === answers.quit) quit();
  if (answer !== answers.keepRunning || !(await mayLose(window, await settle(), 'close'))) return;
  // Not closed once more, which would ask once more.
  if (!window.isDestroyed()) window.destroy();
}

function askHow(window: BrowserWindow): Promise<number> {
  return askOperator(window, {
    type: 'question',
    message: 'Close the window and let Flyrail run on?',
    detail: 'Outputs go on without a window. Starting Flyrail again brings the window back.',
    buttons: ['Let it run', 'Quit Flyrail', 'Cancel'],
    defaultId: answers.keepRunning,
    cancelId: answers.cancel,
  });
}
