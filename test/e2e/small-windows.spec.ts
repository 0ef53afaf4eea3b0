import type { Locator, Page } from '@playwright/test';
import { oscBridgeSchema } from '../../src-main/contract/bridges/osc.ts';
import { type Bridge } from '../../src-main/contract/show.ts';
import { goTo } from './pages/areas.ts';
import { newBridge } from './pages/devices-page.ts';
import { expect, mapping, test } from './stage.ts';

/** 1280 × 800 at 200 % zoom, and a tablet held upright. */
const sizes = [
  { width: 640, height: 400 },
  { width: 820, height: 1180 },
] as const;

/** "no br…": that there is one, and how it begins. */
const beginningOfReasonPx = 40;

for (const size of sizes) {
  test(`[EE18] keeps what must be in sight at ${size.width} × ${size.height}`, async ({ setStage }) => {
    const { page, desk } = await setStage({ mappings: [1, 2, 3].map((number) => mapping(number)) });
    await page.setViewportSize(size);
    await goTo(page, 'Patch');
    await page.getByRole('switch', { name: 'Set 2', exact: true }).focus();
    await page.locator('[data-row="set-2"]').click();
    await page.keyboard.press('Enter');
    await expect(inspector(page)).toBeVisible();
    await inspector(page).evaluate((sheet) => Promise.all(sheet.getAnimations().map(({ finished }) => finished)));
    await expectInSight(page);
    const box = await inspector(page).boundingBox();
    if (size.height > 600) expect(box?.height).toBeLessThanOrEqual(size.height * 0.35);
    await goTo(page, 'Monitor');
    const line = page.getByRole('option').filter({ hasText: '/desk/fader/1' }).first();
    let level = 0;
    // Until the engine knows that somebody looks.
    await expect(() => {
      desk.set('/desk/fader/1', (level += 0.01));
      return expect(line).toBeVisible({ timeout: 200 });
    }).toPass();
    const address = line.getByTitle('/desk/fader/1');
    expect(await address.evaluate((text) => text.scrollWidth <= text.clientWidth)).toBe(true);
    const list = await page.getByRole('listbox').boundingBox();
    expect(list?.height).toBeGreaterThanOrEqual(3 * 44);
    for (const figure of [/ msg\/s$/, /^dropped /, /^skipped from view /]) {
      await expectOnTop(page.getByText(figure).last());
    }
    await expectInSight(page);
  });
}

for (const size of sizes) {
  test(`[UI114] keeps the option that Enter takes in sight at ${size.width} × ${size.height}`, async ({ setStage }) => {
    const { page, desk } = await setStage({ mappings: [mapping(1)] });
    await page.setViewportSize(size);
    await page.locator('[data-row="set-1"]').click();
    await page.keyboard.press('Escape');
    await page.keyboard.press('l');
    const heard = page.getByRole('listbox', { name: /^Heard/ });
    await expect(heard).toBeFocused();
    for (const part of [1, 2, 3, 4, 5, 6]) desk.set(`/desk/fader/${part}`, 1 / part);
    await expect(heard.getByRole('option')).toHaveCount(6);
    for (let down = 0; down < 5; down++) await page.keyboard.press('ArrowDown');
    await expect(heard.getByRole('option').last()).toHaveAttribute('aria-selected', 'true');
    await expectOnTop(heard.getByRole('option').last());
    await expectOnTop(page.getByRole('button', { name: /^Stop/ }));
    await expectOnTop(page.getByRole('region', { name: 'Monitor strip' }).getByText(/ msg\/s$/));
  });

  test(`[EE18] the monitor strip keeps address and value at ${size.width} × ${size.height}`, async ({ setStage }) => {
    const { page, desk } = await setStage({ mappings: [mapping(1)] });
    await page.setViewportSize(size);
    await page.keyboard.press('m');
    const strip = page.getByRole('region', { name: 'Monitor strip' });
    const address = strip.getByTitle('/desk/fader/1').first();
    let level = 0;
    await expect(() => {
      desk.set('/desk/fader/1', (level += 0.01));
      return expect(address).toBeVisible({ timeout: 200 });
    }).toPass();
    expect(await address.evaluate((text) => text.clientWidth > 0 && text.scrollWidth <= text.clientWidth)).toBe(true);
  });
}

