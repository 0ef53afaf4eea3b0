import { expect, it } from 'vitest';
import { renameShow } from '../show-samples.ts';
import { openSession } from './session-bench.ts';

it('[SF23] a show that is saved without its backup is saved, and the log says so', async () => {
  const { session, store, disk, logged } = await openSession();
  await session.saveAs({ name: 'gala' }, false);
  await session.edit(renameShow('Later'));
  const save = store.save.bind(store);
  store.save = async (request) => ({ ...(await save(request)), backupProblem: 'The disk is full.' });
  expect(await session.save()).toMatchObject({ name: 'Later', unsaved: false, saveProblem: null });
  expect(logged).toEqual(['the show is saved, but its file before is not among the backups']);
  expect(disk.working?.saved).not.toHaveProperty('backupProblem');
});
