import type { ElectronApplication } from '@playwright/test';
import { readyPage } from './desktop.ts';
import { expect, test } from './electron.ts';

/** Runs in the page as if the operator had just clicked. */
async function asIfClicked(app: ElectronApplication, script: string): Promise<unknown> {
  return app.evaluate(({ BrowserWindow }, code) => {
    return BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(code, true) as Promise<unknown>;
  }, script);
}

test('[DS3] the page is sandboxed, isolated, and has nothing of Node', async ({ launch }) => {
  const app = await launch();
  const page = await readyPage(app);
  const preferences = await app.evaluate(({ BrowserWindow }) =>
    // An old way to ask, and the only one.
    (
      BrowserWindow.getAllWindows()[0]?.webContents as unknown as { getLastWebPreferences(): object }
    ).getLastWebPreferences(),
  );
  expect(preferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
  });
  const globals = await page.evaluate(() =>
    ['process', 'require', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer', '__dirname'].filter(
      (name) => name in globalThis,
    ),
  );
  expect(globals).toEqual([]);
});

test('[DS4] the preload gives the page two frozen objects and nothing else', async ({ launch }) => {
  const page = await readyPage(await launch());
  const given = await page.evaluate(() => {
    const plain = document.createElement('iframe');
    document.body.append(plain);
    const known = new Set(Object.getOwnPropertyNames(plain.contentWindow));
    plain.remove();
    const { flyrail } = window as unknown as { flyrail: Record<string, Record<string, unknown>> };
    const all = [flyrail, ...Object.values(flyrail)];
    const { writable, configurable } = Object.getOwnPropertyDescriptor(window, 'flyrail') ?? {};
    return {
      added: Object.getOwnPropertyNames(window).filter((name) => !known.has(name) && !/^(__|\d+$)/.test(name)),
      members: Object.fromEntries(Object.entries(flyrail).map(([name, part]) => [name, Object.keys(part)])),
      frozen: all.every((each) => Object.isFrozen(each)),
      replaceable: writable ?? configurable,
      reachesOut: all.some((each) => Object.getPrototypeOf(each) !== Object.prototype),
    };
  });
  expect(given).toEqual({
    added: ['flyrail'],
    members: {
      link: ['send', 'onMessage', 'onClose', 'close'],
      shell: ['platform', 'pickShowToOpen', 'pickShowToSave', 'openExternal', 'onCommand', 'onSettle'],
    },
    frozen: true,
    replaceable: false,
    reachesOut: false,
  });
});

test('[DS5] [DS6] the page comes over app://, with its policy, and nothing else comes', async ({ launch }) => {
  const app = await launch();
  const page = await readyPage(app);
  expect(page.url()).toBe('app://flyrail/index.html');
  const answers = await app.evaluate(async ({ session }) => {
    const ask = async (url: string) => {
      const answer = await session.defaultSession.fetch(url);
      return { status: answer.status, policy: answer.headers.get('content-security-policy') ?? '' };
    };
    const strangers = ['app://flyrail/..%2f..%2fpackage.json', 'app://other/index.html', 'app://flyrail/nothing.js'];
    return { page: await ask('app://flyrail/index.html'), strangers: await Promise.all(strangers.map(ask)) };
  });
  expect(answers.page.status).toBe(200);
  expect(answers.strangers.map(({ status }) => status)).toEqual([404, 404, 404]);
  for (const { policy } of [answers.page, ...answers.strangers]) {
    expect(policy).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(policy).not.toContain('unsafe');
  }
  const refused = await asIfClicked(
    app,
    `(async () => {
      const violations = new Set();
      const all = new Promise((resolve) => {
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
          if (violations.add(effectiveDirective).size === 3) resolve();
        });
      });
      document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.inlineRan = true' }));
      document.body.append(Object.assign(document.createElement('iframe'), { src: 'data:text/html,x' }));
      await fetch('https://example.com').catch(() => undefined);
      await all;
      return { violations: [...violations].sort(), inlineRan: 'inlineRan' in window };
    })()`,
  );
  expect(refused).toEqual({
    violations: ['connect-src', 'frame-src', 'script-src-elem'],
    inlineRan: false,
  });
});

