import { writeSync } from 'node:fs';
import { once } from 'node:events';
import process from 'node:process';
import { createEventHub } from '../../src-main/engine/event-hub.ts';
import { createShowSession, type ShowSession } from '../../src-main/engine/show-session.ts';
import { openDataFolder } from '../../src-main/platform/data-folder.ts';
import { openEngineSettings } from '../../src-main/platform/engine-settings-file.ts';
import { DiskShowStore } from '../../src-main/platform/disk-show-store.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../src-main/platform/system-random.ts';
import { createWorkerShowStore } from '../../src-main/platform/worker-show-store.ts';
import { emptyShow } from '../../src-main/contract/show.ts';
import { millis } from '../../src-main/contract/units.ts';
import type { Clock } from '../../src-main/ports/clock.ts';
import { silentLog } from '../silent-log.ts';
import { killEdit, seeded, stateOf } from './show-kill-script.ts';

// Works on a show until it is killed, and says on stdout what it begins and what was acknowledged: `begin S`, `ack S`,
// where S is the state that the show then has, `saving`, `saved`.

/** Written before the next statement runs: what was said is said, whatever comes. */
const say = (line: string): void => void writeSync(1, `${line}\n`);

say('waiting');
await once(process.stdin, 'data');
const [folderPath = '', seed = '1', place = 'thread'] = process.argv.slice(2);
const random = seeded(Number(seed));
const folder = openDataFolder(folderPath);
const worker = new URL('../../src-main/workers/show-store-worker.ts', import.meta.url);
const hub = createEventHub(silentLog);
const session = await createShowSession({
  store:
    place === 'worker' ? createWorkerShowStore({ worker, paths: folder, log: silentLog }) : new DiskShowStore(folder),
  settings: openEngineSettings(folder.settingsFile, silentLog),
  clock: hasty(createSystemClock()),
  random: createSystemRandom(),
  log: silentLog,
  hub,
  checkEdit: () => undefined,
  readDemo: () => Promise.resolve(emptyShow('demo', 'Demo')),
});
if (session.state().file === null) await session.saveAs({ name: 'gala' }, true);
say(`ack ${stateOf(session.document)}`);
for (;;) await act(session);

async function act(show: ShowSession): Promise<void> {
  const state = stateOf(show.document);
  const choice = random();
  if (choice < 0.45) {
    await noted(state + 1, () => show.edit(killEdit(state + 1)));
  } else if (choice < 0.55 && show.state().undoLabel !== null) {
    await noted(state - 1, () => show.undo());
    await noted(state, () => show.redo());
  } else if (choice < 0.72) {
    // Not waited for: the next edits go on beside it.
    void show.save();
  } else if (choice < 0.84) {
    say('saving');
    await show.save();
    say('saved');
  } else if (choice < 0.92 && show.state().unsaved) {
    await new Promise<void>((resolve) => {
      const cancel = hub.on('show', ({ unsaved }) => {
        if (unsaved) return;
        cancel();
        resolve();
      });
    });
  } else {
    await show.save();
    await noted(state, () => show.openShow({ name: 'gala' }));
  }
}

async function noted(state: number, run: () => Promise<unknown>): Promise<void> {
  say(`begin ${state}`);
  await run();
  say(`ack ${state}`);
}

/** Time 3000 times as fast, so that the quiet before an autosave is 10 ms. */
function hasty(clock: Clock): Clock {
  return {
    ...clock,
    nowMicros: () => clock.nowMicros(),
    after: (delay, run) => clock.after(millis(delay / 3000), run),
  };
}
