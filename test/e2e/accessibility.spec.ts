import { AxeBuilder } from '@axe-core/playwright';
import { goTo } from './pages/areas.ts';
import { mappingRow } from './pages/patch-page.ts';
import { expect, test } from './watched-page.ts';

const sizes = [
  { width: 1280, height: 800 },
  { width: 820, height: 1180 },
];

for (const viewport of sizes) {
  test(`[EE16] axe finds nothing on any page at ${viewport.width} × ${viewport.height}`, async ({ serving, page }) => {
    await page.setViewportSize(viewport);
    await page.goto(serving.ready.ui.url);
    await page.getByRole('button', { name: 'Open the demo show' }).click();
    await mappingRow(page, 2).click();
    await expect(page.getByRole('heading', { name: 'Side light, slow to rise' })).toBeVisible();
    const found: Record<string, unknown> = {};
    for (const area of ['Patch', 'Devices', 'Monitor', 'Show'] as const) {
      await goTo(page, area);
      if (area === 'Devices') await page.getByRole('grid', { name: 'Devices' }).getByRole('row').nth(1).click();
      const { violations } = await new AxeBuilder({ page }).analyze();
      found[area] = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
    }
    expect(found).toEqual({ Patch: [], Devices: [], Monitor: [], Show: [] });
  });
}

test('[UI127] a key leads to the heading of its area, from where Tab goes on; a press in the bar stays there', async ({
  serving,
  page,
}) => {
  await page.goto(serving.ready.ui.url);
  await page.getByRole('heading', { level: 1, name: 'Patch' }).waitFor();
  for (const width of [1280, 640]) {
    await page.setViewportSize({ width, height: 800 });
    for (const [key, name] of [
      ['7', 'Devices'],
      ['8', 'Monitor'],
      ['9', 'Show'],
      ['1', 'Patch'],
    ] as const) {
      await page.keyboard.press(key);
      await expect(page.getByRole('heading', { level: 1, name })).toBeFocused();
    }
    await page.keyboard.press('Tab');
    await expect(page.getByRole('group', { name: 'Which mappings' }).getByRole('button').first()).toBeFocused();
  }
  await goTo(page, 'Devices');
  const bar = page.getByRole('navigation', { name: 'Areas' });
  await expect(bar.getByRole('button', { name: /^Devices/ })).toBeFocused();
});
