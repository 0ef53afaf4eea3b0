import { createSocket } from 'node:dgram';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { toBuffer } from 'osc-min';
import { formatShowFile } from '../../src-main/platform/show-file.ts';
import { freeUdpPort } from '../integration/free-udp-port.ts';
import { connectClasp } from './desktop.ts';
import { writeIndexedPng } from './indexed-png.ts';
import { hangLamp } from './lamp.ts';
import { goTo } from './pages/areas.ts';
import { mappingRow } from './pages/patch-page.ts';
import { startServing } from './serve.ts';
import { tourShow } from './tour-show.ts';
import { expect, test } from './watched-page.ts';

const docs = fileURLToPath(new URL('../../docs/', import.meta.url));
const pictureBytesMax = 200_000;
/** The wires show four seconds. */
const beatsOfAPicture = 150;
const beatMs = 33;

/** The pictures of the README, taken from a small rig at work. They are written to docs/ with FLYRAIL_PICTURES=1. */
test('[EE17] every page shows a rig at work, and its picture is small enough for the README', async ({
  page,
  dataDir,
  watch,
}, info) => {
  const folder = process.env['FLYRAIL_PICTURES'] ? docs : info.outputDir;
  const lamp = await hangLamp();
  const ports = { lamps: lamp.port, stage: await freeUdpPort(), video: await freeUdpPort() };
  await mkdir(join(dataDir, 'shows'));
  for (const name of ['Winter tour', 'Summer fair', 'Workshop'])
    await writeFile(join(dataDir, 'shows', `${name}.flyrail`), formatShowFile(tourShow(name, ports)));
  const show = join(dataDir, 'shows', 'Winter tour.flyrail');
  const serving = await startServing(['--data', dataDir, '--show', show]);
  const rig = await playRig(Number(new URL(serving.ready.clasp.url).port), ports.stage);
  try {
    await page.goto(serving.ready.ui.url);
    await mappingRow(page, 2).click();
    await rig.played(beatsOfAPicture);
    await expect(page.getByRole('button', { name: /^Flowing (9|10)$/ })).toBeVisible();
    await mkdir(folder, { recursive: true });
    await takePicture(page, join(folder, 'patch.png'));
    await goTo(page, 'Devices');
    await page.getByRole('row', { name: /front truss/ }).click();
    await rig.played(beatsOfAPicture);
    await takePicture(page, join(folder, 'devices.png'));
    await goTo(page, 'Monitor');
    await rig.played(beatsOfAPicture);
    await takePicture(page, join(folder, 'monitor.png'));
    await goTo(page, 'Show');
    await takePicture(page, join(folder, 'show.png'));
  } finally {
    watch.end();
    rig.stop();
    await serving.stop();
    await lamp.close();
  }
});

async function takePicture(page: Page, path: string): Promise<void> {
  // Nothing is pointed at, and what was just said has left the corner.
  await page.mouse.move(640, 5);
  const picture = writeIndexedPng(await pixelsOf(page, await page.screenshot()));
  await writeFile(path, picture);
  expect(picture.length).toBeLessThan(pictureBytesMax);
}

/** Lets the browser read its own picture, on a page without a policy. */
async function pixelsOf(page: Page, png: Buffer) {
  const studio = await page.context().newPage();
  const { width, height, url } = await studio.evaluate(
    async (source) => {
      const bitmap = await createImageBitmap(await (await fetch(source)).blob());
      const pen = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
      if (!pen) throw new Error('There is no canvas.');
      pen.drawImage(bitmap, 0, 0);
      const { width, height, data } = pen.getImageData(0, 0, bitmap.width, bitmap.height);
      const reader = new FileReader();
      const read = new Promise((resolve) => reader.addEventListener('load', resolve));
      reader.readAsDataURL(new Blob([data]));
      await read;
      return { width, height, url: reader.result as string };
    },
    `data:image/png;base64,${png.toString('base64')}`,
  );
  await studio.close();
  return { width, height, pixels: Buffer.from(url.slice(url.indexOf(',') + 1), 'base64') };
}

/** Moves faders over CLASP and the stage over OSC, some thirty times a second. */
async function playRig(claspPort: number, oscPort: number) {
  const desk = await connectClasp(claspPort);
  const socket = createSocket('udp4');
  let beats = 0;
  const wave = (seconds: number, shift = 0): number => (1 - Math.cos((beats * beatMs) / 159 / seconds + shift)) / 2;
  const osc = (address: string, value: number): void => {
    const { buffer, byteOffset, byteLength } = toBuffer({ address, args: [{ type: 'float', value }] });
    socket.send(new Uint8Array(buffer, byteOffset, byteLength), oscPort, '127.0.0.1');
  };
  const timer = setInterval(() => {
    beats++;
    desk.set('/desk/fader/1', wave(5));
    desk.set('/desk/fader/2', wave(3, 2));
    if (beats % 60 < 30) desk.set('/desk/fader/3', wave(4, 1));
    desk.set('/desk/fader/4', wave(9, 4));
    desk.set('/desk/fader/9', wave(6, 3));
    if (beats % 45 === 0) desk.emit('/desk/key/12', 1);
    osc('/drums/kick', beats % 15 < 2 ? 1 : 0);
    osc('/keys/expression', wave(2.5));
    osc('/vocals/level', wave(1.7, 2) * wave(4));
    for (const dancer of [1, 2, 3]) osc(`/dancer/${dancer}/height`, wave(3 + dancer, dancer));
  }, beatMs);
  return {
    /** until so many more beats were played */
    played: async (more: number) => {
      const from = beats;
      await expect.poll(() => beats - from, { timeout: 20_000 }).toBeGreaterThan(more);
    },
    stop: () => {
      clearInterval(timer);
      socket.close();
      desk.close();
    },
  };
}
