import { access } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { app, dialog, type BrowserWindow, type OpenDialogOptions, type SaveDialogOptions } from 'electron';
import { askOperator } from './ask-operator.ts';
import { showFileName, withShowExtension } from './show-file-name.ts';

const filters = [{ name: 'Flyrail show', extensions: ['flyrail'] }];

/** @returns an absolute path, undefined when the operator cancels */
export async function pickShowToOpen(parent: BrowserWindow | undefined): Promise<string | undefined> {
  const options: OpenDialogOptions = { title: 'Open show', filters, properties: ['openFile'] };
  const { canceled, filePaths } = await (parent
    ? dialog.showOpenDialog(parent, options)
    : dialog.showOpenDialog(options));
  return canceled ? undefined : filePaths[0];
}

/** Whoever gets the path may replace what is there: the operator was asked, by the system's dialog, or here where the
 *  extension was added to what was typed.
 *  @param suggested the show's name, anything
 *  @returns an absolute path that ends with .flyrail, undefined when the operator cancels */
export async function pickShowToSave(
  parent: BrowserWindow | undefined,
  suggested: unknown,
): Promise<string | undefined> {
  const options: SaveDialogOptions = {
    title: 'Save show as',
    filters,
    defaultPath: join(documents(), showFileName(suggested)),
    properties: ['showOverwriteConfirmation', 'createDirectory'],
  };
  const { canceled, filePath } = await (parent
    ? dialog.showSaveDialog(parent, options)
    : dialog.showSaveDialog(options));
  if (canceled || filePath === '') return undefined;
  const path = withShowExtension(filePath);
  if (path === filePath || !(await exists(path)) || (await mayReplace(parent, path))) return path;
  return pickShowToSave(parent, suggested);
}

async function mayReplace(parent: BrowserWindow | undefined, path: string): Promise<boolean> {
  const answer = await askOperator(parent, {
    type: 'question',
    message: `Replace “${basename(path)}”?`,
    detail: 'There is a show with this name already.',
    buttons: ['Replace', 'Choose another name'],
    defaultId: 1,
    cancelId: 1,
  });
  return answer === 0;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function documents(): string {
  try {
    return app.getPath('documents');
  } catch {
    return app.getPath('home');
  }
}
