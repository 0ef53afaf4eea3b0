import type { Page } from '@playwright/test';
import { bridgeKinds } from '../../src-main/contract/bridges/bridge-form.ts';
import { oscBridgeSchema } from '../../src-main/contract/bridges/osc.ts';
import type { Bridge } from '../../src-main/contract/show.ts';
import { kindWord } from '../../src-renderer/devices/kinds/kinds.ts';
import { goTo } from './pages/areas.ts';
import { newBridge } from './pages/devices-page.ts';
import { expect, test } from './stage.ts';

/** More than the longest form has. */
const stopsMax = 90;

/** What is wrong with where the focus is, in words; nothing where all is well. */
interface Stop {
  readonly name: string;
  readonly faults: readonly string[];
}

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]) {
  test(`[UI557] the form of every kind is walked through by keys at ${viewport.width} × ${viewport.height}`, async ({
    setStage,
  }) => {
    // Some three hundred keys, each looked at.
    test.slow();
    const { page } = await setStage();
    await page.setViewportSize(viewport);
    await page.keyboard.press('7');
    for (const kind of bridgeKinds) {
      await page.keyboard.press('n');
      await page.keyboard.press('Shift+Tab');
      await page.keyboard.press('Home');
      for (let right = 0; right < bridgeKinds.indexOf(kind); right++) await page.keyboard.press('ArrowRight');
      expect((await stopAt(page)).name).toBe(kindWord(kind));
      await page.keyboard.press('Enter');
      await expect(page.getByRole('form', { name: 'New bridge' }).getByLabel('name', { exact: true })).toBeFocused();
      const stops = await walk(page);
      expect(stops.at(-1)?.name, kind).toMatch(/^Add bridge/);
      expect(stops.filter(({ faults }) => faults.length > 0)).toEqual([]);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('form', { name: 'New bridge' })).toBeHidden();
    }
  });
}

test('[UI558] what was added by keys shows who it is and why it does not work, and is tested by keys', async ({
  setStage,
}) => {
  const { page } = await setStage();
  for (const viewport of [
    { width: 1280, height: 800 },
    { width: 390, height: 844 },
  ]) {
    await page.setViewportSize(viewport);
    const form = await newBridge(page, 'MQTT');
    await form.getByRole('button', { name: 'More settings' }).last().click();
    await form.getByRole('button', { name: /^Add bridge/ }).press('Enter');
    await expect(form.getByLabel('broker', { exact: true })).toBeFocused();
    await page.keyboard.type('mqtt://127.0.0.1:9');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('row', { name: /, MQTT, Broken/ }).last()).toBeFocused();
    const inspector = page.locator('[data-region="inspector"]');
    await expect(inspector.getByRole('button', { name: 'Test, in and out' })).toBeInViewport({ ratio: 1 });
    await expect(inspector.getByRole('alert').filter({ hasText: 'Flyrail keeps trying.' })).toBeInViewport({
      ratio: 1,
    });
    await page.keyboard.press('t');
    await page.keyboard.press('t');
    await expect(inspector.getByRole('group', { name: 'Test' }).getByText('Not sent')).toBeInViewport({ ratio: 1 });
    await page.keyboard.press('Escape');
  }
});

test('[UI564] the focus goes back to its row when what had it goes, and a sheet leaves the row in sight', async ({
  setStage,
}) => {
  const { page } = await setStage({ bridges: [1, 2, 3].map((number) => oscOut(number)) });
  await page.setViewportSize({ width: 390, height: 640 });
  await goTo(page, 'Devices');
  const row = page.getByRole('row', { name: /^device 3, / });
  await row.click();
  await expect(page.getByRole('form', { name: 'desk 3' })).toBeVisible();
  await expect(row).toBeInViewport({ ratio: 1 });
  await page.keyboard.press('n');
  await page.keyboard.press('Escape');
  await expect(row).toBeFocused();
  await row.click();
  const form = page.locator('[data-region="inspector"]');
  for (const end of ['Take back', 'Apply']) {
    await form.getByLabel('name', { exact: true }).fill(`desk ${end}`);
    await form.getByRole('button', { name: end }).press('Enter');
    await expect(row).toBeFocused();
  }
  await form.getByLabel('name', { exact: true }).focus();
  await page.keyboard.press('Escape');
  await expect(row).toBeFocused();
  const login = await newBridge(page, 'MQTT');
  await login.getByLabel('new password').fill('open sesame');
  await login.getByRole('button', { name: 'Keep password' }).press('Enter');
  await expect(login.getByLabel('new password')).toBeFocused();
});

function oscOut(number: number): Bridge {
  const settings = { direction: 'out', targets: [{ host: '127.0.0.1', port: 9 }], prefix: `/desk${number}` };
  return oscBridgeSchema.parse({ id: `desk-${number}`, number, name: `desk ${number}`, kind: 'osc', settings });
}

/** Tab by Tab to the button that adds it, with every fold opened on the way. */
async function walk(page: Page): Promise<readonly Stop[]> {
  const stops: Stop[] = [];
  while (stops.length < stopsMax && !stops.at(-1)?.name.startsWith('Add bridge')) {
    await page.keyboard.press('Tab');
    const stop = await stopAt(page);
    if (stop.name.startsWith('More settings')) await page.keyboard.press('Enter');
    stops.push(stop);
  }
  return stops;
}

function stopAt(page: Page): Promise<Stop> {
  return page.evaluate(() => {
    const here = document.activeElement;
    if (!(here instanceof HTMLElement) || !here.closest('[data-region="inspector"]'))
      return { name: here?.outerHTML.slice(0, 80) ?? '', faults: ['is not in the form'] };
    const { left, right, top, bottom } = here.getBoundingClientRect();
    const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const { outlineStyle, boxShadow } = getComputedStyle(here);
    const labels = 'labels' in here ? Array.from(here.labels as NodeListOf<HTMLElement>) : [];
    const name = here.ariaLabel ?? (labels.map(({ innerText }) => innerText).join(' ') || here.innerText);
    const faults = Object.entries({
      'has no name': name.trim() === '',
      'shows no focus': outlineStyle === 'none' && boxShadow === 'none',
      'is out of sight': left < 0 || top < 0 || right > innerWidth || bottom > innerHeight,
      'is covered': there === null || !(here.contains(there) || there.contains(here)),
    });
    return { name, faults: faults.flatMap(([fault, is]) => (is ? [fault] : [])) };
  });
}
