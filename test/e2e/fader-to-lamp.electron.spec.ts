import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { connectClasp, readyPage } from './desktop.ts';
import { expect, test } from './electron.ts';
import { lampFollowsFader, patchFaderToLamp } from './fader-to-lamp.ts';
import { hangLamp } from './lamp.ts';
import { goTo } from './pages/areas.ts';
import { watchPage } from './watched-page.ts';

test('[EE1] in Electron, a fader moves a lamp by a mapping made by hand, and again after save and restart', async ({
  launch,
  dataDir,
}) => {
  const lamp = await hangLamp();
  try {
    const port = await freePort();
    const app = await launch({ args: [`--port=${port}`] });
    const page = await readyPage(app);
    const { problems } = await watchPage(page);
    await patchFaderToLamp(page, lamp);
    const desk = await connectClasp(port);
    await lampFollowsFader(page, desk, lamp);
    desk.close();
    await app.evaluate(
      ({ dialog }, filePath) => {
        Object.assign(dialog, { showSaveDialog: () => Promise.resolve({ canceled: false, filePath }) });
      },
      join(dataDir, 'gala.flyrail'),
    );
    await goTo(page, 'Show');
    await page.getByRole('button', { name: /^Save Ctrl S$/ }).click();
    await expect(page.getByRole('region', { name: 'The show on the table' })).toContainText(
      'The file holds every edit.',
    );
    expect(problems).toEqual([]);
    await app.close();

    const portAgain = await freePort();
    const pageAgain = await readyPage(await launch({ args: [`--port=${portAgain}`] }));
    const deskAgain = await connectClasp(portAgain);
    await lampFollowsFader(pageAgain, deskAgain, lamp);
    deskAgain.close();
  } finally {
    await lamp.close();
  }
});
