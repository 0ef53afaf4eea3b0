import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import type { Transform } from '../../src-main/contract/show.ts';
import { writeShow } from './desktop.ts';
import { goTo } from './pages/areas.ts';
import { inspector, mappingRow } from './pages/patch-page.ts';
import { expect, mapping, test } from './stage.ts';

const scale = (outMax: number): Transform => ({
  type: 'scale',
  enabled: true,
  inMin: 0,
  inMax: 1,
  outMin: 0,
  outMax,
});
const clamp: Transform = { type: 'clamp', enabled: true, min: 0, max: 1 };

test('[UI130] learn ends when another set is chosen, and takes nothing for it', async ({ setStage }) => {
  const { page, desk } = await setStage({ mappings: [1, 2, 3].map((number) => mapping(number)) });
  await mappingRow(page, 2).click();
  await page.keyboard.press('l');
  const learn = page.getByRole('region', { name: 'Learn' });
  desk.set('/desk/other', 0.4);
  await expect(learn).toContainText('Listening for the source of set 2');
  await expect(learn.getByRole('option')).toContainText('/desk/other');
  await mappingRow(page, 3).click();
  await expect(learn).toBeHidden();
  await expect(page.getByRole('status').filter({ hasText: 'Learn for set 2 has ended' })).toBeVisible();
  await expect(mappingRow(page, 2)).toContainText('/desk/fader/2');
});

test('[UI131] a typed number follows its step that another window moves, and is not lost with it', async ({
  setStage,
}) => {
  const { page, serving } = await setStage({ mappings: [mapping(1, { transforms: [scale(10), clamp] })] });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  const other = await secondWindow(page, serving.ready.ui.url);
  await mappingRow(page, 1).click();
  const field = inspector(page).getByLabel('to', { exact: true });
  await field.fill('77');
  await mappingRow(other, 1).click();
  await inspector(other).getByRole('button', { name: 'Move Scale down' }).click();
  await expect(steps(page)).toHaveText(['Clamp', 'Scale']);
  await expect(field).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(inspector(other).getByLabel('to', { exact: true })).toHaveValue('77');
  await expect(steps(other)).toHaveText(['Clamp', 'Scale']);
  await field.fill('88');
  await inspector(other).getByRole('button', { name: 'Remove Scale' }).click();
  await expect(steps(page)).toHaveText(['Clamp']);
  await expect(page.getByRole('alert').filter({ hasText: 'Not taken: “88” as to of Scale of set 1' })).toBeVisible();
  await expect(steps(other)).toHaveText(['Clamp']);
  expect(errors).toEqual([]);
});

test('[UI170] what is half typed stays in its field, cursor included, while another window moves its place', async ({
  setStage,
}) => {
  const { page, serving } = await setStage({
    groups: ['Desk', 'Light'].map((name) => ({ id: name, name, folded: false })),
    mappings: [mapping(1, { transforms: [scale(10), clamp] }), mapping(2, { groupId: 'Light' })],
  });
  const other = await secondWindow(page, serving.ready.ui.url);
  await mappingRow(other, 1).click();
  await page.bringToFront();
  await mappingRow(page, 1).click();
  const number = inspector(page).getByLabel('to', { exact: true });
  await number.fill('1234');
  await number.press('ArrowLeft');
  await inspector(other).getByRole('button', { name: 'Move Scale down' }).dispatchEvent('click');
  await expect(steps(page)).toHaveText(['Clamp', 'Scale']);
  await page.keyboard.type('5');
  await expect(number).toHaveValue('12354');
  await expect(inspector(other).getByLabel('to', { exact: true })).toHaveValue('10');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Rename Desk' }).click({ force: true });
  const name = page.getByLabel('Name of the group');
  await name.fill('Fro');
  await mappingRow(other, 2).dispatchEvent('click');
  await inspector(other).getByLabel('group').selectOption('none');
  await expect(page.locator('[role=treegrid] [data-row]').nth(2)).toHaveAttribute('data-row', 'Desk');
  await page.keyboard.type('nt');
  await expect(name).toHaveValue('Front');
  await expect(other.getByRole('row', { name: 'group Desk' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(other.getByRole('row', { name: 'group Front' })).toBeVisible();
});

test('[UI131] a drag stays with its step when another window removes one before it', async ({ setStage }) => {
  const { page, serving } = await setStage({ mappings: [mapping(1, { transforms: [clamp, scale(10)] })] });
  const other = await secondWindow(page, serving.ready.ui.url);
  await mappingRow(other, 1).click();
  await page.bringToFront();
  await mappingRow(page, 1).click();
  const field = inspector(page).getByLabel('to', { exact: true });
  const box = await field.boundingBox();
  if (!box) throw new Error('The field has no place.');
  await page.mouse.move(box.x + 20, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + 60, box.y + 10, { steps: 4 });
  await inspector(other).getByRole('button', { name: 'Remove Clamp' }).dispatchEvent('click');
  await expect(steps(page)).toHaveText(['Scale']);
  await page.mouse.move(box.x + 100, box.y + 10, { steps: 4 });
  await page.mouse.up();
  await expect(steps(other)).toHaveText(['Scale']);
  await expect.poll(async () => Number(await field.inputValue())).toBeGreaterThan(10);
});

test('[UI132] a text that is typed for one show does not reach another with the same sets', async ({
  setStage,
  dataDir,
}) => {
  const { page, serving } = await setStage({ mappings: [mapping(1, { name: 'Monday' })] });
  const shows = join(dataDir, 'shows');
  await mkdir(shows, { recursive: true });
  await writeShow(shows, 'Tuesday', { mappings: [mapping(1, { name: 'Tuesday' })] });
  const other = await secondWindow(page, serving.ready.ui.url);
  await mappingRow(page, 1).click();
  const name = inspector(page).getByLabel('name', { exact: true });
  await name.fill('typed for Monday');
  await goTo(other, 'Show');
  await other
    .getByRole('button', { name: /Tuesday/ })
    .first()
    .click();
  await expect(page.getByRole('alert').filter({ hasText: 'Not taken: “typed for Monday” as name' })).toBeVisible();
  await expect(name).toHaveValue('Tuesday');
});

test('[UI135] the focus is never lost to a step or a set that was changed by hand', async ({ setStage }) => {
  const { page } = await setStage({ mappings: [mapping(1, { transforms: [scale(1), clamp] }), mapping(2)] });
  await mappingRow(page, 1).click();
  const panel = inspector(page);
  for (const [pressed, then] of [
    ['Move Scale down', 'Move Scale up'],
    ['Move Scale up', 'Move Scale down'],
    ['Remove Scale', 'Remove Clamp'],
  ] as const) {
    await panel.getByRole('button', { name: pressed }).focus();
    await page.keyboard.press('Enter');
    await expect(panel.getByRole('button', { name: then })).toBeFocused();
  }
  await page.keyboard.press('Enter');
  await expect(panel.getByLabel('Add step')).toBeFocused();
  await panel.getByRole('button', { name: 'Duplicate set 1' }).click();
  await expect(mappingRow(page, 3)).toBeFocused();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('duplic');
  await page.keyboard.press('Enter');
  await expect(mappingRow(page, 4)).toBeFocused();
});

function steps(page: Page): Locator {
  return inspector(page).locator('ol [data-step] b');
}

async function secondWindow(page: Page, url: string): Promise<Page> {
  const other = await page.context().newPage();
  await other.goto(new URL('/', url).href);
  await other.getByRole('navigation', { name: 'Areas' }).waitFor();
  return other;
}
