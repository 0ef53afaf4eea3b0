import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { bridgeKinds } from '../../src-main/contract/bridges/bridge-form.ts';
import { oscBridgeSchema } from '../../src-main/contract/bridges/osc.ts';
import type { Bridge } from '../../src-main/contract/show.ts';
import { kindWord } from '../../src-renderer/devices/kinds/kinds.ts';
import { freeUdpPort } from '../integration/free-udp-port.ts';
import { goTo } from './pages/areas.ts';
import { deviceRow, newBridge } from './pages/devices-page.ts';
import { expect, test } from './stage.ts';

/** An OSC device that hears on a port of its own and answers nobody. */
async function hangDevice(): Promise<{ socket: Socket; port: number; heard: Buffer[] }> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const heard: Buffer[] = [];
  socket.on('message', (packet: Buffer, _from: RemoteInfo) => heard.push(packet));
  return { socket, port: socket.address().port, heard };
}

function oscTo(remotePort: number, listenPort: number, more: Partial<Bridge> = {}): Bridge {
  return oscBridgeSchema.parse({
    id: 'synth',
    number: 2,
    name: 'synth',
    kind: 'osc',
    ...more,
    settings: {
      direction: 'both',
      listenHost: '127.0.0.1',
      listenPort,
      targets: [{ host: '127.0.0.1', port: remotePort }],
      prefix: '/synth',
    },
  });
}

async function openTraffic(page: Page, name: string): Promise<Locator> {
  await goTo(page, 'Devices');
  await deviceRow(page, name).click();
  const form = page.getByRole('form', { name: 'synth' });
  await form.getByRole('button', { name: 'Test, in and out' }).click();
  return form;
}

test('[UI472] a test goes out to the device, the device’s answer comes in, and both stand in the list', async ({
  setStage,
}) => {
  const device = await hangDevice();
  const listenPort = await freeUdpPort();
  const { page } = await setStage({ bridges: [oscTo(device.port, listenPort)] });
  const form = await openTraffic(page, 'synth, OSC, Connected');
  await form.getByLabel('address', { exact: true }).fill('/synth/level');
  await form.getByLabel('value', { exact: true }).selectOption('Whole number');
  await form.getByLabel('it is').fill('7');
  await form.getByRole('button', { name: 'Test once' }).click();
  await expect.poll(() => device.heard.length).toBe(1);
  // "/level" ",i" 7, as the OSC 1.0 specification writes it.
  expect(device.heard[0]?.toString('hex')).toBe('2f6c6576656c00002c69000000000007');
  await expect(form.getByRole('status').filter({ hasText: 'Sent' })).toContainText('/synth/level went out to synth.');
  const list = form.getByRole('list', { name: 'Last messages of synth' });
  await expect(list.getByRole('listitem').first()).toContainText('sent by hand');
  device.socket.send(Buffer.from('2f616e73776572002c69000000000003', 'hex'), listenPort, '127.0.0.1');
  await expect(list.getByRole('listitem').first()).toContainText('/synth/answer');
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await page.keyboard.press('Escape');
  await deviceRow(page, 'synth, OSC, Connected').click();
  await page.keyboard.press('t');
  await expect.poll(() => device.heard.length).toBe(2);
  device.socket.close();
});

test('[UI474] what stands is sent again by a press, to one device and to all', async ({ setStage }) => {
  const device = await hangDevice();
  const { page, desk } = await setStage({ bridges: [oscTo(device.port, await freeUdpPort())] });
  const form = await openTraffic(page, 'synth, OSC, Connected');
  desk.set('/synth/level', 0.5);
  await expect.poll(() => device.heard.length).toBe(1);
  await form.getByRole('button', { name: 'Send now' }).click();
  await expect.poll(() => device.heard.length).toBe(2);
  await expect(page.getByText('1 value sent to synth')).toBeVisible();
  await page.getByRole('button', { name: 'Send all again' }).click();
  await expect.poll(() => device.heard.length).toBe(3);
  await expect(page.getByText('1 value sent to the devices')).toBeVisible();
  device.socket.close();
});

