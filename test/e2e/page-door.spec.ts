import { freePort } from '../free-port.ts';
import { goTo } from './pages/areas.ts';
import { startServing } from './serve.ts';
import { expect, test } from './watched-page.ts';

test('[EE13] pages come with a policy that lets nothing in from elsewhere, and ask nobody else', async ({
  serving,
  page,
  watch,
}) => {
  const response = await page.goto(serving.ready.ui.url);
  const headers = response?.headers() ?? {};
  expect(headers['content-security-policy']).toBe(
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; font-src 'self'; img-src 'self' data:; " +
      "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
  });
  for (const area of ['Patch', 'Devices', 'Monitor', 'Show'] as const) await goTo(page, area);
  expect(watch.problems).toEqual([]);
  // What comes now is asked for.
  watch.end();
  const stopped = await page.evaluate(async () => {
    const violation = new Promise<string>((resolve) => {
      addEventListener('securitypolicyviolation', (event) => resolve(event.violatedDirective), { once: true });
    });
    document.body.append(Object.assign(document.createElement('script'), { text: 'document.title = "in"' }));
    return violation;
  });
  expect(stopped).toBe('script-src-elem');
  expect(await page.title()).not.toBe('in');
});

test('[EE14] a link works once: another browser is told to find a fresh one', async ({ serving, page, browser }) => {
  await page.goto(serving.ready.ui.url);
  await expect(page).toHaveTitle('Untitled');
  expect(page.url()).not.toContain('#');
  await page.reload();
  await expect(page).toHaveTitle('Untitled');
  const stranger = await browser.newPage();
  await stranger.goto(serving.ready.ui.url);
  await expect(stranger.getByText('This link was already used or has run out.')).toBeVisible();
  await expect(stranger.getByText('Find a fresh one')).toBeVisible();
  await stranger.close();
});

test('[EE15] a page whose engine was killed says so, and after the restart that it wants a new link', async ({
  dataDir,
  browser,
}) => {
  const fixed = ['--data', dataDir, '--port', `${await freePort()}`, '--ui-port', `${await freePort()}`];
  let serving = await startServing(fixed);
  const page = await browser.newPage();
  try {
    await page.goto(serving.ready.ui.url);
    await expect(page).toHaveTitle('Untitled');
    process.kill(serving.ready.pid, 'SIGKILL');
    const band = page.getByRole('alert').filter({ hasText: 'No connection to the engine.' });
    await expect(band).toContainText('This is the last picture; nothing can be changed. Flyrail tries again.');
    serving = await startServing(fixed);
    await expect(page.getByText('This page has no session.')).toBeVisible();
    await expect(page.getByText('Find a fresh one')).toBeVisible();
    // In the same tab only the fragment differs, so the browser does not load the page anew.
    await page.goto(serving.ready.ui.url);
    await expect(page.getByRole('heading', { level: 1, name: 'Patch' })).toBeVisible();
    expect(page.url()).not.toContain('#');
    await expect(band).toBeHidden();
  } finally {
    await page.close();
    await serving.stop();
  }
});
