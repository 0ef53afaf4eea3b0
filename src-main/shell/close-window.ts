import type { BrowserWindow } from 'electron';
import { askOperator } from './ask-operator.ts';

const answers = { keepRunning: 0, quit: 1, cancel: 2 } as const;

/** Closes the window as the operator means it. Without a tray or a dock nothing shows that the engine still drives the
 *  rig, so that is asked. */
export async function closeAsMeant(
  window: BrowserWindow,
  { quit, settle }: { readonly quit: () => void; readonly settle: () => Promise<void> },
): Promise<void> {
  const answer = await askOperator(window, {
    type: 'question',
    message: 'Close the window and let Flyrail run on?',
    detail: 'Outputs go on without a window. Starting Flyrail again brings the window back.',
    buttons: ['Let it run', 'Quit Flyrail', 'Cancel'],
    defaultId: answers.keepRunning,
    cancelId: answers.cancel,
  });
  if (answer === answers.keepRunning) {
    await settle();
    // Not closed once more, which would ask once more.
    if (!window.isDestroyed()) window.destroy();
  }
  if (answer === answers.quit) quit();
}