test('[DS7] the page stays: no navigation, no redirect, no window, no embedded page', async ({ launch }) => {
  const app = await launch();
  await readyPage(app);
  const refusals = await app.evaluate(async ({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    const places = [
      'https://example.com/',
      'file:///etc/passwd',
      'app://flyrail/icon.svg',
      'data:text/html,x',
      'app://b/',
    ];
    const found: [string, boolean][] = [];
    for (const place of places) {
      const asked = new Promise<boolean>((resolve) => {
        contents?.once('will-frame-navigate', (event) => setImmediate(() => resolve(event.defaultPrevented)));
        // Chromium itself stops some of them before anybody is asked.
        contents?.once('console-message', () => resolve(true));
      });
      await contents?.executeJavaScript(`location.href = ${JSON.stringify(place)}; 0`, true);
      found.push([place, await asked]);
    }
    let redirectPrevented = false;
    contents?.emit('will-redirect', { preventDefault: () => (redirectPrevented = true) }, 'https://example.com/');
    let webviewPrevented = false;
    contents?.emit('will-attach-webview', { preventDefault: () => (webviewPrevented = true) }, {}, {});
    return { found, redirectPrevented, webviewPrevented };
  });
  expect(refusals.found.filter(([, prevented]) => !prevented)).toEqual([]);
  expect(refusals).toMatchObject({ redirectPrevented: true, webviewPrevented: true });
  const opened = await asIfClicked(
    app,
    `(() => {
      const link = Object.assign(document.createElement('a'), { href: 'https://example.com/', target: '_blank' });
      document.body.append(link);
      link.click();
      document.body.append(document.createElement('webview'));
      return [window.open('https://example.com/'), window.open('app://flyrail/index.html')];
    })()`,
  );
  expect(opened).toEqual([null, null]);
  const contents = await app.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map((each) => each.getURL()),
  );
  expect(contents).toEqual(['app://flyrail/index.html']);
  expect(await asIfClicked(app, `document.querySelector('nav') !== null`)).toBe(true);
});

test('[DS8] every permission and device is denied, but for copying text', async ({ launch }) => {
  const app = await launch();
  await readyPage(app);
  const outcome = await asIfClicked(
    app,
    `(async () => {
      const name = (error) => error.name || String(error.code);
      const outcome = async (promise) => promise.then((value) => Array.isArray(value) ? value.length : value, name);
      return {
        geolocation: await new Promise((resolve) => navigator.geolocation.getCurrentPosition(() => resolve('given'), (error) => resolve(error.code))),
        notifications: await Notification.requestPermission(),
        midi: await outcome(navigator.requestMIDIAccess({ sysex: true }).then(() => 'given')),
        readClipboard: await outcome(navigator.clipboard.readText().then(() => 'given')),
        fullPermissions: await Promise.all(['geolocation', 'notifications', 'midi', 'camera', 'clipboard-read'].map((each) => navigator.permissions.query({ name: each }).then(({ state }) => state))),
      };
    })()`,
  );
  expect(outcome).toEqual({
    geolocation: 1,
    notifications: 'denied',
    midi: expect.stringMatching(/NotAllowedError|SecurityError/) as unknown,
    readClipboard: 'NotAllowedError',
    fullPermissions: ['denied', 'denied', 'denied', 'denied', 'denied'],
  });
  const devices = {
    hid: `navigator.hid.requestDevice({ filters: [] }).then((found) => found.length)`,
    serial: `navigator.serial.requestPort().then(() => 'given', (error) => error.name)`,
    usb: `navigator.usb.requestDevice({ filters: [] }).then(() => 'given', (error) => error.name)`,
    screen: `navigator.mediaDevices.getDisplayMedia().then(() => 'given', (error) => error.name)`,
  };
  // One click each: asking uses it up.
  expect(await asIfClicked(app, devices.hid)).toBe(0);
  expect(await asIfClicked(app, devices.serial)).not.toBe('given');
  expect(await asIfClicked(app, devices.usb)).not.toBe('given');
  expect(await asIfClicked(app, devices.screen)).not.toBe('given');
  const copying = `navigator.permissions.query({ name: 'clipboard-write' }).then(({ state }) => state)`;
  expect(await asIfClicked(app, copying)).toBe('granted');
});

