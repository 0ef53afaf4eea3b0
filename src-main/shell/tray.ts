import { Menu, Tray } from 'electron';

interface TrayOptions {
  readonly icon: string;
  readonly show: () => void;
  readonly quit: () => void;
}

/** The way back to the window while only the engine runs.
 *  @returns undefined where the system has no place for it */
export function createTray({ icon, show, quit }: TrayOptions): Tray | undefined {
  try {
    const tray = new Tray(icon);
    tray.setToolTip('Flyrail');
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: 'Open Flyrail', click: show },
        { type: 'separator' },
        { label: 'Quit', click: quit },
      ]),
    );
    tray.on('click', show);
    return tray;
  } catch {
    return undefined;
  }
}
