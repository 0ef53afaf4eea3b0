import { join } from 'node:path';
import { app, nativeTheme, powerMonitor, session } from 'electron';
import { AppError, messageOf, UnavailableError } from '../contract/errors.ts';
import { dataPaths } from '../platform/data-paths.ts';
import { makeFolder } from '../platform/make-folder.ts';
import { visibleText } from '../platform/visible-text.ts';
import { systemReason } from '../platform/system-reason.ts';
import { serveAppProtocol, registerAppScheme } from './app-protocol.ts';
import { askOperator } from './ask-operator.ts';
import { runDesktop, type Desktop } from './desktop.ts';
import { denyEverythingElse } from './session-rules.ts';
import { isShowFile, shellOptions } from './shell-options.ts';

const out = join(import.meta.dirname, '..');
const options = shellOptions(process.argv, process.cwd());
let asked = options.show;
let desktop: Desktop | undefined;

// Electron would stop everything with a box of its own. The terminal that started us may be gone, too.
process.on('uncaughtException', (error) => {
  process.stderr.write(`flyrail: ${error.stack ?? error.message}\n`);
});
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
// All of this must happen before the app is ready. Root cannot have Chromium's sandbox: it says so with --no-sandbox.
registerAppScheme();
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
// On macOS a show that was double-clicked comes as an event, perhaps before the app is ready.
app.on('open-file', (event, path) => {
  event.preventDefault();
  openShow(path);
});

try {
  makeProfile();
  if (claim()) app.whenReady().then(start).catch(fail);
  else app.quit();
} catch (error) {
  app.whenReady().then(() => fail(error), fail);
}

/** The profile belongs to the data folder, and so does being the only one. */
function makeProfile(): void {
  const { desktop: profile } = dataPaths(options.dataFolder);
  try {
    makeFolder(profile);
  } catch (cause) {
    const message = `Cannot use the data folder ${options.dataFolder}: ${systemReason(cause)}.`;
    throw new UnavailableError('cannot-write-file', message, { path: profile }, { cause });
  }
  app.setPath('userData', profile);
}

/** @returns false when a Flyrail runs on this data folder already: it was handed the show */
function claim(): boolean {
  if (!app.requestSingleInstanceLock({ show: options.show ?? null })) return false;
  app.on('second-instance', (_event, _argv, _folder, handed) => {
    const show = (handed as { readonly show?: unknown } | null)?.show;
    desktop?.open();
    if (typeof show === 'string' && isShowFile(show)) openShow(show);
  });
  return true;
}

function start(): void {
  // Stages are dark: menu and dialogs as well as the page.
  nativeTheme.themeSource = 'dark';
  denyEverythingElse(app, session.defaultSession);
  serveAppProtocol(session.defaultSession, join(out, 'renderer'));
  const started = runDesktop({ out, options: { ...options, show: asked } });
  desktop = started;
  app.on('activate', started.open);
  // The engine goes on without a window.
  app.on('window-all-closed', () => undefined);
  app.on('before-quit', (event) => {
    event.preventDefault();
    started.quit();
  });
  // Nobody answers a question then; the working copy has every edit.
  powerMonitor.on('shutdown', (event?: Electron.Event) => {
    // Gives the outputs the time to end in order.
    event?.preventDefault();
    started.quitUnasked();
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, started.quitUnasked);
}

function openShow(path: string): void {
  if (desktop) desktop.openShow(path);
  else asked = path;
}

/** Nothing can run: the operator reads why in a box, since whoever started it by a double click sees no terminal. */
async function fail(error: unknown): Promise<void> {
  process.stderr.write(`flyrail: ${visibleText(messageOf(error))}\n`);
  await askOperator(undefined, {
    type: 'error',
    message: 'Flyrail cannot start.',
    detail: messageOf(error),
    buttons: ['Quit'],
  });
  app.exit(error instanceof AppError ? 2 : 1);
}
