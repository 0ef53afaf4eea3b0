import type { Locator, Page } from '@playwright/test';
import { goTo } from './pages/areas.ts';
import { mappingRow, mappingRows } from './pages/patch-page.ts';
import { expect, test } from './watched-page.ts';

async function openShowPage(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await goTo(page, 'Show');
}

async function saveAs(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: /^Save as/ }).click();
  await page.getByLabel('name of the show').fill(name);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
}

async function newShow(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'New', exact: true }).click();
  await page.getByLabel('name of the show').fill(name);
  await page.getByRole('button', { name: 'Make it' }).click();
  await expect(nameField(page)).toHaveValue(name);
}

async function rename(page: Page, name: string): Promise<void> {
  await nameField(page).fill(name);
  await nameField(page).press('Enter');
  await expect(page).toHaveTitle(`• ${name}`);
}

function nameField(page: Page): Locator {
  return page.getByRole('textbox', { name: 'name', exact: true });
}

function entry(page: Page, list: string, name: string): Locator {
  return page.getByRole('region', { name: list }).getByRole('listitem').filter({ hasText: name });
}

const shows = 'Shows on this machine';

test('[EE9] shows are renamed, saved under a name, and opened again from both lists', async ({ serving, page }) => {
  await openShowPage(page, serving.ready.ui.url);
  await rename(page, 'Gala');
  await saveAs(page, 'gala');
  await expect(page).toHaveTitle('Gala');
  await expect(entry(page, shows, 'gala')).toContainText('on the table');
  await newShow(page, 'Revue');
  await saveAs(page, 'revue');
  await expect(entry(page, shows, 'revue')).toContainText('on the table');
  await entry(page, shows, 'gala').getByRole('button', { name: 'Open' }).click();
  await expect(page).toHaveTitle('Gala');
  await entry(page, 'Recent', 'Revue').getByRole('button', { name: 'Open' }).click();
  await expect(page).toHaveTitle('Revue');
  await expect(entry(page, 'Recent', 'Revue')).toContainText('on the table');
});

test('[EE10] a show is replaced only after a yes, and another opens only after a word on unsaved edits', async ({
  serving,
  page,
}) => {
  await openShowPage(page, serving.ready.ui.url);
  await rename(page, 'Old');
  await saveAs(page, 'gala');
  await newShow(page, 'Fresh');
  await saveAs(page, 'gala');
  const replace = page.getByRole('form', { name: 'There is a show of that name: gala' });
  await expect(replace.getByRole('button', { name: 'Replace it' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(replace).toBeHidden();
  await expect(page.getByRole('region', { name: 'The show on the table' })).toContainText('no file yet');
  await saveAs(page, 'gala');
  await replace.getByRole('button', { name: 'Replace it' }).click();
  await expect(page.getByText('The file holds every edit.')).toBeVisible();
  await rename(page, 'Fresher');
  await page.getByRole('button', { name: 'New', exact: true }).click();
  await page.getByLabel('name of the show').fill('Next');
  await page.getByRole('button', { name: 'Make it' }).click();
  const unsaved = page.getByRole('form', { name: 'Fresher has edits that are not in its file' });
  await unsaved.getByRole('button', { name: 'Save first' }).click();
  await expect(nameField(page)).toHaveValue('Next');
  await entry(page, shows, 'gala').getByRole('button', { name: 'Open' }).click();
  await expect(page).toHaveTitle('Fresher');
});

test('[EE11] a backup brings back what was saved before, and what was on the table is kept', async ({
  serving,
  page,
}) => {
  await openShowPage(page, serving.ready.ui.url);
  await rename(page, 'First');
  await saveAs(page, 'gala');
  await rename(page, 'Second');
  await page.getByRole('button', { name: /^Save Ctrl S$/ }).click();
  await expect(page).toHaveTitle('Second');
  const restore = page.getByRole('region', { name: 'Backups' }).getByRole('button', { name: 'Restore' });
  await expect(restore).toHaveCount(1);
  await restore.click();
  await page.getByRole('button', { name: 'Go back to it' }).click();
  await expect(nameField(page)).toHaveValue('First');
  // What was on the table is among them now.
  await expect(restore).toHaveCount(2);
  await restore.first().click();
  await page.getByRole('button', { name: 'Go back to it' }).click();
  await expect(nameField(page)).toHaveValue('Second');
});

test('[EE12] the demo is offered on the first start, and its wires move', async ({ serving, page }) => {
  await page.goto(serving.ready.ui.url);
  await page.getByRole('button', { name: 'Open the demo show' }).click();
  await expect(mappingRows(page)).toHaveCount(6);
  const row = mappingRow(page, 1);
  const wires = page.locator('canvas').first();
  const drawn = () => wires.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  await expect(page.getByRole('button', { name: /^Flowing [4-6]$/ })).toBeVisible();
  const before = { words: await row.innerText(), picture: await drawn() };
  await expect.poll(() => row.innerText()).not.toBe(before.words);
  await expect.poll(drawn).not.toBe(before.picture);
  await page.reload();
  await expect(mappingRows(page)).toHaveCount(6);
  await goTo(page, 'Show');
  await expect(page.getByRole('button', { name: 'Open the demo show' })).toHaveCount(0);
});
