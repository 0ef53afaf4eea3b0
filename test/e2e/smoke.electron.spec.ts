import { expect, test } from './electron.ts';

test('[RP10] the window opens in real Electron and shows the interface', async ({ launch }) => {
  const app = await launch();
  const page = await app.firstWindow();
  // The page is named after the show, and the engine knows its name.
  await expect(page).toHaveTitle(/Untitled/);
  await expect(page.getByRole('navigation', { name: 'Areas' })).toBeVisible();
});