test('[DS9] the page cannot write a file by itself', async ({ launch }) => {
  const app = await launch();
  await readyPage(app);
  const prevented = await app.evaluate(async ({ BrowserWindow, session }) => {
    const asked = new Promise<boolean>((resolve) => {
      session.defaultSession.once('will-download', (event) => resolve(event.defaultPrevented));
    });
    await BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(
      `Object.assign(document.createElement('a'), { href: URL.createObjectURL(new Blob(['x'])), download: 'x.exe' }).click()`,
      true,
    );
    return asked;
  });
  expect(prevented).toBe(true);
});

test('[DS10] only the page of the window is heard', async ({ launch }) => {
  const app = await launch();
  await readyPage(app);
  const answers = await app.evaluate(async ({ app: electron, BrowserWindow, dialog }) => {
    let opened = 0;
    const pick = () => Promise.resolve({ canceled: true, filePaths: [String(opened++)] });
    Object.assign(dialog, { showOpenDialog: pick });
    const [ours] = BrowserWindow.getAllWindows();
    const preload = `${electron.getAppPath()}/out/preload/index.cjs`;
    const call = (window: Electron.BrowserWindow | undefined) =>
      window?.webContents.executeJavaScript(
        `window.flyrail.shell.pickShowToOpen().then((path) => String(path), (error) => error.message)`,
      ) as Promise<string>;
    const answers = [await call(ours)];
    for (const url of ['app://flyrail/index.html', 'data:text/html,stranger']) {
      const stranger = new BrowserWindow({ show: false, webPreferences: { sandbox: true, preload } });
      await stranger.loadURL(url);
      answers.push(await call(stranger));
      stranger.destroy();
    }
    return { answers, opened };
  });
  expect(answers.answers[0]).toBe('undefined');
  expect(answers.answers.slice(1)).toEqual([
    expect.stringContaining('Refused: only the page of Flyrail may ask for this.'),
    expect.stringContaining('Refused: only the page of Flyrail may ask for this.'),
  ]);
  expect(answers.opened).toBe(1);
});

test('[DS12] pages of the list open in the browser, nothing else does', async ({ launch }) => {
  const app = await launch();
  const page = await readyPage(app);
  await app.evaluate(({ shell }) => {
    globalThis.askedBoxes = [];
    const open = (url: string) => {
      globalThis.askedBoxes?.push({ message: url, detail: '', buttons: [] });
      return Promise.resolve();
    };
    Object.assign(shell, { openExternal: open });
  });
  const urls = [
    'https://github.com/x',
    'http://10.90.0.3:80/setup',
    'http://github.com/',
    'http://127.0.0.1:7380/',
    'javascript:alert(1)',
    'file:///etc/passwd',
    '',
    7,
    null,
  ];
  const answers = await page.evaluate(async (list) => {
    const { shell } = (window as unknown as { flyrail: { shell: { openExternal(url: unknown): Promise<boolean> } } })
      .flyrail;
    return Promise.all(list.map((url) => shell.openExternal(url)));
  }, urls);
  expect(answers).toEqual([true, true, false, false, false, false, false, false, false]);
  expect(await app.evaluate(() => globalThis.askedBoxes?.map(({ message }) => message))).toEqual([
    'https://github.com/x',
    'http://10.90.0.3:80/setup',
  ]);
});