test('[UI470] every kind is chosen, filled in and added by the same form', async ({ setStage }) => {
  const { page } = await setStage();
  const form = await newBridge(page, 'CLASP');
  await form.getByLabel('router', { exact: true }).fill('ws://token@10.0.0.5/clasp');
  await expect(form.getByRole('alert')).toHaveText(
    'A URL such as ws://10.0.0.5:7330/clasp; a token has its own place.',
  );
  await form.getByLabel('router', { exact: true }).fill('ws://127.0.0.1:9/clasp');
  await form.getByLabel('direction').selectOption('Out: give');
  await expect(form.getByLabel('takes')).toBeHidden();
  await form.getByLabel('when it comes back').selectOption('Ask me');
  await form.getByRole('button', { name: 'More settings' }).click();
  await expect(form.getByLabel('authority')).toBeVisible();
  await form.getByRole('button', { name: 'Add bridge' }).click();
  await expect(deviceRow(page, 'clasp, CLASP')).toBeFocused();
  await expect(page.getByRole('form', { name: 'clasp' }).getByLabel('when it comes back')).toHaveValue('ask');
});

test('[UI478] [UI479] on a phone the kinds are one line with the chosen one in sight, and each begins with its fold shut', async ({
  setStage,
}) => {
  const { page } = await setStage();
  await page.setViewportSize({ width: 390, height: 844 });
  for (const kind of ['HTTP', 'CLASP', 'OSC', 'MQTT']) {
    const form = await newBridge(page, kind);
    const kinds = form.getByRole('group', { name: 'Kind of bridge' });
    const name = form.getByLabel('name', { exact: true });
    await expect(kinds.getByRole('button', { name: kind, exact: true })).toBeInViewport({ ratio: 1 });
    await expect(name).toBeInViewport({ ratio: 1 });
    expect((await kinds.boundingBox())?.height).toBeLessThan(60);
    const prefix = form.getByLabel('prefix');
    await prefix.focus();
    await name.focus();
    const underLine = await kinds.evaluate((line) => line.getBoundingClientRect().bottom);
    expect((await name.boundingBox())?.y).toBeGreaterThan(underLine);
    await expect(kinds.getByRole('button', { name: kind, exact: true })).toBeInViewport({ ratio: 1 });
    const fold = form.getByRole('button', { name: 'More settings' }).last();
    await expect(fold).toHaveAttribute('aria-expanded', 'false');
    await fold.click();
    await expect(fold).toHaveAttribute('aria-expanded', 'true');
  }
});

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 820, height: 1180 },
  { width: 390, height: 844 },
]) {
  test(`[UI476] axe finds nothing in the inspector of a device at ${viewport.width} × ${viewport.height}, and fingers hit`, async ({
    setStage,
  }) => {
    test.slow();
    const device = await hangDevice();
    const listenPort = await freeUdpPort();
    const { page } = await setStage({ bridges: [oscTo(device.port, listenPort)] });
    await page.setViewportSize(viewport);
    const shots = process.env['FORMS_SHOTS'];
    const look = async (name: string): Promise<void> => {
      if (shots) await page.screenshot({ path: `${shots}/${name}-${viewport.width}.png` });
      await expectClean(page, viewport.width);
    };
    const form = await openTraffic(page, 'synth, OSC, Connected');
    await form.getByRole('button', { name: 'Test once' }).click();
    for (const part of ['61', '62', '63'])
      device.socket.send(
        Buffer.from(`2f${part}0000002c69000000000003`.replace('0000002c', '00002c'), 'hex'),
        listenPort,
        '127.0.0.1',
      );
    await expect(form.getByRole('status').filter({ hasText: 'Sent' })).toBeVisible();
    await look('traffic');
    await form.getByRole('button', { name: 'Settings' }).click();
    await look('settings');
    for (const kind of bridgeKinds.map(kindWord)) {
      const form = await newBridge(page, kind);
      // Those of rows stand before the form's own.
      const more = form.getByRole('button', { name: 'More settings' }).last();
      if ((await more.count()) > 0) await more.click();
      await look(`new-${kind}`);
    }
    device.socket.close();
  });
}

async function expectClean(page: Page, width: number): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).include('[data-region="inspector"]').analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([]);
  if (width > 900) return;
  const small = await page
    .locator('[data-region="inspector"] :is(button, a, select, input, textarea)')
    .evaluateAll((found) =>
      found
        .map((each) => ({ html: each.outerHTML, box: each.getBoundingClientRect() }))
        .filter(({ box }) => box.width < 44 || box.height < 44)
        .map(({ html }) => html),
    );
  expect(small).toEqual([]);
}
