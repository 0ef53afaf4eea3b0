import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { WebSocket } from 'ws';
import type { EngineApi } from '../../src-main/contract/engine-api.ts';
import { connectEngine } from '../../src-main/contract/rpc.ts';
import { createWebSocketMessageLink } from '../../src-main/engine/websocket-message-link.ts';
import { silentLog } from '../silent-log.ts';
import { goTo } from './pages/areas.ts';
import { mappingRow } from './pages/patch-page.ts';
import { expect, mapping, test } from './stage.ts';

const headless = fileURLToPath(new URL('../../out/main/headless.js', import.meta.url));
const phone = { width: 390, height: 844 };
const desktop = { width: 1280, height: 800 };
/** where pictures of the pages go, for who wants to look at them */
const pictures = process.env['FLYRAIL_SHOTS'];

/** A command line on the folder of the engine that runs. */
async function flyrail(args: readonly string[], input = ''): Promise<string> {
  const child = spawn(process.execPath, [headless, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const out: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stdin.end(input);
  const [code] = (await once(child, 'exit')) as [number | null];
  expect(code).toBe(0);
  return Buffer.concat(out).toString();
}

function setPin(dataDir: string, role: string, pin: string): Promise<string> {
  return flyrail(['access', 'pin', 'set', '--role', role, '--pin', '-', '--data', dataDir], `${pin}\n`);
}

async function stranger(browser: Browser, viewport = desktop): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ viewport });
  return { context, page: await context.newPage() };
}

