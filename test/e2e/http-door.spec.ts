import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import type { Page } from '@playwright/test';
import { goTo } from './pages/areas.ts';
import { startServing } from './serve.ts';
import { expect, test } from './watched-page.ts';

/** A page of somebody else's, from an origin of its own. */
async function hostPage(): Promise<{ origin: string; close: () => Promise<void> }> {
  const web = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>page</title>');
  });
  web.listen(0, '127.0.0.1');
  await once(web, 'listening');
  const { port } = web.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: async () => {
      web.closeAllConnections();
      await new Promise((done) => web.close(done));
    },
  };
}

/** A cable to the door that can be cut. */
async function layCable(url: string): Promise<{ url: string; cut: () => void; close: () => void }> {
  const ends = new Set<Socket>();
  const cable = createTcpServer((near) => {
    const far = connect(Number(new URL(url).port), '127.0.0.1');
    for (const end of [near, far]) ends.add(end.on('error', () => undefined));
    near.pipe(far).pipe(near);
  });
  cable.listen(0, '127.0.0.1');
  await once(cable, 'listening');
  const cut = (): void => {
    for (const end of ends) end.destroy();
    ends.clear();
  };
  const close = (): void => {
    cable.close();
    cut();
  };
  return { url: `http://127.0.0.1:${(cable.address() as AddressInfo).port}`, cut, close };
}

function transport(ready: { readonly transports: readonly { readonly name: string; readonly url: string }[] }): string {
  return ready.transports.find(({ name }) => name === 'http')?.url ?? '';
}

/** Opens an EventSource in the page and keeps what it says in `window.heard`. */
function listenIn(page: Page, url: string): Promise<void> {
  return page.evaluate((at) => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    const source = new EventSource(`${at}/api/events?pattern=/stage/**`);
    source.onmessage = ({ data }) => heard.push(String(data));
    for (const name of ['given', 'resumed', 'reset']) source.addEventListener(name, () => heard.push(name));
    source.onerror = () => heard.push('error');
  }, url);
}

function heardIn(page: Page): Promise<string[]> {
  return page.evaluate(() => (window as unknown as { heard: string[] }).heard);
}

test.describe('a page from elsewhere', () => {
  // That is what a page that is not allowed hears of it.
  test.use({
    allowedProblems:
      /blocked by CORS policy|ERR_FAILED|ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_INCOMPLETE|ERR_EMPTY/,
  });
  test('[HR18] a page that is allowed sets values and hears changes by an EventSource, one that is not neither', async ({
    dataDir,
    page,
  }) => {
    const [friend, stranger] = [await hostPage(), await hostPage()];
    const serving = await startServing(['--data', dataDir, '--no-ui', '--transport', `http=0,origin=${friend.origin}`]);
    const url = transport(serving.ready);
    const put = (value: number) =>
      page.evaluate(
        async ([at, body]) => {
          const answer = await fetch(`${at}/api/signals/stage/lamp`, {
            method: 'PUT',
            body,
            headers: { 'content-type': 'application/json' },
          });
          return [answer.status, answer.headers.get('etag')];
        },
        [url, String(value)] as const,
      );
    try {
      await page.goto(friend.origin);
      await listenIn(page, url);
      await expect.poll(() => heardIn(page)).toEqual(['given']);
      expect(await put(0.5)).toEqual([204, expect.stringMatching(/^"\d+"$/)]);
      await expect.poll(() => heardIn(page)).toHaveLength(2);
      expect(JSON.parse((await heardIn(page))[1] ?? '')).toMatchObject({
        address: '/stage/lamp',
        kind: 'param',
        value: 0.5,
      });
      await page.goto(stranger.origin);
      await listenIn(page, url);
      await expect.poll(() => heardIn(page)).toEqual(['error']);
      await expect(put(0.9)).rejects.toThrow('Failed to fetch');
      expect(await (await fetch(`${url}/api/stage/lamp`)).text()).toBe('0.5');
    } finally {
      await serving.stop();
      await Promise.all([friend.close(), stranger.close()]);
    }
  });

  test('[HR19] an EventSource whose connection is cut comes back by itself and misses nothing', async ({
    dataDir,
    page,
  }) => {
    const friend = await hostPage();
    const serving = await startServing(['--data', dataDir, '--no-ui', '--transport', `http=0,origin=${friend.origin}`]);
    const url = transport(serving.ready);
    const cable = await layCable(url);
    const headers = { 'content-type': 'application/json' };
    const post = (value: number) => fetch(`${url}/api/stage/go`, { method: 'POST', body: String(value), headers });
    try {
      await page.goto(friend.origin);
      await listenIn(page, cable.url);
      await expect.poll(() => heardIn(page)).toEqual(['given']);
      await post(1);
      await expect.poll(() => heardIn(page)).toHaveLength(2);
      cable.cut();
      await expect.poll(() => heardIn(page)).toContain('error');
      await post(2);
      await post(3);
      await expect.poll(() => heardIn(page), { timeout: 15_000 }).toContain('resumed');
      await expect
        .poll(async () =>
          (await heardIn(page))
            .filter((each) => each.startsWith('{'))
            .map((each) => (JSON.parse(each) as { value: number }).value),
        )
        .toEqual([1, 2, 3]);
    } finally {
      cable.close();
      await serving.stop();
      await friend.close();
    }
  });
});

test('[HR19] a web door is made and seen in the window', async ({ serving, page }, testInfo) => {
  await page.goto(serving.ready.ui.url);
  await goTo(page, 'Devices');
  await page.getByRole('button', { name: 'Add a way in' }).click();
  const form = page.getByRole('form', { name: 'New way in' });
  await form.getByLabel('kind').selectOption('HTTP and WebSocket');
  await form.getByLabel('port', { exact: true }).fill('0');
  await form.getByLabel('pages from elsewhere').fill('show.example');
  await expect(form.getByText('Name up to 64 origins such as https://show.example.org')).toBeVisible();
  await form.getByLabel('pages from elsewhere').fill('https://show.example');
  await form.scrollIntoViewIfNeeded();
  await page.screenshot({ path: testInfo.outputPath('http-door-form.png') });
  await form.getByRole('button', { name: 'Add way in' }).click();
  const row = page.getByRole('grid', { name: 'Ways in' }).getByRole('row', { name: /^HTTP and WebSocket, http:/ });
  await expect(row).toBeVisible();
  const url = await row.getByTitle(/^http:\/\/127\.0\.0\.1:\d+$/).innerText();
  expect((await fetch(`${url}/api/health`)).status).toBe(200);
  expect((await fetch(`${url}/api/lamp/1`, { method: 'PUT', body: '1' })).status).toBe(204);
  await expect(
    page.getByRole('row', { name: /^HTTP and WebSocket, .*Open, 1 now, 1 in all, 0 refused$/ }),
  ).toBeVisible();
  await page.screenshot({ path: testInfo.outputPath('http-door-row.png') });
});
