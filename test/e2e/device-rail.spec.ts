import type { Page } from '@playwright/test';
import { oscBridgeSchema } from '../../src-main/contract/bridges/osc.ts';
import { type Bridge } from '../../src-main/contract/show.ts';
import { expect, test } from './stage.ts';

const widths = [640, 820, 1280, 1920] as const;
/** the beginning of a name, in the rail's letters */
const readablePx = 36;

test('[EE20] keeps number, disc and name of each set on the rail, however many are in trouble', async ({
  setStage,
  watch,
}) => {
  const { page, serving } = await setStage({ bridges: Array.from({ length: 9 }, (_, i) => onOnePort(i + 1)) });
  await expect(page.locator('.rail .fault').first()).toBeVisible();
  for (const width of widths) await expectWhole(page, width);
  watch.end();
  process.kill(serving.ready.pid, 'SIGKILL');
  await expect(page.getByRole('alert').filter({ hasText: 'No connection to the engine' })).toBeVisible();
  for (const width of widths) await expectWhole(page, width);
});

async function expectWhole(page: Page, width: number): Promise<void> {
  await page.setViewportSize({ width, height: 800 });
  await expect(async () => {
    const sets = await page.locator('.rail > button:not(.add)').evaluateAll((found) =>
      found.map((set) => {
        const box = set.getBoundingClientRect();
        const parts = ['.number', 'svg', '.name'].flatMap((part) => {
          const inner = set.querySelector(part)?.getBoundingClientRect();
          return inner ? [{ part, left: inner.left, right: inner.right }] : [];
        });
        const rail = set.parentElement?.getBoundingClientRect().right ?? 0;
        return { text: set.textContent, left: box.left, right: box.right, parts, rail, more: set.matches('.more') };
      }),
    );
    expect(sets.length).toBeGreaterThan(2);
    for (const [index, { text, left, right, parts, rail, more }] of sets.entries()) {
      const hint = `${width} px: ${text}`;
      expect(left, hint).toBeGreaterThanOrEqual((sets[index - 1]?.right ?? 0) - 0.5);
      expect(right, hint).toBeLessThanOrEqual(rail + 0.5);
      expect(
        parts.map(({ part }) => part),
        hint,
      ).toEqual(more ? ['.number', '.name'] : ['.number', 'svg', '.name']);
      for (const [at, part] of parts.entries()) {
        expect(part.left, hint).toBeGreaterThanOrEqual(at === 0 ? left : (parts[at - 1]?.right ?? 0) - 0.5);
        expect(part.right, hint).toBeLessThanOrEqual(right + 0.5);
      }
      const name = parts.at(-1);
      expect((name?.right ?? 0) - (name?.left ?? 0), hint).toBeGreaterThanOrEqual(more ? 8 : readablePx);
    }
  }).toPass({ timeout: 5000 });
}

/** Every third one only sends and is well; the others want one port, which the first of them gets. */
function onOnePort(number: number): Bridge {
  return oscBridgeSchema.parse({
    id: `desk-${number}`,
    number,
    name: `a desk of a long name ${number}`,
    kind: 'osc',
    settings: {
      direction: number % 3 === 0 ? 'out' : 'both',
      listenHost: '127.0.0.1',
      listenPort: 47_311,
      targets: [{ host: '127.0.0.1', port: 47_400 }],
      prefix: `/desk${number}`,
    },
  });
}