test('[UI156] shows the whole field of a new bridge that is typed in, with the strip open in a low window', async ({
  setStage,
}) => {
  const { page } = await setStage();
  await page.setViewportSize({ width: 640, height: 800 });
  await page.keyboard.press('m');
  const form = await newBridge(page, 'OSC');
  await form.getByLabel('name', { exact: true }).focus();
  await page.setViewportSize({ width: 640, height: 400 });
  await inspector(page).evaluate((sheet) => Promise.all(sheet.getAnimations().map(({ finished }) => finished)));
  for (const label of ['name', 'listens on port', 'prefix']) {
    const input = form.getByLabel(label, { exact: true });
    if (label !== 'name') await input.focus();
    await expect(input).toBeFocused();
    const field = form.locator('.field', { has: page.getByLabel(label, { exact: true }) });
    await expect(field).toBeInViewport({ ratio: 1 });
    await expectOnTop(field);
    await expectOnTop(input);
  }
  await expectOnTop(form.getByRole('button', { name: 'Add bridge' }));
  await expectOnTop(page.getByRole('region', { name: 'Monitor strip' }).getByText(/ msg\/s$/));
});

test('[UI155] the live monitor stays live and at its end when the window grows and shrinks', async ({ setStage }) => {
  const { page, desk } = await setStage({ mappings: [1, 2, 3].map((number) => mapping(number)) });
  await goTo(page, 'Monitor');
  let level = 0;
  const sending = setInterval(() => {
    level = (level + 0.01) % 1;
    for (const number of [1, 2, 3]) desk.set(`/desk/fader/${number}`, level);
  }, 30);
  const list = page.getByRole('listbox');
  const fromEndPx = () => list.evaluate((found) => found.scrollHeight - found.clientHeight - found.scrollTop);
  await expect.poll(() => list.evaluate((found) => found.scrollHeight)).toBeGreaterThan(1600);
  for (const [width, height] of [
    [1280, 500],
    [1280, 800],
    [820, 1180],
    [1280, 800],
    [640, 400],
    [1680, 1000],
  ] as const) {
    await page.setViewportSize({ width, height });
    await expect.poll(fromEndPx, `${width} × ${height}`).toBeLessThanOrEqual(3 * 44);
    await expect(page.getByRole('button', { name: 'Live' })).toHaveAttribute('aria-pressed', 'true');
  }
  // What is read still stays: the list holds still for who scrolls back.
  await list.hover();
  await page.mouse.wheel(0, -400);
  await expect(page.getByRole('button', { name: 'Live' })).toHaveAttribute('aria-pressed', 'false');
  clearInterval(sending);
});

for (const [width, height] of [
  [390, 844],
  [640, 400],
  [820, 1180],
  [1000, 700],
] as const) {
  test(`[UI548] lays no message over what is inspected at ${width} × ${height}`, async ({ setStage }) => {
    const { page, desk } = await setStage({ mappings: [1, 2, 3].map((number) => mapping(number)) });
    desk.set('/desk/fader/1', 0.5);
    for (const set of ['set-1', 'set-2']) {
      await page.locator(`[data-row="${set}"]`).click();
      await page.keyboard.press('Delete');
      await expect(page.locator(`[data-row="${set}"]`)).toBeHidden();
    }
    await page.setViewportSize({ width, height });
    await goTo(page, 'DMX');
    await page.getByRole('gridcell', { name: /^slot 1, 128/ }).click();
    await expect(inspector(page).getByRole('button', { name: 'Park' })).toBeVisible();
    const messages = page.getByRole('region', { name: 'Messages' });
    await expect(messages.getByText(/deleted$/)).toHaveCount(2);
    const hidden = await messages.evaluate((corner) => {
      const seen = corner.getBoundingClientRect();
      return [...corner.children].flatMap((message) => {
        const own = message.getBoundingClientRect();
        // What has no room is scrolled away.
        const [top, bottom] = [Math.max(own.top, seen.top), Math.min(own.bottom, seen.bottom)];
        return [...document.querySelectorAll('[data-region="inspector"], [data-region="monitor"]')]
          .map((part) => ({ name: part.ariaLabel, box: part.getBoundingClientRect() }))
          .filter(({ box }) => own.left < box.right && box.left < own.right && top < box.bottom && box.top < bottom)
          .map(({ name }) => `${message.textContent} lies over ${name}`);
      });
    });
    expect(hidden).toEqual([]);
    await expectOnTop(messages.getByText(/deleted$/).first());
  });
}

