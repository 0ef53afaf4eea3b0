import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { goTo } from './pages/areas.ts';
import { expect, test } from './watched-page.ts';

const headless = fileURLToPath(new URL('../../out/main/headless.js', import.meta.url));

function ways(page: Page): Locator {
  return page.getByRole('grid', { name: 'Ways in' });
}

/** Adds a way in over TCP for this machine by the form. */
async function addTcp(page: Page, port: number): Promise<void> {
  await page.getByRole('button', { name: 'Add a way in' }).click();
  const form = page.getByRole('form', { name: 'New way in' });
  await form.getByLabel('port', { exact: true }).fill(String(port));
  await form.getByRole('button', { name: 'Add way in' }).click();
  await expect(form).toBeHidden();
}

test('[UI447] a client comes in by a way that was made in the page, is counted, and out when it is switched off', async ({
  serving,
  page,
}) => {
  await page.goto(serving.ready.ui.url);
  await goTo(page, 'Devices');
  await addTcp(page, 0);
  const row = ways(page).getByRole('row', { name: /^TCP, tcp:/ });
  await expect(row).toBeFocused();
  const url = await row.getByTitle(/^tcp:\/\/127\.0\.0\.1:\d+$/).innerText();
  const pub = spawn(process.execPath, [headless, 'pub', '/desk/fader/1', '0.5', '--url', url], { stdio: 'ignore' });
  expect(await once(pub, 'exit')).toEqual([0, null]);
  const sub = spawn(process.execPath, [headless, 'sub', '/desk/**', '--url', url], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    await once(sub.stdout, 'data');
    await expect(ways(page).getByRole('row', { name: /^TCP, .*Open, 1 now, 2 in all, 0 refused$/ })).toBeVisible();
    await row.getByRole('switch').click();
    await expect(ways(page).getByRole('row', { name: /^TCP, .*Off, Switched off., 0 now, 2 in all/ })).toBeVisible();
  } finally {
    sub.kill('SIGKILL');
  }
});

test('[UI447] a way in whose port is taken says why, and opens by itself once it is free', async ({
  serving,
  page,
}) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  await page.goto(serving.ready.ui.url);
  await goTo(page, 'Devices');
  await addTcp(page, port);
  const broken = ways(page).getByRole('row', { name: new RegExp(`^TCP, .*Broken, .*${port}.*Flyrail keeps trying`) });
  await expect(broken).toBeVisible();
  await new Promise((done) => other.close(done));
  await expect(ways(page).getByRole('row', { name: /^TCP, .*Open, 0 now/ })).toBeVisible();
});

test('[UI444] the engine lets nobody in unasked from other machines, unless that is chosen, and the row says so', async ({
  serving,
  page,
}) => {
  await page.goto(serving.ready.ui.url);
  await goTo(page, 'Devices');
  await page.getByRole('button', { name: 'Add a way in' }).click();
  const form = page.getByRole('form', { name: 'New way in' });
  await form.getByLabel('port', { exact: true }).fill('0');
  await form.getByLabel('clients come from').selectOption('Every network card');
  await form.getByRole('button', { name: 'Add way in' }).click();
  await expect(form.getByRole('alert')).toContainText('nobody is asked who they are');
  await form.getByLabel('other machines').selectOption('Let anyone in');
  await form.getByRole('button', { name: 'Add way in' }).click();
  const row = ways(page).getByRole('row', { name: /^TCP, tcp:.*Other machines come in and nobody is asked/ });
  await expect(row).toBeVisible();
  await row.getByRole('button', { name: /^Delete/ }).click();
  await expect(row).toBeHidden();
});

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 820, height: 1180 },
  { width: 390, height: 844 },
]) {
  test(`[UI457] axe finds nothing in ways in and their form at ${viewport.width} × ${viewport.height}, and fingers hit`, async ({
    serving,
    page,
  }) => {
    await page.goto(serving.ready.ui.url);
    await page.setViewportSize(viewport);
    await goTo(page, 'Devices');
    await addTcp(page, 0);
    await page.getByRole('button', { name: 'Add a way in' }).click();
    for (const name of ['Ways in', 'Found on the network']) {
      const { violations } = await new AxeBuilder({ page }).include(`section[aria-label="${name}"]`).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([]);
      if (viewport.width > 900) continue;
      const small = await page
        .locator(`section[aria-label="${name}"] :is(button, a, select, input)`)
        .evaluateAll((found) =>
          found
            .map((each) => ({ html: each.outerHTML, box: each.getBoundingClientRect() }))
            .filter(({ box }) => box.width < 44 || box.height < 44)
            .map(({ html }) => html),
        );
      expect(small).toEqual([]);
    }
  });
}
