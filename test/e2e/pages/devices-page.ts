import { expect, type Locator, type Page } from '@playwright/test';
import { goTo } from './areas.ts';

interface SacnOutput {
  readonly name: string;
  /** UDP, on 127.0.0.1 */
  readonly port: number;
}

interface OscInput {
  readonly name: string;
  /** UDP, on 127.0.0.1 */
  readonly port: number;
  readonly prefix: string;
}

/** Adds an output of universe 1 to this machine by the form, and waits until it works. */
export async function addSacnOutput(page: Page, { name, port }: SacnOutput): Promise<void> {
  const form = await newBridge(page, 'sACN');
  await form.getByLabel('name', { exact: true }).fill(name);
  await form.getByLabel('sends to').selectOption('Named receivers (unicast)');
  await form.getByLabel('receivers').fill('127.0.0.1');
  await form.getByLabel('UDP port').fill(String(port));
  await form.getByRole('button', { name: 'Add bridge' }).click();
  await expect(deviceRow(page, `${name}, sACN, Connected`)).toBeVisible();
}

/** Adds a bridge that listens for OSC on this machine, and waits until it works. */
export async function addOscInput(page: Page, { name, port, prefix }: OscInput): Promise<void> {
  const form = await newBridge(page, 'OSC');
  await form.getByLabel('name', { exact: true }).fill(name);
  await form.getByLabel('direction').selectOption('In: listen');
  await form.getByLabel('listens at').fill('127.0.0.1');
  await form.getByLabel('listens on port').fill(String(port));
  await form.getByLabel('prefix').fill(prefix);
  await form.getByRole('button', { name: 'Add bridge' }).click();
  await expect(deviceRow(page, `${name}, OSC, Connected`)).toBeVisible();
}

/** @param spoken how its name begins: name, kind, state */
export function deviceRow(page: Page, spoken: string): Locator {
  return page.getByRole('grid', { name: 'Devices' }).getByRole('row', { name: spoken });
}

export async function newBridge(page: Page, kind: string): Promise<Locator> {
  await goTo(page, 'Devices');
  await page.getByRole('button', { name: /^Bridge/ }).click();
  const form = page.getByRole('form', { name: 'New bridge' });
  await form.getByRole('group', { name: 'Kind of bridge' }).getByRole('button', { name: kind, exact: true }).click();
  return form;
}
