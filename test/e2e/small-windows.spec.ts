import type { Locator, Page } from '@playwright/test';
import { goTo } from './pages/areas.ts';
import { expect, mapping, test } from './stage.ts';

/** 1280 × 800 at 200 % zoom, and a tablet held upright. */
const sizes = [
  { width: 640, height: 400 },
  { width: 820, height: 1180 },
] as const;

for (const size of sizes) {
  test(`[EE18] keeps what must be in sight at ${size.width} × ${size.height}`, async ({ setStage }) => {
    const { page, desk } = await setStage({ mappings: [1, 2, 3].map((number) => mapping(number)) });
    await page.setViewportSize(size);
    await goTo(page, 'Patch');
    await page.getByRole('switch', { name: 'Set 2', exact: true }).focus();
    await page.locator('[data-row="set-2"]').click();
    await page.keyboard.press('Enter');
    await expect(inspector(page)).toBeVisible();
    await inspector(page).evaluate((sheet) => Promise.all(sheet.getAnimations().map(({ finished }) => finished)));
    await expectInSight(page);
    const box = await inspector(page).boundingBox();
    if (size.height > 600) expect(box?.height).toBeLessThanOrEqual(size.height * 0.35);
    await goTo(page, 'Monitor');
    const line = page.getByRole('option').filter({ hasText: '/desk/fader/1' }).first();
    let level = 0;
    // Until the engine knows that somebody looks.
    await expect(() => {
      desk.set('/desk/fader/1', (level += 0.01));
      return expect(line).toBeVisible({ timeout: 200 });
    }).toPass();
    const address = line.getByTitle('/desk/fader/1');
    expect(await address.evaluate((text) => text.scrollWidth <= text.clientWidth)).toBe(true);
    const list = await page.getByRole('listbox').boundingBox();
    expect(list?.height).toBeGreaterThanOrEqual(3 * 44);
    for (const figure of [/ msg\/s$/, /^dropped /, /^skipped from view /]) {
      await expectOnTop(page.getByText(figure).last());
    }
    await expectInSight(page);
  });
}

function inspector(page: Page): Locator {
  return page.locator('[data-region="inspector"]');
}

async function expectInSight(page: Page): Promise<void> {
  await expectOnTop(page.getByRole('banner').getByText('time of day'));
  await expectOnTop(page.getByRole('banner').locator('[aria-haspopup="dialog"]'));
  await expectOnTop(page.getByRole('navigation', { name: 'Areas' }).getByRole('button', { name: /^Show/ }));
}

/** What is at its middle is the element itself, or part of it: nothing lies over it and it is on the screen. */
async function expectOnTop(element: Locator): Promise<void> {
  const isOnTop = await element.evaluate((found) => {
    const { left, right, top, bottom } = found.getBoundingClientRect();
    const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return there !== null && (found.contains(there) || there.contains(found)) && bottom <= innerHeight;
  });
  expect(isOnTop, await element.innerText()).toBe(true);
}
