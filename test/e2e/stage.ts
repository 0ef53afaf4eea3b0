import type { Clasp } from '@clasp-to/core';
import type { Page } from '@playwright/test';
import { sacnBridgeSchema } from '../../src-main/contract/bridges/sacn.ts';
import { mappingSchema, type Mapping, type ShowDocument } from '../../src-main/contract/show.ts';
import { connectClasp, writeShow } from './desktop.ts';
import { hangLamp, type Lamp } from './lamp.ts';
import { startServing, type Serving } from './serve.ts';
import { test as base } from './watched-page.ts';

/** A show that runs, with its page open, a client that sends, and a lamp that hears universe 1. */
export interface Stage {
  readonly serving: Serving;
  readonly page: Page;
  readonly desk: Clasp;
  readonly lamp: Lamp;
}

interface StageFixtures {
  /** Sets a show up, with one sACN output and these parts; taken down after the test. */
  readonly setStage: (parts?: Partial<ShowDocument>) => Promise<Stage>;
}

/** A test on a stage of its own. */
export const test = base.extend<StageFixtures>({
  setStage: async ({ dataDir, page, watch }, use) => {
    const takeDown: (() => unknown)[] = [];
    await use(async (parts = {}) => {
      const lamp = await hangLamp();
      takeDown.push(() => lamp.close());
      const show = await writeShow(dataDir, 'Stage', { bridges: [outputTo(lamp)], ...parts });
      const serving = await startServing(['--data', dataDir, '--show', show]);
      takeDown.push(() => serving.stop());
      await page.goto(serving.ready.ui.url);
      const desk = await connectClasp(Number(new URL(serving.ready.clasp.url).port));
      takeDown.push(() => desk.close());
      return { serving, page, desk, lamp };
    });
    watch.end();
    for (const end of takeDown.toReversed()) await end();
  },
});

export { expect } from './watched-page.ts';

/** @param more over a mapping of `/desk/fader/<number>` to slot `<number>` of universe 1 */
export function mapping(number: number, more: Partial<Mapping> = {}): Mapping {
  return mappingSchema.parse({
    id: `set-${number}`,
    number,
    source: { pattern: `/desk/fader/${number}` },
    target: { address: `/sacn/1/${number}` },
    transforms: [],
    ...more,
  });
}

function outputTo(lamp: Lamp): ShowDocument['bridges'][number] {
  return sacnBridgeSchema.parse({
    id: 'truss',
    number: 1,
    name: 'truss',
    kind: 'sacn',
    settings: {
      universes: [{ first: 1, last: 1, priority: 100 }],
      mode: 'unicast',
      unicastTo: ['127.0.0.1'],
      networkCard: '',
      sourceName: 'Flyrail test',
      cid: '0c9f4c1e-3b0a-4f5e-9d59-1f5b7b1e5a11',
      port: lamp.port,
    },
  });
}
