import type { Page } from '@playwright/test';

export type AreaName = 'Patch' | 'DMX' | 'Devices' | 'Monitor' | 'Show';

/** Goes to an area as an operator does, by the bar at the left. */
export async function goTo(page: Page, area: AreaName): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Areas' })
    .getByRole('button', { name: new RegExp(`^${area}`) })
    .click();
  await page.getByRole('heading', { level: 1, name: area }).waitFor();
}
