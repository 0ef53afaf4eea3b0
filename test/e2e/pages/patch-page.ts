import { expect, type Locator, type Page } from '@playwright/test';
import { goTo } from './areas.ts';

interface Ends {
  readonly source: string;
  readonly target: string;
}

/** Types a mapping by hand into the inspector and adds it; the page stays on Patch with it chosen. */
export async function addMapping(page: Page, { source, target }: Ends): Promise<void> {
  await goTo(page, 'Patch');
  const before = await mappingRows(page).count();
  // An empty page offers it a second time, in its middle.
  await page
    .getByRole('button', { name: /^Mapping/ })
    .first()
    .click();
  const panel = inspector(page);
  await panel.getByLabel('source', { exact: true }).fill(source);
  await panel.getByLabel('target', { exact: true }).fill(target);
  await panel.getByLabel('target', { exact: true }).press('Enter');
  await expect(panel.getByRole('button', { name: 'Add mapping' })).toBeHidden();
  await expect(mappingRows(page)).toHaveCount(before + 1);
}

export function inspector(page: Page): Locator {
  return page.locator('[data-region="inspector"]');
}

export function mappingRows(page: Page): Locator {
  const rows = page.getByRole('treegrid', { name: 'Mappings' }).locator('[data-row]');
  // Heads of groups are rows too, without a lock.
  return rows.filter({ has: page.getByRole('switch') });
}

/** @param number as painted on its plate */
export function mappingRow(page: Page, number: number): Locator {
  return mappingRows(page).filter({ has: page.getByRole('switch', { name: `Set ${number}`, exact: true }) });
}

/** What the chain in the inspector shows after each of its nodes: source, the steps, target. */
export function chainValues(page: Page): Locator {
  return inspector(page).locator('ol > li .value');
}
