import { join } from 'node:path';
import { app, safeStorage } from 'electron';
import { messageOf, type AppError } from '../contract/errors.ts';
import { dataPaths } from '../platform/data-paths.ts';
import { askHowToStart } from './ask-how-to-start.ts';
import { closeAsMeant } from './close-window.ts';
import { EngineProcess } from './engine-process.ts';
import { installMenu } from './menu.ts';
import { createQuitGuard, type QuitGuard } from './quit-guard.ts';
import { createSecretsKey } from './secrets-key.ts';
import { handleShellCalls } from './shell-ipc.ts';
import { engineArguments, type EngineStart, type ShellOptions } from './shell-options.ts';
import { createSystemKeyring } from './system-keyring.ts';
import { createTray } from './tray.ts';
import { hasTrayHost } from './tray-host.ts';
import { createWindowMemory } from './window-memory.ts';
import { createShowWindow, type ShowWindow } from './window.ts';

interface DesktopOptions {
  /** the folder of the build */
  readonly out: string;
  readonly options: ShellOptions;
}

export interface Desktop extends Pick<QuitGuard, 'quit' | 'quitUnasked'> {
  /** Brings the window back, or to the front. */
  readonly open: () => void;
  readonly openShow: (path: string) => void;
}

/** Exit code when the engine cannot start, as of the command line. */
const refusedExitCode = 2;
/** A page that hangs must not keep its window open. */
const settleWithinMs = 1500;

/** The desktop program, put together: one engine process, one window that may come and go, and what leads back to it.
 *  The app must be ready. */
export function runDesktop({ out, options }: DesktopOptions): Desktop {
  const icons = join(out, '..', 'resources', 'icons');
  const memory = createWindowMemory(join(app.getPath('userData'), 'window.json'), warn);
  const engine = startEngine({ out, options, window: () => window });
  let showsTray = false;
  let asksToClose = false;
  const window: ShowWindow = createShowWindow({
    preload: join(out, 'preload', 'index.cjs'),
    icon: join(icons, '256x256.png'),
    memory,
    onLoaded: () => {
      engine.connectPage();
    },
    onClosing: (closing, event) => {
      if (guard.leaving()) return;
      event.preventDefault();
      if (asksToClose) return;
      asksToClose = true;
      const staysVisible = showsTray && tray !== undefined;
      const settle = (): Promise<readonly string[]> => window.settle(settleWithinMs);
      void closeAsMeant(closing, { staysVisible, quit: guard.quit, settle }).finally(() => (asksToClose = false));
    },
    onSessionEnd: () => {
      guard.quitUnasked();
    },
  });
  const exit = async (): Promise<void> => {
    await memory.settled();
    app.exit();
  };
  const guard = createQuitGuard({ engine, window, exit });
  handleShellCalls(window);
  installMenu({ window, quit: guard.quit, platform: process.platform });
  const tray = createTray({ icon: join(icons, '32x32.png'), show: window.open, quit: guard.quit });
  void hasTrayHost(process.platform).then((has) => (showsTray = has));
  window.open();
  return {
    open: window.open,
    openShow: (path) => {
      window.open();
      window.command({ type: 'open-path', path });
    },
    quit: guard.quit,
    quitUnasked: guard.quitUnasked,
  };
}

function startEngine({ out, options, window }: DesktopOptions & { readonly window: () => ShowWindow }): EngineProcess {
  let wanted: EngineStart = { show: options.show, port: undefined };
  const engine = new EngineProcess({
    entry: join(out, 'main', 'headless.js'),
    args: (again) => engineArguments(options, again ? { show: undefined, port: again.claspPort } : wanted),
    onPort: (port) => {
      window().sendPort(port);
    },
    secretsKey: createSecretsKey(
      dataPaths(options.dataFolder).secretsKey,
      createSystemKeyring(safeStorage, process.platform),
    ),
    onState: (state, reason) => {
      window().command({ type: 'engine', state, reason });
    },
    onRefused: (error) => void refused(error),
  });
  engine.start();
  return engine;

  async function refused(error: AppError): Promise<void> {
    warn(error);
    const next = await askHowToStart({ error, before: wanted, parent: window().current() });
    if (next) {
      wanted = next;
      engine.start();
    } else app.exit(refusedExitCode);
  }
}

function warn(error: unknown): void {
  process.stderr.write(`flyrail: ${messageOf(error)}\n`);
}
