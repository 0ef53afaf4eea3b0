import type { App, Session, WebContents } from 'electron';
import { appScheme, isAppPage } from './page-files.ts';

/** What the buttons that copy need: writing text to the clipboard, on a click. */
const copying = 'clipboard-sanitized-write';

/** But for that the page needs no permission, no device, no network, no other page, no window and no file: all of it is
 *  refused. */
export function denyEverythingElse(app: App, session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer) => {
    answer(permission === copying && isAppPage(contents.getURL()));
  });
  session.setPermissionCheckHandler(
    (contents, permission) => permission === copying && contents !== null && isAppPage(contents.getURL()),
  );
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => {
    answer({});
  });
  session.on('will-download', (event) => {
    event.preventDefault();
  });
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    answer({ cancel: !mayBeRequested(url) });
  });
  app.on('web-contents-created', (_event, contents) => {
    keepToItsPage(contents);
  });
}

function keepToItsPage(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isAppPage(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
  // Left alone, the first device that is found would be taken.
  contents.on('select-bluetooth-device', (event, _devices, answer) => {
    event.preventDefault();
    answer('');
  });
}

/** Our own scheme, which answers for itself, and what Chromium's developer tools load. */
function mayBeRequested(url: string): boolean {
  return url.startsWith(`${appScheme}:`) || url.startsWith('devtools://') || url.startsWith('data:');
}