async function picture(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  await mkdir(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

async function axe(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}

async function enterPin(page: Page, pin: string): Promise<void> {
  for (const digit of pin) await page.getByRole('button', { name: digit, exact: true }).click();
  await page.getByRole('button', { name: 'Log in' }).click();
}

/** The link of this page's session, used by hand. */
async function byHand(context: BrowserContext, origin: string): Promise<{ engine: EngineApi; socket: WebSocket }> {
  const cookie = (await context.cookies(origin)).map(({ name, value }) => `${name}=${value}`).join('; ');
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/engine`, { headers: { origin, cookie } });
  const engine = connectEngine(createWebSocketMessageLink(socket, silentLog));
  await once(socket, 'open');
  return { engine, socket };
}

test('[RS18] a phone logs in with the PIN of View, sees the rig live, and changes nothing, on the page or by hand', async ({
  setStage,
  dataDir,
  browser,
}) => {
  const { serving, desk } = await setStage({ mappings: [mapping(1)] });
  const { origin } = new URL(serving.ready.ui.url);
  await setPin(dataDir, 'view', '481623');
  for (const size of [desktop, phone]) {
    const { context, page } = await stranger(browser, size);
    await page.goto(origin);
    await expect(page.getByRole('button', { name: 'Log in' })).toBeVisible();
    await picture(page, `login-${size.width}`);
    expect(await axe(page)).toEqual([]);
    await enterPin(page, '481624');
    await expect(page.getByRole('alert')).toContainText('That is not a PIN of this Flyrail.');
    await picture(page, `login-wrong-${size.width}`);
    expect(await axe(page)).toEqual([]);
    await enterPin(page, '481623');
    await expect(page.getByTitle('What this page may do')).toHaveText('View');
    desk.set('/desk/fader/1', 0.5);
    await expect(mappingRow(page, 1)).toContainText('0.5');
    await picture(page, `view-${size.width}`);
    expect(await axe(page)).toEqual([]);
    await goTo(page, 'Devices');
    await expect(page.getByRole('heading', { name: 'Remote interface' })).toHaveCount(0);
    await picture(page, `view-devices-${size.width}`);
    const { engine, socket } = await byHand(context, origin);
    const revision = (await engine.snapshot()).revision;
    for (const command of [
      () => engine.sendSignal({ kind: 'param', address: '/desk/fader/1', value: 1 }),
      () => engine.openDemo(),
      () => engine.setPin({ role: 'edit' }),
      () => engine.startPairing({ role: 'edit' }),
    ])
      await expect(command()).rejects.toMatchObject({ code: 'access-refused' });
    expect(await engine.snapshot()).toMatchObject({ role: 'view', revision, remote: null });
    socket.close();
    await page.getByRole('button', { name: 'Log out' }).click();
    await expect(page.getByRole('button', { name: 'Log in' })).toBeVisible();
    await context.close();
  }
});

test('[RS12] Control sets a value that reaches the lamp, and changes nothing of the show', async ({
  setStage,
  dataDir,
  browser,
}) => {
  const { serving, lamp } = await setStage({ mappings: [mapping(1)] });
  const { origin } = new URL(serving.ready.ui.url);
  await setPin(dataDir, 'control', '905172');
  const { context, page } = await stranger(browser);
  await page.goto(origin);
  await enterPin(page, '905172');
  await expect(page.getByTitle('What this page may do')).toHaveText('Control');
  const { engine, socket } = await byHand(context, origin);
  await engine.sendSignal({ kind: 'param', address: '/desk/fader/1', value: 1 });
  await expect.poll(() => lamp.percent(1)).toBe(100);
  await expect(engine.undo()).rejects.toMatchObject({ code: 'access-refused' });
  socket.close();
  await context.close();
});

test('[PA1] a page that scans the code of the window is in, comes in again by itself, and is out when it is revoked', async ({
  serving,
  page,
  browser,
}) => {
  const { origin } = new URL(serving.ready.ui.url);
  await page.goto(serving.ready.ui.url);
  await goTo(page, 'Devices');
  const panel = page.getByRole('region', { name: 'Remote interface' });
  await panel.getByRole('button', { name: 'Start pairing' }).click();
  const code = (await panel.getByLabel(/^Pairing code/).textContent())?.replace(/\D/g, '') ?? '';
  expect(code).toMatch(/^\d{6}$/);
  await panel.scrollIntoViewIfNeeded();
  await picture(page, 'panel-1280');
  const { context, page: phonePage } = await stranger(browser, phone);
  await phonePage.goto(`${origin}/#pair=${code}`);
  await expect(phonePage.getByRole('button', { name: 'Log in' })).toBeEnabled();
  expect(phonePage.url()).not.toContain(code);
  await phonePage.getByLabel(/name of this page/).fill('Stage left');
  await picture(phonePage, 'pair-390');
  expect(await axe(phonePage)).toEqual([]);
  await phonePage.getByRole('button', { name: 'Log in' }).click();
  await expect(phonePage.getByTitle('What this page may do')).toHaveText('View');
  await expect(panel.getByText('Stage left').first()).toBeVisible();
  await context.clearCookies();
  await phonePage.reload();
  await expect(phonePage.getByTitle('What this page may do')).toHaveText('View');
  await panel.getByRole('button', { name: 'Set PIN' }).first().click();
  await expect(panel.getByText('shown this once')).toBeVisible();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'panel-paired-1280');
  await page.setViewportSize(phone);
  await panel.scrollIntoViewIfNeeded();
  await picture(page, 'panel-390');
  expect(await axe(page)).toEqual([]);
  await page.setViewportSize(desktop);
  await panel.getByRole('button', { name: 'Revoke' }).click();
  await expect(phonePage.getByRole('button', { name: 'Log in' })).toBeVisible();
  await context.close();
});

test.describe('an interface that is moved', () => {
  test.use({ allowedProblems: /WebSocket connection to 'ws:\/\/127|Failed to load resource/ });
  test('[RS30] a page that opens the interface to others and closes it again goes on at the same port, and is told where TLS is', async ({
    serving,
    page,
    dataDir,
  }) => {
    const { host } = new URL(serving.ready.ui.url);
    await page.goto(serving.ready.ui.url);
    await goTo(page, 'Devices');
    const panel = page.getByRole('region', { name: 'Remote interface' });
    await setPin(dataDir, 'edit', '725914');
    for (const [press, said] of [
      ['Open without', 'Other machines reach this interface without TLS.'],
      ['Close to others', 'Only this machine reaches it.'],
    ] as const) {
      await panel.getByRole('button', { name: press }).click();
      await expect(panel).toContainText(said);
      await expect(panel).not.toContainText('Not done');
      // The link was cut with the old address, and is there again.
      await panel.getByRole('button', { name: 'Start pairing' }).click();
      await panel.getByRole('button', { name: 'Stop' }).click();
    }
    await panel.getByRole('button', { name: 'Open with TLS' }).click();
    await expect(panel.getByRole('link')).toHaveAttribute('href', `https://${host}/`);
    await expect(panel).not.toContainText('Not done');
  });
});
