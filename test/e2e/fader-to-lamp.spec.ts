import { connectClasp } from './desktop.ts';
import { lampFollowsFader, patchFaderToLamp } from './fader-to-lamp.ts';
import { hangLamp } from './lamp.ts';
import { goTo } from './pages/areas.ts';
import { startServing, type Serving } from './serve.ts';
import { expect, test } from './watched-page.ts';

// The page of the first run outlives its engine here.
test.use({ allowedProblems: /WebSocket connection to 'ws:\/\/127|Failed to load resource/ });

test('[EE1] in a browser, a fader moves a lamp by a mapping made by hand, and again after save and restart', async ({
  dataDir,
  page,
}) => {
  const lamp = await hangLamp();
  let serving: Serving | undefined;
  try {
    serving = await startServing(['--data', dataDir]);
    await page.goto(serving.ready.ui.url);
    await patchFaderToLamp(page, lamp);
    const desk = await connectClasp(portOf(serving));
    await lampFollowsFader(page, desk, lamp);
    desk.close();
    await goTo(page, 'Show');
    await page.getByRole('button', { name: /^Save Ctrl S$/ }).click();
    await page.getByLabel('name of the show').fill('Gala');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(page.getByRole('region', { name: 'The show on the table' })).toContainText(
      'The file holds every edit.',
    );
    expect(await serving.stop()).toBe(0);

    serving = await startServing(['--data', dataDir]);
    // Another port and another secret: a new link, as after every start.
    await page.goto(serving.ready.ui.url);
    await expect(page).toHaveTitle('Gala');
    const deskAgain = await connectClasp(portOf(serving));
    await lampFollowsFader(page, deskAgain, lamp);
    deskAgain.close();
  } finally {
    await serving?.stop();
    await lamp.close();
  }
});

function portOf({ ready }: Serving): number {
  return Number(new URL(ready.clasp.url).port);
}
