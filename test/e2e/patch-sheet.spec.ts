import type { Transform } from '../../src-main/contract/show.ts';
import { inspector, mappingRow } from './pages/patch-page.ts';
import { expect, mapping, test } from './stage.ts';

const clamp: Transform = { type: 'clamp', enabled: true, min: 0, max: 1 };
const long = '/desk/bank/a/long/fader/2';

for (const width of [820, 1280]) {
  test(`[UI139] the knots stay off both wires at ${width}`, async ({ setStage }) => {
    const { page } = await setStage({
      mappings: [4, 5, 20].map((count, index) =>
        mapping(index + 1, { transforms: Array<Transform>(count).fill(clamp) }),
      ),
    });
    await page.setViewportSize({ width, height: 1180 });
    for (const number of [1, 2, 3]) {
      const overrunPx = await mappingRow(page, number)
        .locator('.knots')
        .evaluate((knots) => {
          const room = knots.getBoundingClientRect();
          return Math.max(
            ...[...knots.children].map((knot) => {
              const { left, right } = knot.getBoundingClientRect();
              return Math.max(room.left - left, right - room.right);
            }),
          );
        });
      expect(overrunPx, `set ${number}`).toBeLessThanOrEqual(0);
    }
  });
}

for (const count of [0, 1, 4]) {
  test(`[UI139] the sheet shows a whole address beside ${count} steps`, async ({ setStage }) => {
    const source = { pattern: long };
    const { page } = await setStage({
      mappings: [mapping(1, { source, transforms: Array<Transform>(count).fill(clamp) })],
    });
    await page.setViewportSize({ width: 820, height: 1180 });
    await mappingRow(page, 1).click();
    const address = inspector(page).locator('[data-end="source"] .over').getByTitle(long);
    expect(await address.evaluate((text) => text.scrollWidth <= text.clientWidth)).toBe(true);
    await expect(inspector(page).getByLabel('target', { exact: true })).toBeInViewport({ ratio: 1 });
  });
}
