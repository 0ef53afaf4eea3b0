import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Clasp } from '@clasp-to/core';
import type { ElectronApplication, Page } from '@playwright/test';
import { bridgeSchema } from '../../src-main/contract/show.ts';
import { sampleMapping } from '../show-samples.ts';
import { freePort } from '../free-port.ts';
import { connectClasp, readyPage, writeShow } from './desktop.ts';
import { test as base } from './electron.ts';

/** The window with a show that sends `/desk/fader/1` to slot 1 of universe 1, a client at that fader, and the lamp. */
export interface DesktopStage {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly desk: Clasp;
  /** everything that the lamp's receiver got, whole packets */
  readonly packets: readonly Buffer[];
  /** slot 1 as the lamp heard it last, 0..255; undefined until anything was heard */
  lampLevel(): number | undefined;
}

interface DesktopStageFixtures {
  /** taken down after the test */
  readonly stage: DesktopStage;
}

/** Alone on this address: other programs of this machine may listen for sACN too. */
const receiverHost = '127.7.3.9';

/** A test in real Electron, on a stage of its own where it asks for one. */
export const test = base.extend<DesktopStageFixtures>({
  stage: async ({ launch, dataDir }, use) => {
    const receiver = createSocket('udp4').bind(5568, receiverHost);
    await once(receiver, 'listening');
    const packets: Buffer[] = [];
    receiver.on('message', (packet) => packets.push(packet));
    const port = await freePort();
    const show = await writeShow(dataDir, 'Lamps', { bridges: [lamps], mappings: [sampleMapping(1)] });
    const app = await launch({ args: [`--port=${port}`, show] });
    const page = await readyPage(app);
    const desk = await connectClasp(port);
    // Slot 1 follows the start code [E1.31 table 4-1].
    await use({ app, page, desk, packets, lampLevel: () => packets.at(-1)?.[126] });
    desk.close();
    receiver.close();
  },
});

export { expect } from './electron.ts';

const lamps = bridgeSchema.parse({
  id: 'lamps',
  number: 1,
  kind: 'sacn',
  name: 'Lamps',
  settings: {
    universes: [{ first: 1, last: 1, priority: 100 }],
    mode: 'unicast',
    unicastTo: [receiverHost],
    networkCard: '',
    sourceName: 'Flyrail',
    cid: '5e1f2f9a-7f4e-4f0b-9d55-0123456789ab',
  },
});
