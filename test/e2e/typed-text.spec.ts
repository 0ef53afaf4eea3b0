import { freePort, writeShow } from './desktop.ts';
import { inspector, mappingRow } from './pages/patch-page.ts';
import { startServing } from './serve.ts';
import { mapping } from './stage.ts';
import { expect, test } from './watched-page.ts';

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
