import { createSocket } from 'node:dgram';
import { freeUdpPort } from '../integration/free-udp-port.ts';
import { goTo } from './pages/areas.ts';
import { addOscInput, deviceRow, newBridge } from './pages/devices-page.ts';
import { monitorLines } from './pages/monitor-page.ts';
import { expect, mapping, test } from './stage.ts';

/** "/oscillator/4/frequency" with 440.0, octet by octet as in the examples of the OSC 1.0 specification. */
const oscillator = Buffer.from('2f6f7363696c6c61746f722f342f6672657175656e6379002c66000043dc0000', 'hex');

async function sendUdp(port: number, packet: Buffer): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => {
    socket.send(packet, port, '127.0.0.1', (error) => (error ? reject(error) : resolve()));
  });
  socket.close();
}

test('[EE7] an OSC bridge added by the form hears a packet from the network, and the monitor shows it', async ({
  setStage,
}) => {
  const { page } = await setStage();
  const port = await freeUdpPort();
  await addOscInput(page, { name: 'synth', port, prefix: '/synth' });
  await goTo(page, 'Monitor');
  await sendUdp(port, oscillator);
  const line = monitorLines(page).filter({ hasText: '/synth/oscillator/4/frequency' });
  await expect(line).toHaveCount(1);
  await expect(line).toContainText('synth');
  await expect(line).toContainText('440');
  await goTo(page, 'Devices');
  await expect(deviceRow(page, 'synth, OSC, Connected')).toBeVisible();
});

test('[EE7] a port that is taken leaves the bridge broken, with the reason, until it is free', async ({ setStage }) => {
  const { page } = await setStage();
  const taken = createSocket('udp4').bind(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address();
  const form = await newBridge(page, 'OSC');
  await form.getByLabel('name', { exact: true }).fill('synth');
  await form.getByLabel('direction').selectOption('In: listen');
  await form.getByLabel('listens at').fill('127.0.0.1');
  await form.getByLabel('listens on port').fill(String(port));
  await form.getByRole('button', { name: 'Add bridge' }).click();
  await expect(deviceRow(page, 'synth, OSC, Broken')).toContainText(String(port));
  taken.close();
  await expect(deviceRow(page, 'synth, OSC, Connected')).toBeVisible({ timeout: 20_000 });
});

test('[EE7] a form that wants a repair says so at the field and adds nothing', async ({ setStage }) => {
  const { page } = await setStage();
  const form = await newBridge(page, 'sACN');
  await form.getByLabel('UDP port').fill('70000');
  await expect(form.getByRole('alert')).toHaveText('A port is a whole number from 1 to 65\u2009535.');
  await form.getByRole('button', { name: 'Add bridge' }).click();
  await expect(form.getByLabel('UDP port')).toBeFocused();
  await form.getByLabel('UDP port').fill('5569');
  await expect(form.getByRole('alert')).toHaveCount(0);
  await form.getByRole('button', { name: 'Add bridge' }).click();
  await expect(deviceRow(page, 'sacn, sACN')).toBeVisible();
});

test('[EE8] the monitor filters by pattern, stands still when frozen, and forgets when cleared', async ({
  setStage,
}) => {
  const { page, desk } = await setStage({ mappings: [mapping(1)] });
  await goTo(page, 'Monitor');
  const lines = monitorLines(page);
  const pattern = page.getByLabel('Only addresses like');
  desk.set('/desk/fader/1', 0.25);
  desk.set('/desk/key/1', 1);
  await expect(lines).toHaveCount(3);
  await expect(lines.filter({ hasText: '/sacn/1/1' })).toContainText('set 1');

  await pattern.fill('/desk/key/*');
  await expect(lines).toHaveCount(1);
  await expect(lines).toContainText('/desk/key/1');
  desk.set('/desk/fader/1', 0.5);
  desk.set('/desk/key/2', 1);
  await expect(lines).toHaveCount(2);
  await expect(lines.last()).toContainText('/desk/key/2');
  await pattern.fill('/desk//key');
  await expect(page.getByRole('alert')).toContainText('Two slashes meet. Remove one.');
  await pattern.press('Escape');

  await page.getByRole('button', { name: 'Frozen' }).click();
  const before = await lines.allTextContents();
  desk.set('/desk/fader/1', 0.75);
  await expect(page.getByText('2 new')).toBeVisible();
  expect(await lines.allTextContents()).toEqual(before);
  await page.getByRole('button', { name: 'Live' }).click();
  await expect(lines.last()).toContainText('0.750');

  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(lines).toHaveCount(0);
  await expect(page.getByText('Nothing has moved since you came here.')).toBeVisible();
});

test('[EE8] the monitor shows lines in every picture, however many come', async ({ setStage }) => {
  const { page, desk } = await setStage();
  await goTo(page, 'Monitor');
  const timer = setInterval(() => {
    for (let key = 0; key < 40; key++) desk.emit(`/desk/key/${key}`, key);
  }, 20);
  await expect.poll(() => monitorLines(page).count()).toBeGreaterThan(10);
  const empty = await page.evaluate(async () => {
    const list = document.querySelector('[role="listbox"]');
    if (!list) throw new Error('There is no list.');
    const { port1, port2 } = new MessageChannel();
    // A message that is sent while a picture is drawn comes right after it.
    const drawn = () =>
      new Promise((resolve) => {
        port2.onmessage = resolve;
        requestAnimationFrame(() => port1.postMessage(0));
      });
    const middle = list.getBoundingClientRect().top + list.clientHeight / 2;
    let pictures = 0;
    for (let count = 0; count < 40; count++) {
      await drawn();
      const shown = [...list.querySelectorAll('[role="option"]')].some((line) => {
        const { top, bottom } = line.getBoundingClientRect();
        return top <= middle && bottom >= middle;
      });
      if (!shown) pictures++;
    }
    return pictures;
  });
  clearInterval(timer);
  expect(empty).toBe(0);
});
