import { BrowserWindow, screen, type MessagePortMain } from 'electron';
import type { ShellCommand } from '../contract/shell-api.ts';
import { channels } from '../contract/shell-channels.ts';
import { appPage } from './page-files.ts';
import { createRestartDelay } from './restart-delay.ts';
import { settlePage } from './settle-page.ts';
import type { WindowMemory } from './window-memory.ts';
import { leastSize, placeWindow } from './window-place.ts';

/** The one window of Flyrail, which may be closed and opened again while the engine goes on. */
export interface ShowWindow {
  /** Makes it, or brings it to the front. */
  readonly open: () => void;
  readonly current: () => BrowserWindow | undefined;
  /** Kept for the page while there is none yet. */
  readonly command: (command: ShellCommand) => void;
  /** Has the page hand on what stands in its fields; at once without a page, and soon after `withinMs` in any case.
   *  @returns what would be lost with the page, in words */
  readonly settle: (withinMs: number) => Promise<readonly string[]>;
  /** Hands the page its port to the engine. */
  readonly sendPort: (port: MessagePortMain) => void;
}

interface WindowOptions {
  readonly preload: string;
  readonly icon: string;
  readonly memory: WindowMemory;
  /** a page is there, again after each reload: it needs a port */
  readonly onLoaded: () => void;
  /** the operator closes the window; `preventDefault` keeps it */
  readonly onClosing: (window: BrowserWindow, event: { preventDefault(): void }) => void;
  /** Windows logs the operator off */
  readonly onSessionEnd: () => void;
}

/** Commands kept for a page that is not there yet; the oldest goes. */
const waitingMax = 16;

export function createShowWindow(options: WindowOptions): ShowWindow {
  const { memory } = options;
  let window: BrowserWindow | undefined;
  let making = false;
  let loaded = false;
  const waiting: ShellCommand[] = [];
  return {
    open: () => {
      if (window) bringForward(window);
      else void make();
    },
    current: () => window,
    command: (command) => {
      if (window && loaded) window.webContents.send(channels.command, command);
      else if (waiting.push(command) > waitingMax) waiting.shift();
    },
    settle: async (withinMs) => {
      // A window that is destroyed in this moment has nobody to ask.
      return window && loaded ? settlePage(window.webContents, withinMs).catch(() => []) : [];
    },
    sendPort: (port) => {
      if (window && loaded) window.webContents.postMessage(channels.port, null, [port]);
      else port.close();
    },
  };

  async function make(): Promise<void> {
    if (making) return;
    making = true;
    const left = await memory.recall();
    making = false;
    const made = createWindow(left, options);
    window = made;
    made.once('ready-to-show', () => {
      made.show();
    });
    made.webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) loaded = false;
    });
    made.webContents.on('did-finish-load', () => {
      loaded = true;
      options.onLoaded();
      for (const command of waiting.splice(0)) made.webContents.send(channels.command, command);
    });
    comeBackAfterCrash(made, () => (loaded = false));
    keepPlace(made, memory);
    made.on('close', (event) => {
      options.onClosing(made, event);
    });
    made.on('session-end', options.onSessionEnd);
    made.on('closed', () => {
      window = undefined;
      loaded = false;
    });
    made.loadURL(appPage).catch((error: unknown) => {
      process.stderr.write(`flyrail: the window's page does not load: ${String(error)}\n`);
      if (!made.isDestroyed()) made.show();
    });
  }
}

function createWindow(left: unknown, { preload, icon }: WindowOptions): BrowserWindow {
  const { workArea } = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().map((display) => display.workArea);
  const { x, y, width, height, maximized } = placeWindow(left, [workArea, ...others]);
  const made = new BrowserWindow({
    width,
    height,
    ...(x === undefined || y === undefined ? {} : { x, y }),
    minWidth: leastSize.width,
    minHeight: leastSize.height,
    show: false,
    icon,
    backgroundColor: '#0B0A09',
    title: 'Flyrail',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      navigateOnDragDrop: false,
      spellcheck: false,
      // The wires must go on while another program is in front: operators look at them from afar.
      backgroundThrottling: false,
    },
  });
  if (maximized) made.maximize();
  return made;
}

/** A crashed page is loaded again; the engine never noticed. */
function comeBackAfterCrash(window: BrowserWindow, onCrash: () => void): void {
  const delay = createRestartDelay();
  let since = Date.now();
  window.webContents.on('render-process-gone', () => {
    onCrash();
    setTimeout(
      () => {
        since = Date.now();
        if (!window.isDestroyed()) window.webContents.reload();
      },
      delay.next(Date.now() - since),
    );
  });
}

function keepPlace(window: BrowserWindow, memory: WindowMemory): void {
  const keep = (): void => {
    memory.keep({ ...window.getNormalBounds(), maximized: window.isMaximized() });
  };
  window.on('resize', keep).on('move', keep).on('maximize', keep).on('unmaximize', keep).on('close', keep);
}

function bringForward(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
