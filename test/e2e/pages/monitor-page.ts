import type { Locator, Page } from '@playwright/test';

/** The signals on the Monitor page, oldest first. */
export function monitorLines(page: Page): Locator {
  return page.getByRole('listbox', { name: 'Signals, oldest first' }).getByRole('option');
}
