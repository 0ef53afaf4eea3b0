import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { goTo } from './pages/areas.ts';
import { expect, test } from './watched-page.ts';

const headless = fileURLToPath(new URL('../../out/main/headless.js', import.meta.url));
/** where pictures of the section go, for who wants to look at them */
const pictures = process.env['FLYRAIL_SHOTS'];

/** @returns the exit code and what it complained of */
async function pub(url: string, ...args: string[]): Promise<{ code: number | null; complaint: string }> {
  const child = spawn(process.execPath, [headless, 'pub', '/desk/fader/1', '0.5', '--url', url, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, complaint: Buffer.concat(said).toString() };
}

function section(page: Page) {
  return page.getByRole('region', { name: 'Access' });
}

async function makeToken(page: Page, name: string): Promise<string> {
  await section(page).getByRole('button', { name: 'New token' }).click();
  await section(page).getByLabel('name').fill(name);
  await section(page).getByRole('button', { name: 'Make token' }).click();
  return section(page)
    .getByRole('group', { name: `The new token ${name}` })
    .getByRole('status')
    .innerText();
}

test('[UI467] asking is switched on, a token is made and revoked in the page, and clients find it so', async ({
  serving,
  page,
}) => {
  const { url } = serving.ready.clasp;
  await page.goto(serving.ready.ui.url);
  await goTo(page, 'Devices');
  expect((await pub(url)).code).toBe(0);
  await section(page).getByRole('switch', { name: 'Ask for tokens' }).click();
  await expect(section(page).getByText('No token opens the router.')).toBeVisible();
  const unasked = await pub(url);
  expect(unasked.code).not.toBe(0);
  expect(unasked.complaint).toContain('300');
  const token = await makeToken(page, 'FOH');
  expect((await pub(url, '--token', token)).code).toBe(0);
  await section(page).getByRole('button', { name: 'Put away' }).click();
  await expect(page.getByText(token)).toBeHidden();
  const row = section(page).getByRole('listitem').filter({ hasText: 'FOH' });
  await row.getByRole('button', { name: 'Revoke' }).click();
  await row.getByRole('button', { name: 'Revoke now' }).click();
  await expect(row.getByText(/revoked/)).toBeVisible();
  const revoked = await pub(url, '--token', token);
  expect(revoked.code).not.toBe(0);
  expect(revoked.complaint).toContain('300');
});

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 820, height: 1180 },
  { width: 390, height: 844 },
]) {
  test(`[UI468] axe finds nothing in the section Access at ${viewport.width} × ${viewport.height}, and fingers hit`, async ({
    serving,
    page,
  }) => {
    await page.goto(serving.ready.ui.url);
    await page.setViewportSize(viewport);
    await goTo(page, 'Devices');
    const access = section(page);
    await access.getByRole('switch', { name: 'Ask for tokens' }).click();
    await makeToken(page, 'Front of house');
    await makeToken(page, 'Lamps');
    const row = access.getByRole('listitem').filter({ hasText: 'Front of house' });
    await row.getByRole('button', { name: 'Revoke' }).click();
    await access.getByRole('button', { name: 'New token' }).click();
    await access.getByLabel('who has it may').selectOption('What a list says');
    await access.getByLabel('it ends').selectOption('On a day');
    await access.getByRole('button', { name: 'Add a pattern' }).click();
    for (const hall of ['dark', 'lit']) {
      await page.evaluate((name) => (document.documentElement.dataset['hall'] = name), hall);
      if (pictures !== undefined) {
        await mkdir(pictures, { recursive: true });
        for (const [part, target] of [
          ['head', access.getByRole('heading', { name: 'Access' })],
          ['form', access.getByRole('form', { name: 'New token' })],
          ['foot', access.getByRole('button', { name: 'Apply rates' })],
        ] as const) {
          await target.evaluate((found) => found.scrollIntoView({ block: 'center' }));
          await page.screenshot({ path: join(pictures, `access-${viewport.width}-${hall}-${part}.png`) });
        }
      }
      const { violations } = await new AxeBuilder({ page }).include('section[aria-label="Access"]').analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([]);
    }
    if (viewport.width > 900) return;
    const small = await access.locator(':is(button, a, select, input)').evaluateAll((found) =>
      found
        .map((each) => ({ html: each.outerHTML, box: each.getBoundingClientRect() }))
        .filter(({ box }) => box.width < 44 || box.height < 44)
        .map(({ html }) => html),
    );
    expect(small).toEqual([]);
  });
}