test('[UI552] keeps the words of a device’s row off its lock on a phone', async ({ setStage }) => {
  const { page } = await setStage({ bridges: [1, 2].map((number) => onOnePort(number)) });
  await page.setViewportSize({ width: 390, height: 844 });
  await goTo(page, 'Devices');
  await page.getByRole('row', { name: /^device 2, video wall 2, OSC, Broken/ }).click();
  await inspector(page).getByLabel('listens on port').fill('9124');
  const row = page.getByRole('row', { name: /^device 2, / });
  await expect(row.getByText('changes not applied')).toBeVisible();
  const [over, name] = await row.evaluate((found) => {
    const lock = found.querySelector('[role="switch"]')?.getBoundingClientRect().left ?? 0;
    const words = [...found.querySelectorAll<HTMLElement>('b, span')].filter(({ children }) => children.length === 0);
    const seen = words.map((word) => ({ text: word.innerText, right: word.getBoundingClientRect().right }));
    return [seen.filter(({ right }) => right > lock), found.querySelector('b')?.clientWidth];
  });
  expect(over).toEqual([]);
  expect(name).toBeGreaterThan(2 * beginningOfReasonPx);
});

test('[UI553] brings what came of a test into sight on a phone', async ({ setStage }) => {
  const { page } = await setStage();
  await page.setViewportSize({ width: 390, height: 844 });
  await goTo(page, 'Devices');
  await page.getByRole('row', { name: /^device 1, truss, sACN, Connected/ }).click();
  await inspector(page).getByRole('button', { name: 'Test, in and out' }).click();
  await inspector(page).getByRole('button', { name: 'Test once' }).click();
  const said = inspector(page).getByRole('status').filter({ hasText: '/sacn/1/1 went out to truss.' });
  await expect(said).toBeInViewport({ ratio: 1 });
  await expectOnTop(said);
});

test('[UI561] shows every figure of the monitor strip and every view of the DMX page on a phone', async ({
  setStage,
}) => {
  const { page, desk } = await setStage({ mappings: [mapping(1)] });
  await page.setViewportSize({ width: 390, height: 844 });
  await goTo(page, 'DMX');
  let level = 0;
  const sending = setInterval(() => desk.set('/desk/fader/1', (level = (level + 0.01) % 1)), 5);
  const strip = page.getByRole('region', { name: 'Monitor strip' });
  await expect(strip.getByText(/^[1-9]\d\d+ msg\/s$/)).toBeVisible();
  await expect(strip.getByText(/^p99 .* ms$/)).toBeInViewport({ ratio: 1 });
  clearInterval(sending);
  for (const view of ['0–255', '%', 'source', 'prio'])
    await expect(page.getByRole('button', { name: view, exact: true })).toBeInViewport({ ratio: 1 });
});

test('[UI116] shows the chain whole in the sheet of a tablet, one step at a time', async ({ setStage }) => {
  const transforms = [
    { type: 'invert' as const, enabled: true, min: 0, max: 1 },
    { type: 'scale' as const, enabled: true, inMin: 0, inMax: 1, outMin: 0, outMax: 255 },
  ];
  const { page } = await setStage({ mappings: [mapping(1, { transforms })] });
  await page.setViewportSize({ width: 820, height: 1180 });
  await page.locator('[data-row="set-1"]').click();
  const sheet = inspector(page);
  const [invert, scale] = [/^Step 1, Invert/, /^Step 2, Scale/].map((name) => sheet.getByRole('button', { name }));
  await expect(sheet.getByRole('group', { name: 'Scale, step 2' })).toBeVisible();
  await expect(sheet.getByRole('group', { name: 'Invert, step 1' })).toBeHidden();
  await invert?.click();
  await expect(sheet.getByRole('group', { name: 'Invert, step 1' })).toBeVisible();
  await expect(sheet.getByRole('group', { name: 'Scale, step 2' })).toBeHidden();
  for (const part of [
    invert,
    scale,
    sheet.getByLabel('source', { exact: true }),
    sheet.getByLabel('target', { exact: true }),
  ])
    if (part) await expectOnTop(part);
  const isCut = await sheet.locator('.chain').evaluate((chain) => chain.scrollWidth > chain.clientWidth);
  expect(isCut).toBe(false);
});

