import { expect, test } from './serve.ts';

test('[RP9] the interface comes up in a browser behind the printed address', async ({ serving, page }) => {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(serving.ready.ui.url);
  // The page is named after the show, and the engine knows its name.
  await expect(page).toHaveTitle(/Untitled/);
  await expect(page.getByRole('navigation', { name: 'Areas' })).toBeVisible();
  expect(problems).toEqual([]);
});
