import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { signalRuleSchema } from '../../src-main/contract/show.ts';
import { connectClasp } from './desktop.ts';
import { goTo } from './pages/areas.ts';
import { expect, test } from './stage.ts';

const rules = [
  { id: 'master', pattern: '/desk/master', strategy: 'lock' },
  { id: 'meters', pattern: '/meter/**', strategy: 'max' },
  { id: 'faders', pattern: '/desk/fader/*', datatype: 'number', range: { min: 0, max: 1 } },
].map((rule) => signalRuleSchema.parse(rule));

async function openSignals(page: Page): Promise<void> {
  await goTo(page, 'Show');
  await page.getByRole('button', { name: /^Signals/ }).click();
  await expect(page.getByRole('region', { name: 'All signals' })).toBeVisible();
}

function inspector(page: Page): Locator {
  return page.getByRole('complementary', { name: 'Inspector' });
}

function rows(page: Page): Locator {
  return page.getByRole('grid', { name: 'Rules' }).locator('[data-row]');
}

test('[UI417] a client sees a rule at once that is made, changed and undone in the window', async ({ setStage }) => {
  const { page, serving, desk } = await setStage();
  const phone = await connectClasp(Number(new URL(serving.ready.clasp.url).port));
  const heard: unknown[] = [];
  phone.on('/meter/1', (value) => heard.push(value));
  /** What the phone hears of these, and then of one that every rule takes. */
  const send = async (...values: number[]): Promise<unknown[]> => {
    heard.length = 0;
    for (const value of [...values, null]) desk.set('/meter/1', value);
    await expect.poll(() => heard.at(-1)).toBe(null);
    return heard.slice(0, -1);
  };
  expect(await send(5, 3, 4)).toEqual([5, 3, 4]);

  await openSignals(page);
  await page.keyboard.press('n');
  await page.keyboard.type('/meter/*');
  await inspector(page).getByLabel('writes that meet').selectOption('highest');
  await inspector(page).getByRole('button', { name: 'Add rule' }).click();
  await expect(rows(page)).toHaveCount(1);
  await expect.poll(() => send(5, 3, 6)).toEqual([5, 6]);

  await inspector(page).getByLabel('writes that meet').selectOption('lowest');
  await expect.poll(() => send(5, 3, 6)).toEqual([5, 3]);
  await inspector(page).getByLabel('range of numbers').selectOption('from … to');
  await expect.poll(() => send(5, 1, 0.5, 0.75)).toEqual([1, 0.5]);

  for (const undone of [
    [5, 3],
    [5, 6],
  ]) {
    await page.keyboard.press('Control+z');
    await expect.poll(() => send(5, 3, 6)).toEqual(undone);
  }
  await page.keyboard.press('Control+z');
  await expect(rows(page)).toHaveCount(0);
  expect(await send(5, 3, 6)).toEqual([5, 3, 6]);
  await page.keyboard.press('Control+Shift+z');
  await expect.poll(() => send(5, 3, 6)).toEqual([5, 6]);
  phone.close();
});

test('[UI417] two windows change one rule, and a rule that one of them deletes keeps no text of the other', async ({
  setStage,
}) => {
  const { page, serving } = await setStage({ signalRules: rules });
  const other = await page.context().newPage();
  await other.goto(serving.ready.ui.url);
  for (const window of [page, other]) {
    await openSignals(window);
    await window.getByRole('row', { name: /\/desk\/fader/ }).click();
  }
  const to = inspector(page).getByLabel('to', { exact: true });
  await to.fill('2');
  await inspector(other).getByLabel('writes that meet').selectOption('last write');
  await expect(inspector(page).getByLabel('writes that meet')).toHaveValue('lww');
  await to.press('Enter');
  await expect(inspector(other).getByLabel('to', { exact: true })).toHaveValue('2');
  await expect(inspector(other).getByLabel('writes that meet')).toHaveValue('lww');
  // A row that the other window moves keeps its focus.
  await page.bringToFront();
  await rows(page).last().focus();
  await expect(rows(page).last()).toHaveAttribute('data-row', 'meters');
  await other.locator('[data-row="meters"]').dispatchEvent('click');
  await inspector(other).getByLabel('addresses').fill('/meter');
  await inspector(other).getByLabel('addresses').press('Enter');
  await expect(page.locator('[data-row="meters"]')).toContainText('/meter');
  await expect(rows(page).last()).toHaveAttribute('data-row', 'faders');
  await expect(page.locator('[data-row="meters"]')).toBeFocused();
  await other.getByRole('row', { name: /\/desk\/fader/ }).dispatchEvent('click');
  await inspector(page).getByLabel('addresses').fill('/desk/half');
  await inspector(other)
    .getByRole('button', { name: /^Delete the rule/ })
    .click();
  await expect(page.getByRole('alert').filter({ hasText: '“/desk/half” as addresses' })).toBeVisible();
  await expect(rows(page)).toHaveCount(2);
});

test('[UI418] what becomes of late bundles is chosen in the window and holds at once', async ({ setStage }) => {
  const { page, serving, desk } = await setStage();
  const phone = await connectClasp(Number(new URL(serving.ready.clasp.url).port));
  const heard: unknown[] = [];
  phone.on('/late', (value) => heard.push(value));
  /** What the phone hears of a bundle for a second ago, and then of a param. */
  const send = async (): Promise<unknown[]> => {
    heard.length = 0;
    desk.bundle([{ set: ['/late', 1] }], { at: desk.time() - 1_000_000 });
    desk.set('/late', null);
    await expect.poll(() => heard.at(-1)).toBe(null);
    return heard.slice(0, -1);
  };
  await openSignals(page);
  expect(await send()).toEqual([1]);
  await page.getByLabel('late bundles').selectOption('are dropped');
  await expect.poll(send).toEqual([]);
  const tolerance = page.getByLabel('when later than');
  await expect(tolerance).toHaveValue('100');
  await tolerance.fill('60 000');
  await tolerance.press('Enter');
  await expect.poll(send).toEqual([1]);
  phone.close();
});

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 820, height: 1180 },
  { width: 640, height: 400 },
]) {
  test(`[UI419] axe finds nothing on the page of signals, and all of it is reached, at ${viewport.width} × ${viewport.height}`, async ({
    setStage,
  }) => {
    const { page } = await setStage({ signalRules: rules });
    await page.setViewportSize(viewport);
    await openSignals(page);
    const found = async (): Promise<unknown> =>
      (await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id);
    expect(await found()).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width);
    await rows(page).first().focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await expect(inspector(page).getByLabel('addresses')).toBeFocused();
    await inspector(page).evaluate((sheet) => Promise.all(sheet.getAnimations().map(({ finished }) => finished)));
    expect(await found()).toEqual([]);
    const last = inspector(page).getByLabel('announced ranges and types');
    await last.focus();
    await expect(last).toBeInViewport({ ratio: 1 });
    await page.keyboard.press('Escape');
    await expect(rows(page).last()).toBeFocused();
    await expect(rows(page).last()).toBeInViewport({ ratio: 1 });
  });
}

test('[UI431] a low window shows what the field that is typed in asks for', async ({ setStage }) => {
  const { page } = await setStage({ signalRules: rules });
  await openSignals(page);
  await page.setViewportSize({ width: 640, height: 400 });
  await rows(page).filter({ hasText: '/desk/fader/*' }).click();
  const to = inspector(page).getByLabel('to', { exact: true });
  await to.fill('-3');
  await to.press('Enter');
  await expect(inspector(page).getByText('Type 0 or more.')).toBeInViewport({ ratio: 1 });
  await expect(to).toBeInViewport({ ratio: 1 });
});
