import { dialog, type BrowserWindow, type MessageBoxOptions } from 'electron';

/** Asks in a native box that belongs to the window, where there is one. Never a synchronous box: the main process must
 *  go on serving the engine and the page.
 *  @returns the index of the button */
export async function askOperator(parent: BrowserWindow | undefined, options: MessageBoxOptions): Promise<number> {
  const box = { title: 'Flyrail', noLink: true, ...options };
  const { response } = await (parent ? dialog.showMessageBox(parent, box) : dialog.showMessageBox(box));
  return response;
}
