import { freePort } from '../free-port.ts';
import { writeShow } from './desktop.ts';
import { goTo } from './pages/areas.ts';
import { inspector, mappingRow } from './pages/patch-page.ts';
import { startServing } from './serve.ts';
import { expect, mapping, test } from './stage.ts';

test('[UI400] a text goes to no other file of the same show that was opened while its page had no engine', async ({
  dataDir,
  browser,
}) => {
  const of = (name: string, set: string): Promise<string> =>
    writeShow(dataDir, name, { id: 'stage', name, mappings: [mapping(1, { name: set })] });
  const [monday, tuesday] = [await of('Monday', 'spot'), await of('Tuesday', 'wash')];
  const fixed = ['--data', dataDir, '--port', `${await freePort()}`, '--ui-port', `${await freePort()}`];
  let serving = await startServing([...fixed, '--show', monday]);
  const page = await browser.newPage();
  try {
    await page.goto(serving.ready.ui.url);
    await mappingRow(page, 1).click();
    const name = inspector(page).getByLabel('name', { exact: true });
    await name.fill('typed on Monday');
    process.kill(serving.ready.pid, 'SIGKILL');
    await expect(page.getByRole('alert').filter({ hasText: 'No connection to the engine.' })).toBeVisible();
    await name.blur();
    serving = await startServing([...fixed, '--show', tuesday]);
    await expect(page.getByText('This page has no session.')).toBeVisible();
    await page.goto(serving.ready.ui.url);
    await expect(page).toHaveTitle('Tuesday');
    await expect(page.getByRole('alert').filter({ hasText: 'Not taken: “typed on Monday” as name' })).toBeVisible();
    await expect(mappingRow(page, 1)).toHaveAttribute('title', 'set 1: wash');
    await mappingRow(page, 1).click();
    await expect(name).toHaveValue('wash');
  } finally {
    await page.close();
    await serving.stop();
  }
});

test('[UI401] a text whose answer was lost is not made again after another window undid it, and is quoted', async ({
  setStage,
}) => {
  const { page, serving } = await setStage({ mappings: [mapping(1, { name: 'spot' })] });
  const other = await page.context().newPage();
  // The engine hears everything of this page, and the page nothing more of the engine.
  let deaf = false;
  let hangUp = (): unknown => undefined;
  await other.routeWebSocket(/./, (socket) => {
    const engine = socket.connectToServer();
    hangUp = () => engine.close();
    engine.onMessage((message) => deaf || socket.send(message));
  });
  await other.goto(new URL('/', serving.ready.ui.url).href);
  await mappingRow(other, 1).click();
  const name = inspector(other).getByLabel('name', { exact: true });
  await name.fill('typed once');
  deaf = true;
  await name.press('Enter');
  await expect(mappingRow(page, 1)).toHaveAttribute('title', 'set 1: typed once');
  await page.bringToFront();
  await page.keyboard.press('Control+z');
  await expect(mappingRow(page, 1)).toHaveAttribute('title', 'set 1: spot');
  deaf = false;
  hangUp();
  await expect(other.getByRole('alert').filter({ hasText: 'Not taken again: “typed once” as name' })).toBeVisible();
  await expect(name).toHaveValue('spot');
  await expect(mappingRow(page, 1)).toHaveAttribute('title', 'set 1: spot');
});

test('[UI402] a reload with an edit in flight asks before it drops the next text, and takes both in the end', async ({
  setStage,
}) => {
  const { page, serving } = await setStage({ mappings: [mapping(1)] });
  await mappingRow(page, 1).click();
  process.kill(serving.ready.pid, 'SIGSTOP');
  const fields = (['name', 'target'] as const).map((label) => inspector(page).getByLabel(label, { exact: true }));
  await fields[0]?.fill('first');
  await fields[0]?.press('Enter');
  await fields[1]?.fill('/sacn/1/77');
  const asked = page.waitForEvent('dialog');
  // A reload that is refused never ends.
  void page.reload().catch(() => undefined);
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.dismiss();
  process.kill(serving.ready.pid, 'SIGCONT');
  // A page shows what it has asked for; another one shows what the engine has.
  const other = await page.context().newPage();
  await other.goto(new URL('/', serving.ready.ui.url).href);
  await expect(mappingRow(other, 1)).toHaveAttribute('title', 'set 1: first');
  await expect(mappingRow(other, 1)).toContainText('/sacn/1/77');
  await page.reload();
  await expect(mappingRow(page, 1)).toContainText('/sacn/1/77');
});

test('[UI406] a text for a set that another window deletes stays quoted on the page', async ({ setStage }) => {
  const { page, serving } = await setStage({ mappings: [mapping(1), mapping(2)] });
  const other = await page.context().newPage();
  await other.goto(new URL('/', serving.ready.ui.url).href);
  await mappingRow(page, 1).click();
  await inspector(page).getByLabel('name', { exact: true }).fill('front of house, left');
  await mappingRow(other, 1).click();
  await inspector(other).getByRole('button', { name: 'Delete set 1' }).click();
  const quoted = page.getByRole('alert').filter({ hasText: 'Not taken: “front of house, left” as name of set 1' });
  await expect(quoted).toContainText('Set 1 was deleted in another window.');
});

test('[UI404] another show asks before what was typed for a device goes with the one on the table', async ({
  setStage,
}) => {
  const { page } = await setStage({});
  await goTo(page, 'Devices');
  await page.locator('[data-row]').first().click();
  await inspector(page).getByLabel('name', { exact: true }).fill('balcony');
  await goTo(page, 'Show');
  await page.getByRole('button', { name: 'New', exact: true }).click();
  await page.getByRole('button', { name: 'Make it' }).click();
  const question = page.getByRole('form', { name: 'What was typed on Devices is not applied' });
  await expect(question).toContainText('“balcony” as name of truss goes with Stage.');
  await question.getByRole('button', { name: 'Stay here' }).click();
  await goTo(page, 'Devices');
  await expect(inspector(page).getByLabel('name', { exact: true })).toHaveValue('balcony');
});