test('[UI117] keeps the address of a target whole beside a long reason', async ({ setStage }) => {
  const { page } = await setStage({
    bridges: [1, 2].map((number) => onOnePort(number)),
    mappings: ['/sacn/9/100', '/wall/go', '/wall/layer/1/opacity'].map((address, index) =>
      mapping(index + 1, { target: { address, kind: 'same', as: 'same' } }),
    ),
  });
  for (const width of [640, 820, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    await expect(page.locator('[data-row] .why')).toHaveText([/^no bridge/, /^video wall 2: /, /^video wall 2: /]);
    const ends = await page.locator('[data-row] .target').evaluateAll((found) =>
      found.map((end) => {
        const [address, why] = end.children;
        return {
          isWhole: address !== undefined && address.scrollWidth <= address.clientWidth,
          reasonPx: Math.round(why?.getBoundingClientRect().width ?? 0),
          isTold: why?.getAttribute('title') === why?.textContent,
          isInside: (why?.getBoundingClientRect().right ?? 0) <= end.getBoundingClientRect().right,
        };
      }),
    );
    const hint = `${width} px: ${JSON.stringify(ends)}`;
    // The last address has no room at the smallest width, whatever the reason.
    expect(ends.map(({ isWhole }) => isWhole).slice(0, width === 640 ? 2 : 3), hint).not.toContain(false);
    for (const { reasonPx, isTold, isInside } of ends) {
      expect(reasonPx, hint).toBeGreaterThanOrEqual(beginningOfReasonPx);
      expect(isTold && isInside, hint).toBe(true);
    }
  }
});

test('[UI110] a row that another window moves keeps its focus', async ({ setStage, context }) => {
  const { page } = await setStage({ mappings: [1, 2, 3].map((number) => mapping(number)) });
  const other = await context.newPage();
  await other.goto(page.url());
  const row = page.locator('[data-row="set-2"]');
  await row.click();
  await row.focus();
  for (const key of ['Alt+ArrowUp', 'Alt+ArrowDown']) {
    await other.locator('[data-row="set-3"]').click();
    await other.locator('[data-row="set-3"]').focus();
    await other.keyboard.press(key);
    await expect(page.locator('[data-row="set-3"]')).toHaveAttribute(
      'aria-rowindex',
      key === 'Alt+ArrowUp' ? '3' : '4',
    );
    await expect(row).toBeFocused();
  }
});

function inspector(page: Page): Locator {
  return page.locator('[data-region="inspector"]');
}

async function expectInSight(page: Page): Promise<void> {
  await expectOnTop(page.getByRole('banner').getByText('time of day'));
  await expectOnTop(page.getByRole('banner').locator('[aria-haspopup="dialog"]'));
  await expectOnTop(page.getByRole('navigation', { name: 'Areas' }).getByRole('button', { name: /^Show/ }));
}

/** What is at its middle is the element itself, or part of it: nothing lies over it and it is on the screen. */
async function expectOnTop(element: Locator): Promise<void> {
  const isOnTop = await element.evaluate((found) => {
    const { left, right, top, bottom } = found.getBoundingClientRect();
    const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return there !== null && (found.contains(there) || there.contains(found)) && bottom <= innerHeight;
  });
  expect(isOnTop, await element.innerText()).toBe(true);
}

/** The first gets the port; what goes to the second is broken, with a long reason. */
function onOnePort(number: number): Bridge {
  return oscBridgeSchema.parse({
    id: `wall-${number}`,
    number,
    name: `video wall ${number}`,
    kind: 'osc',
    settings: {
      direction: 'both',
      listenHost: '127.0.0.1',
      listenPort: 47_312,
      targets: [{ host: '127.0.0.1', port: 47_400 }],
      prefix: number === 1 ? '/first' : '/wall',
    },
  });
}
