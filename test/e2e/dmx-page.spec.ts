import { AxeBuilder } from '@axe-core/playwright';
import { goTo } from './pages/areas.ts';
import { expect, mapping, test } from './stage.ts';

const profile = JSON.stringify({
  $schema: 'https://raw.githubusercontent.com/OpenLightingProject/open-fixture-library/master/schemas/fixture.json',
  name: 'PAR',
  categories: ['Color Changer'],
  meta: { authors: ['Flyrail'], createDate: '2026-11-23', lastModifyDate: '2026-11-23' },
  availableChannels: {
    Dimmer: { capability: { type: 'Intensity' } },
    Red: { capability: { type: 'ColorIntensity', color: 'Red' } },
    Green: { capability: { type: 'ColorIntensity', color: 'Green' } },
    Blue: { capability: { type: 'ColorIntensity', color: 'Blue' } },
  },
  modes: [{ name: '4 slots', shortName: '4', channels: ['Dimmer', 'Red', 'Green', 'Blue'] }],
});

test('[UI542] a lamp is followed on the page from the desk to its slot, parked, blacked out, and lit again', async ({
  setStage,
}) => {
  const { page, desk, lamp } = await setStage({ mappings: [mapping(1)] });
  desk.set('/desk/fader/1', 0.5);
  await goTo(page, 'DMX');
  const slot = page.getByRole('gridcell', { name: /^slot 1, 128/ });
  await slot.click();
  const inspector = page.getByRole('complementary', { name: 'Inspector' });
  await expect(inspector.getByText(/set 1/).first()).toBeVisible();
  await inspector.getByRole('button', { name: 'Park' }).click();
  await expect(page.getByRole('gridcell', { name: /^slot 1, 128.*parked/ })).toBeVisible();
  desk.set('/desk/fader/1', 1);
  desk.set('/sacn/1/2', 0.2);
  await expect.poll(() => lamp.percent(2)).toBe(20);
  await expect.poll(() => lamp.percent(1)).toBe(50);
  await page.getByRole('button', { name: /^Blackout/ }).click();
  await expect.poll(() => lamp.percent(2)).toBe(0);
  await expect(page.getByText('Blackout: all universes are dark and held, but for 1 parked slot.')).toBeVisible();
  await page.getByRole('button', { name: /^Release/ }).click();
  await expect.poll(() => lamp.percent(2)).toBe(20);
  await inspector.getByRole('button', { name: 'Unpark' }).click();
  await expect.poll(() => lamp.percent(1)).toBe(100);
});

test('[UI542] fixtures of a file are patched, and lit by their names', async ({ setStage }) => {
  const { page, desk, lamp } = await setStage();
  desk.set('/sacn/1/100', 1);
  await goTo(page, 'DMX');
  await page.getByRole('button', { name: 'Patch fixture' }).click();
  const form = page.getByRole('form', { name: 'Patch fixture' });
  const chosen = page.waitForEvent('filechooser');
  await form.getByRole('button', { name: 'Import profile' }).click();
  await (await chosen).setFiles({ name: 'par.json', mimeType: 'application/json', buffer: Buffer.from(profile) });
  await expect(form.getByLabel('mode')).toHaveValue('4 slots');
  await form.getByLabel('name').fill('PAR 1');
  await form.getByLabel('how many').fill('3');
  await form.getByRole('button', { name: 'Patch', exact: true }).click();
  await expect(page.getByRole('gridcell', { name: /^slot 9, .*PAR 3/ })).toBeVisible();
  desk.set('/fixtures/par-3/dimmer', 0.5);
  await expect.poll(() => lamp.percent(9)).toBe(50);
});

test('[UI547] a line of the soft patch leads a level elsewhere on the wire, by keys, and undo brings it home', async ({
  setStage,
}) => {
  const { page, desk, lamp } = await setStage();
  desk.set('/sacn/1/5', 0.4);
  await expect.poll(() => lamp.percent(5)).toBe(40);
  await goTo(page, 'DMX');
  await page.getByRole('gridcell', { name: /^slot 5, 102/ }).click();
  await page.keyboard.press('s');
  const panel = page.getByRole('region', { name: 'Soft patch of truss' });
  await expect(panel.getByRole('button', { name: 'New line' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(panel.getByLabel('slot', { exact: true })).toHaveValue('1.5');
  await panel.getByLabel('leaves at').fill('1.200, 1.201');
  await page.screenshot({ path: 'test-results/soft-patch-form.png' });
  await page.keyboard.press('Enter');
  await expect(panel.getByText('U 1 slot 200, U 1 slot 201')).toBeVisible();
  await expect.poll(() => [lamp.percent(5), lamp.percent(200), lamp.percent(201)]).toEqual([0, 40, 40]);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.screenshot({ path: 'test-results/soft-patch.png' });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: 'test-results/soft-patch-390.png' });
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.keyboard.press('ControlOrMeta+z');
  await expect(panel.getByText('Every slot leaves where it is asked for.')).toBeVisible();
  await expect.poll(() => [lamp.percent(5), lamp.percent(200)]).toEqual([40, 0]);
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
});

for (const [width, height] of [
  [1280, 800],
  [820, 1180],
  [390, 844],
] as const)
  test(`[UI543] axe finds nothing on the DMX page at ${width} × ${height}, and fingers hit`, async ({ setStage }) => {
    const { page, desk } = await setStage({ mappings: [mapping(1)] });
    await page.setViewportSize({ width, height });
    desk.set('/desk/fader/1', 0.5);
    desk.set('/sacn/1/17', 0.8);
    await goTo(page, 'DMX');
    await page.getByRole('gridcell', { name: /^slot 17, 204/ }).click();
    await expect(page.getByRole('button', { name: 'Park' })).toBeVisible();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    await page.screenshot({ path: `test-results/dmx-${width}.png` });
    const box = await page.getByRole('gridcell', { name: /^slot 17,/ }).boundingBox();
    expect(box?.height ?? 0).toBeGreaterThanOrEqual(width > 900 ? 24 : 44);
  });
