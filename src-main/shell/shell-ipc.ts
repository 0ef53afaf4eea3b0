import { ipcMain, shell, type IpcMainInvokeEvent } from 'electron';
import { channels } from '../contract/shell-channels.ts';
import { mayOpenExternally } from './external-pages.ts';
import { isAppPage } from './page-files.ts';
import { pickShowToOpen, pickShowToSave } from './show-dialogs.ts';
import type { ShowWindow } from './window.ts';

type CurrentWindow = Pick<ShowWindow, 'current'>;

/** Answers the page's calls of ShellApi. Only the top frame of our own page is heard; anyone else gets an error. */
export function handleShellCalls(window: CurrentWindow): void {
  const handle = (channel: string, run: (argument: unknown) => Promise<unknown>): void => {
    ipcMain.handle(channel, (event, argument: unknown) => {
      if (!isOurPage(event, window)) throw new Error('Refused: only the page of Flyrail may ask for this.');
      return run(argument);
    });
  };
  handle(channels.pickShowToOpen, () => pickShowToOpen(window.current()));
  handle(channels.pickShowToSave, (suggested) => pickShowToSave(window.current(), suggested));
  handle(channels.openExternal, openExternal);
}

async function openExternal(url: unknown): Promise<boolean> {
  if (typeof url !== 'string' || !mayOpenExternally(url)) return false;
  try {
    await shell.openExternal(url);
    return true;
  } catch {
    // No program for it on this machine.
    return false;
  }
}

function isOurPage({ sender, senderFrame }: IpcMainInvokeEvent, window: CurrentWindow): boolean {
  const isTop = senderFrame !== null && senderFrame.parent === null;
  return isTop && isAppPage(senderFrame.url) && sender === window.current()?.webContents;
}
