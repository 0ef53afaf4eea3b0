import { Menu, type KeyboardEvent, type MenuItemConstructorOptions } from 'electron';
import type { ShellCommand } from '../contract/shell-api.ts';
import { menuAction } from './menu-action.ts';
import type { ShowWindow } from './window.ts';

type PageCommand = Exclude<ShellCommand['type'], 'open-path' | 'engine'>;

type MenuWindow = Pick<ShowWindow, 'open' | 'current' | 'command'>;

interface MenuOptions {
  readonly window: MenuWindow;
  readonly quit: () => void;
  readonly platform: string;
}

/** The native menu. Show commands go to the page, which knows what is open and asks in place. */
export function installMenu(options: MenuOptions): void {
  const mac: MenuItemConstructorOptions[] = options.platform === 'darwin' ? [{ role: 'appMenu' }] : [];
  Menu.setApplicationMenu(Menu.buildFromTemplate([...mac, showMenu(options), editMenu(options.window), viewMenu]));
}

function showMenu({ window, quit }: MenuOptions): MenuItemConstructorOptions {
  return {
    label: '&Show',
    submenu: [
      // A key that browsers keep for themselves, so the page has none.
      {
        label: '&New',
        accelerator: 'CmdOrCtrl+N',
        click: () => {
          tellPage(window, 'new');
        },
      },
      entry(window, { label: '&Open…', accelerator: 'CmdOrCtrl+O', type: 'open' }),
      { type: 'separator' },
      entry(window, { label: '&Save', accelerator: 'CmdOrCtrl+S', type: 'save' }),
      entry(window, { label: 'Save &as…', accelerator: 'CmdOrCtrl+Shift+S', type: 'save-as' }),
      { type: 'separator' },
      { label: '&Close window', accelerator: 'CmdOrCtrl+W', click: () => window.current()?.close() },
      { label: '&Quit', accelerator: 'CmdOrCtrl+Q', click: quit },
    ],
  };
}

function editMenu(window: MenuWindow): MenuItemConstructorOptions {
  return {
    label: '&Edit',
    submenu: [
      entry(window, { label: '&Undo', accelerator: 'CmdOrCtrl+Z', type: 'undo' }),
      entry(window, { label: '&Redo', accelerator: 'CmdOrCtrl+Shift+Z', type: 'redo' }),
      { type: 'separator' },
      { role: 'cut' },
      { role: 'copy' },
      { role: 'paste' },
      { role: 'selectAll' },
    ],
  };
}

const viewMenu: MenuItemConstructorOptions = {
  label: '&View',
  submenu: [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ],
};

/** An entry whose key is the page's own. */
function entry(
  window: MenuWindow,
  { label, accelerator, type }: { label: string; accelerator: string; type: PageCommand },
): MenuItemConstructorOptions {
  return {
    label,
    accelerator,
    registerAccelerator: false,
    click: (_item, _window, { triggeredByAccelerator }: KeyboardEvent) => {
      const contents = window.current()?.webContents;
      const focused = contents?.isFocused() ?? false;
      const action = menuAction(type, { byKey: triggeredByAccelerator ?? false, focused });
      if (action === 'tell-page') tellPage(window, type);
      else if (action === 'edit-field' && type === 'undo') contents?.undo();
      else if (action === 'edit-field') contents?.redo();
    },
  };
}

function tellPage(window: MenuWindow, type: PageCommand): void {
  window.open();
  window.command({ type });
}
