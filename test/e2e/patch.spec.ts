import { chainValues, inspector, mappingRow, mappingRows } from './pages/patch-page.ts';
import { expect, mapping, test } from './stage.ts';

test('[EE2] learn takes the source that was touched, and the signals go on to the lamps meanwhile', async ({
  setStage,
}) => {
  const { page, desk, lamp } = await setStage({ mappings: [mapping(1), mapping(2, { source: { pattern: '/old' } })] });
  await mappingRow(page, 2).click();
  await page.keyboard.press('l');
  const heard = page.getByRole('listbox', { name: 'Heard, the most moved first' });
  await expect(heard).toBeFocused();
  // The list stands before the engine has heard of it: whoever learns moves on until the source shows.
  await expect(async () => {
    desk.set('/desk/noise', 0.5);
    for (const percent of [10, 30, 90]) desk.set('/desk/fader/1', percent / 100);
    await expect(heard.getByRole('option').first()).toContainText('/desk/fader/1', { timeout: 1000 });
  }).toPass();
  await expect(heard.getByRole('option').first()).toContainText('likeliest touched');
  await expect(heard.getByRole('option')).toHaveCount(2);
  await expect.poll(() => lamp.percent(1)).toBe(90);
  await page.keyboard.press('Enter');
  await expect(heard).toBeHidden();
  await expect(mappingRow(page, 2)).toContainText('/desk/fader/1');
  desk.set('/desk/fader/1', 0.4);
  await expect.poll(() => [lamp.percent(1), lamp.percent(2)]).toEqual([40, 40]);
});

test('[EE3] a rope lock holds the output where it is, and lets it go again', async ({ setStage }) => {
  const { page, desk, lamp } = await setStage({ mappings: [mapping(1), mapping(2)] });
  desk.set('/desk/fader/1', 0.2);
  await expect.poll(() => lamp.percent(1)).toBe(20);
  const lock = mappingRow(page, 1).getByRole('switch');
  await lock.click();
  await expect(lock).not.toBeChecked();
  desk.set('/desk/fader/1', 0.8);
  // The other set follows its fader after the first one's was moved: the first one's had its turn.
  desk.set('/desk/fader/2', 0.5);
  await expect.poll(() => lamp.percent(2)).toBe(50);
  expect(lamp.percent(1)).toBe(20);
  await lock.click();
  await expect(lock).toBeChecked();
  desk.set('/desk/fader/1', 0.7);
  await expect.poll(() => lamp.percent(1)).toBe(70);
});

test('[EE4] a deleted mapping comes back with Ctrl Z and carries again', async ({ setStage }) => {
  const { page, desk, lamp } = await setStage({ mappings: [mapping(1, { name: 'Front wash' }), mapping(2)] });
  await mappingRow(page, 1).click();
  await page.keyboard.press('Delete');
  await expect(mappingRows(page)).toHaveCount(1);
  await page.keyboard.press('Control+z');
  await expect(mappingRows(page)).toHaveCount(2);
  await expect(page).toHaveTitle('Stage');
  await mappingRow(page, 1).click();
  await expect(inspector(page).getByLabel('name', { exact: true })).toHaveValue('Front wash');
  desk.set('/desk/fader/1', 0.3);
  await expect.poll(() => lamp.percent(1)).toBe(30);
});

test('[EE4] a duplicate is locked, and carries once it is unlocked', async ({ setStage }) => {
  const { page, desk, lamp } = await setStage({ mappings: [mapping(1)] });
  await mappingRow(page, 1).click();
  await page.keyboard.press('Control+d');
  const copy = mappingRow(page, 2);
  await expect(copy.getByRole('switch')).not.toBeChecked();
  // The row comes with the engine's news, a moment before the inspector turns to it.
  await expect(copy).toHaveAttribute('aria-selected', 'true');
  await inspector(page).getByLabel('target', { exact: true }).fill('/sacn/1/2');
  await inspector(page).getByLabel('target', { exact: true }).press('Enter');
  await expect(copy).toContainText('/sacn/1/2');
  await copy.getByRole('switch').click();
  await expect(copy.getByRole('switch')).toBeChecked();
  desk.set('/desk/fader/1', 0.6);
  await expect.poll(() => [lamp.percent(1), lamp.percent(2)]).toEqual([60, 60]);
});

test('[EE5] the inspector adds steps to a mapping and shows the value after each', async ({ setStage }) => {
  const { page, desk, lamp } = await setStage({ mappings: [mapping(1)] });
  await mappingRow(page, 1).click();
  const panel = inspector(page);
  await panel.getByLabel('Add step').selectOption('Scale: one range becomes another');
  await panel.getByLabel('to', { exact: true }).fill('0.5');
  await panel.getByLabel('to', { exact: true }).press('Enter');
  await panel.getByLabel('Add step').selectOption('Invert: up is down');
  await expect(chainValues(page)).toHaveCount(4);
  desk.set('/desk/fader/1', 0.4);
  await expect(chainValues(page)).toHaveText(['0.400', '0.200', '0.800', '0.800']);
  await expect.poll(() => lamp.percent(1)).toBe(80);
  await panel.getByRole('button', { name: 'Remove Invert' }).click();
  await expect(chainValues(page)).toHaveCount(3);
  desk.set('/desk/fader/1', 0.8);
  await expect.poll(() => lamp.percent(1)).toBe(40);
});

test('[EE6] an address that will not do is refused in place with its repair, and nothing changes', async ({
  setStage,
}) => {
  const { page, desk, lamp } = await setStage({ mappings: [mapping(1)] });
  await mappingRow(page, 1).click();
  const source = inspector(page).getByLabel('source', { exact: true });
  await source.fill('/osc//x');
  await source.press('Enter');
  await expect(source).toHaveAttribute('aria-invalid', 'true');
  await expect(inspector(page).getByRole('alert')).toHaveText('Two slashes meet. Remove one.');
  await expect(mappingRow(page, 1)).toContainText('/desk/fader/1');
  await expect(page).toHaveTitle('Stage');
  desk.set('/desk/fader/1', 0.5);
  await expect.poll(() => lamp.percent(1)).toBe(50);
  await source.press('Escape');
  await expect(source).toHaveValue('/desk/fader/1');
  await expect(source).toHaveAttribute('aria-invalid', 'false');
});
