import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { claspBridgeSchema } from '../../src-main/contract/bridges/clasp.ts';
import { answerBoxes, readyPage, writeShow } from './desktop.ts';
import { expect, test } from './electron.ts';
import { openKeyring, whyNoKeyring } from './keyring.ts';
import { startServing } from './serve.ts';

const token = 'the-token-of-the-house';

test('[SC13] [SC14] the keyring of the desktop keeps the key of secrets; a later start without it says so at the link, and gives nothing', async ({
  launch,
  dataDir,
}) => {
  const whyNot = whyNoKeyring();
  test.skip(whyNot !== undefined, whyNot ?? '');
  const tokens = join(dataDir, 'tokens');
  writeFileSync(tokens, `${token} admin:/**\n`);
  const far = await startServing(['--data', join(dataDir, 'far'), '--token-file', tokens]);
  const show = await writeShow(dataDir, 'Far', { bridges: [linkTo(far.ready.clasp.url)] });
  const nearData = join(dataDir, 'near');
  const [secrets, key] = [join(nearData, 'secrets.json'), join(nearData, 'secrets.key')];
  const keyring = await openKeyring();
  const start = (env: Readonly<Record<string, string>>) => launch({ args: [`--data=${nearData}`, show], env });
  try {
    let app = await start(keyring.env);
    let page = await readyPage(app);
    await expect(deviceOf(page)).toContainText('no secret far-token');
    expect(existsSync(key)).toBe(false);
    await keepToken(page, token);
    await expect(connectedShape(page)).toBeVisible({ timeout: 20_000 });
    expect(readFileSync(secrets, 'utf8')).toContain('"sealed"');
    for (const path of [secrets, key]) expect(readFileSync(path, 'utf8')).not.toContain(token);
    await quit(app);

    app = await start(keyring.env);
    page = await readyPage(app);
    await expect(connectedShape(page)).toBeVisible({ timeout: 20_000 });
    await quit(app);

    app = await start({ DBUS_SESSION_BUS_ADDRESS: 'disabled:', XDG_CURRENT_DESKTOP: '' });
    page = await readyPage(app);
    await expect(deviceOf(page)).toContainText('keyring does not open the key');
    await quit(app);
  } finally {
    await keyring.close();
    await far.stop();
  }
});

function linkTo(url: string) {
  const settings = { url, prefix: '/far', secretName: 'far-token' };
  return claspBridgeSchema.parse({ id: 'far', number: 1, name: 'Far', enabled: true, kind: 'clasp', settings });
}

function deviceOf(page: Page) {
  return page.getByRole('region', { name: 'Device rail' });
}

function connectedShape(page: Page) {
  return deviceOf(page).getByRole('img', { name: 'Connected' });
}

async function keepToken(page: Page, value: string): Promise<void> {
  await deviceOf(page)
    .getByRole('button', { name: /Broken Far/ })
    .click();
  await page.getByLabel('new token').fill(value);
  await page.getByRole('button', { name: 'Keep token' }).click();
  await expect(page.getByText('The token is kept as far-token.')).toBeVisible();
}

async function quit(app: ElectronApplication): Promise<void> {
  await answerBoxes(app, 'Quit without saving');
  const closed = app.waitForEvent('close');
  await app.evaluate(({ app: electron }) => {
    electron.quit();
  });
  await closed;
}
