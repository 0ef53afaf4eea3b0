import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { millis } from '../../src-main/contract/units.ts';
import { listShows, placeOf } from '../../src-main/platform/show-places.ts';
import { temporaryFolder } from '../temporary-folder.ts';

describe('places of shows', () => {
  it('[SF5] keeps names inside the folder, whatever they are', async () => {
    const shows = temporaryFolder();
    expect(await placeOf(shows, { name: 'Gala' })).toEqual({
      ref: { name: 'Gala' },
      path: join(shows, 'Gala.flyrail'),
    });
    for (const name of ['../Gala', '..', 'a/b', 'a\\b', '/etc/passwd', 'x\0']) {
      await expect(placeOf(shows, { name })).rejects.toMatchObject({ code: 'bad-arguments' });
    }
  });

  it('[SF5] takes absolute paths to .flyrail files only', async () => {
    const shows = temporaryFolder();
    expect(await placeOf(shows, { path: '/media/usb/../usb/x.flyrail' })).toEqual({
      ref: { path: '/media/usb/x.flyrail' },
      path: '/media/usb/x.flyrail',
    });
    for (const path of ['x.flyrail', './x.flyrail', '/etc/passwd', '/x.flyrail/y']) {
      await expect(placeOf(shows, { path })).rejects.toMatchObject({ code: 'bad-arguments' });
    }
  });

  it('[SF4] calls a path inside the folder by its name, and takes the spelling that is there', async () => {
    const shows = temporaryFolder();
    writeFileSync(join(shows, 'Gala.flyrail'), '');
    expect((await placeOf(shows, { path: join(shows, 'Gala.flyrail') })).ref).toEqual({ name: 'Gala' });
    expect((await placeOf(shows, { name: 'gala' })).path).toBe(join(shows, 'Gala.flyrail'));
    mkdirSync(join(shows, 'inner'));
    expect((await placeOf(shows, { path: join(shows, 'inner', 'x.flyrail') })).ref).toHaveProperty('path');
  });

  it('[SF7] lists shows with their time, and none of the files beside them', async () => {
    const shows = temporaryFolder();
    for (const name of ['b.flyrail', 'a.flyrail', '.a.flyrail.open', 'notes.txt', '.b.flyrail.0badcafe.saving']) {
      writeFileSync(join(shows, name), '');
    }
    utimesSync(join(shows, 'a.flyrail'), 5, 5);
    const { inDataFolder, recent } = await listShows(shows, [{ ref: { name: 'a' }, name: 'A', openedAt: millis(0) }]);
    expect(inDataFolder.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(recent).toEqual([{ ref: { name: 'a' }, name: 'A', modifiedAt: 5_000, present: true }]);
  });

  it('[SF7] lists nothing where the folder is gone', async () => {
    expect(await listShows('/nowhere/at/all', [])).toEqual({ inDataFolder: [], recent: [] });
  });
});
