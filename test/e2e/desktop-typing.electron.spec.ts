import type { ElectronApplication, Page } from '@playwright/test';
import { answerBoxes, enginePid, readyPage } from './desktop.ts';
import { expect, test } from './electron.ts';

/** A hand that types on while it looks at the stage. */
const keyEveryMs = 100;

test('[EE19] a name that is typed while the engine is started again is whole, and no key ran as a command', async ({
  launch,
}) => {
  const app = await launch({ args: [] });
  const page = await demoPage(app);
  await page.getByRole('switch', { name: 'Set 2', exact: true }).waitFor();
  const rows = await page.locator('[data-row]').count();
  await page.locator('[data-row]').nth(1).click();
  const field = page.locator('[data-region="inspector"]').getByLabel('name', { exact: true });
  await field.fill('');
  const pid = (await enginePid(app)) ?? 0;
  const band = page.getByRole('alert').filter({ hasText: 'No connection to the engine' });
  const wasSaid = band.waitFor();
  process.kill(pid, 'SIGKILL');
  const name = 'blinder lane 18 nine, down and left of the moon';
  await field.pressSequentially(name.slice(0, 24), { delay: keyEveryMs });
  await wasSaid;
  await expect(field).toBeFocused();
  await page.keyboard.type(name.slice(24), { delay: keyEveryMs });
  await expect(band).toBeHidden();
  await expect(field).toBeFocused();
  await expect(field).toHaveValue(name);
  await expect(page.getByRole('heading', { level: 1, name: 'Patch' })).toBeVisible();
  expect(await page.locator('[data-row]').count()).toBe(rows);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 2, name })).toBeVisible();
});

test('[UI430] a name that was entered while the engine is started again is taken when it is back', async ({
  launch,
}) => {
  const app = await launch({ args: [] });
  const page = await demoPage(app);
  await page.locator('[data-row]').nth(1).click();
  const field = page.locator('[data-region="inspector"]').getByLabel('name', { exact: true });
  await field.fill('half of the blinders');
  const entered = page
    .getByRole('alert')
    .filter({ hasText: 'No connection to the engine' })
    .waitFor()
    .then(() => page.keyboard.press('Enter'));
  process.kill((await enginePid(app)) ?? 0, 'SIGKILL');
  await entered;
  await expect(page.getByText('name: taken when the engine is back.')).toBeVisible();
  await expect(page.getByRole('heading', { level: 2, name: 'half of the blinders' })).toBeVisible();
  await expect(field).toBeFocused();
});

test('[UI120] a name of a group that was left while the engine is started again is taken when it is back', async ({
  launch,
}) => {
  const app = await launch({ args: [] });
  const page = await demoPage(app);
  const head = page.getByRole('row', { name: /^group / }).first();
  await head.hover();
  await head.getByRole('button', { name: /^Rename/ }).click();
  await head.getByRole('textbox', { name: 'Name of the group' }).fill('Balcony');
  const areas = page.getByRole('navigation', { name: 'Areas' });
  const left = page
    .getByRole('alert')
    .filter({ hasText: 'No connection to the engine' })
    .waitFor()
    .then(() => areas.getByRole('button', { name: /^Show/ }).click());
  process.kill((await enginePid(app)) ?? 0, 'SIGKILL');
  await left;
  await expect(page.getByText('Taken: “Balcony” as name of the group')).toBeVisible();
  await areas.getByRole('button', { name: /^Patch/ }).click();
  await expect(page.getByRole('row', { name: /^group Balcony/ })).toBeVisible();
});

test('[UI150] texts that are handed on to an engine that dies are in the show when the next one is there', async ({
  launch,
}) => {
  const app = await launch();
  const page = await demoPage(app);
  await page.locator('[data-row]').nth(1).click();
  const inspector = page.locator('[data-region="inspector"]');
  const source = inspector.getByLabel('source', { exact: true });
  const pid = (await enginePid(app)) ?? 0;
  await inspector.getByLabel('name', { exact: true }).fill('blinders left');
  // It hangs first, so that both texts are on their way before the page can know that it is gone.
  process.kill(pid, 'SIGSTOP');
  await page.keyboard.press('Enter');
  await source.fill('/desk/new/1');
  await page.keyboard.press('Enter');
  const said = page.getByText('Not taken yet: “blinders left” as name, “/desk/new/1” as source.').waitFor();
  process.kill(pid, 'SIGKILL');
  await said;
  await expect(page.getByText('Taken: “blinders left” as name')).toBeVisible();
  await expect(page.getByRole('heading', { level: 2, name: 'blinders left' })).toBeVisible();
  await expect(source).toHaveValue('/desk/new/1');
  await expectKept(page);
  await answerBoxes(app, 'Quit without saving');
});

/** The window with the demo show on the table. */
async function demoPage(app: ElectronApplication): Promise<Page> {
  const page = await readyPage(app);
  await page.getByRole('button', { name: 'Open the demo show' }).click();
  return page;
}

/** The engine has it: it is taken back by undo, once for each text. */
async function expectKept(page: Page): Promise<void> {
  const heading = page.getByRole('heading', { level: 2, name: 'blinders left' });
  await page.locator('[data-row]').nth(1).focus();
  await page.keyboard.press('Control+z');
  await expect(heading).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(heading).toBeHidden();
}
