import type { Clasp } from '@clasp-to/core';
import { expect, type Page } from '@playwright/test';
import type { Lamp } from './lamp.ts';
import { goTo } from './pages/areas.ts';
import { addSacnOutput } from './pages/devices-page.ts';
import { monitorLines } from './pages/monitor-page.ts';
import { addMapping, mappingRow } from './pages/patch-page.ts';

const fader = '/desk/fader/1';
const slot = '/sacn/1/1';

/** What an operator does by hand before the first lamp follows a fader. */
export async function patchFaderToLamp(page: Page, lamp: Lamp): Promise<void> {
  await addSacnOutput(page, { name: 'truss', port: lamp.port });
  await addMapping(page, { source: fader, target: slot });
}

/** Moves the fader of a client: the lamp follows, and Patch and Monitor show it. */
export async function lampFollowsFader(page: Page, desk: Clasp, lamp: Lamp): Promise<void> {
  await goTo(page, 'Monitor');
  for (const percent of [20, 100, 0, 60]) {
    desk.set(fader, percent / 100);
    await expect.poll(() => lamp.percent(1)).toBe(percent);
  }
  const lines = monitorLines(page);
  await expect(lines.filter({ hasText: fader }).last()).toContainText('0.600');
  await expect(lines.filter({ hasText: slot }).last()).toContainText('0.600');
  await goTo(page, 'Patch');
  await expect(mappingRow(page, 1)).toContainText(/\/desk\/fader\/1\s*0\.600.*\/sacn\/1\/1\s*0\.600/);
}
