import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { millis } from '../../src-main/contract/units.ts';
import { keepBackup, listBackups, readBackup, type BackupOrder } from '../../src-main/platform/show-backups.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const at = Date.UTC(2026, 10, 21, 15, 16, 9, 123);
const order = (more: Partial<BackupOrder> = {}): BackupOrder => ({
  showId: 'one',
  showName: 'Gala',
  at: millis(at),
  keep: 10,
  ...more,
});

describe('backups', () => {
  it('[SF6] have names that sort by time and tell the show', async () => {
    const folder = temporaryFolder();
    await keepBackup(folder, Buffer.from('a'), order());
    expect(readdirSync(folder)).toEqual(['20261121T151609.123Z~Gala~one.flyrail']);
    expect(await listBackups(folder)).toMatchObject([{ showName: 'Gala', madeAt: at, sizeBytes: 1, showId: 'one' }]);
  });

  it('[SF6] take names that a file cannot have, and stay within the length of a file name', async () => {
    const folder = temporaryFolder();
    const id = 'i'.repeat(64);
    await keepBackup(folder, Buffer.from('a'), order({ showName: `../../${'舞'.repeat(110)}~x`, showId: id }));
    const [backup] = await listBackups(folder);
    expect(backup?.showId).toBe(id);
    expect(await readBackup(folder, backup?.id ?? '')).toEqual(Buffer.from('a'));
  });

  it('[SF6] of one instant are all kept', async () => {
    const folder = temporaryFolder();
    for (const content of ['a', 'b', 'c']) await keepBackup(folder, Buffer.from(content), order());
    expect((await listBackups(folder)).map(({ madeAt }) => madeAt)).toEqual([at + 2, at + 1, at]);
  });

  it('[SF6] of one show do not push out those of another, and none are kept where none are wanted', async () => {
    const folder = temporaryFolder();
    await keepBackup(folder, Buffer.from('other'), order({ showId: 'other' }));
    for (const content of ['a', 'b', 'c'])
      await keepBackup(folder, Buffer.from(content), order({ keep: 2, at: millis(at + 60_000) }));
    await keepBackup(folder, Buffer.from('d'), order({ keep: 0, at: millis(at + 90_000) }));
    const kept = await listBackups(folder);
    expect(await Promise.all(kept.map(async ({ id }) => String(await readBackup(folder, id))))).toEqual([
      'c',
      'b',
      'other',
    ]);
  });

  it('[SF6] are found by their own names only', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'notes.flyrail'), '');
    writeFileSync(join(folder, '20269999T999999.123Z~x~y.flyrail'), '');
    expect(await listBackups(folder)).toEqual([]);
    for (const id of ['notes', '../x', '20261121T151609.123Z~../x~one', '20261121T151609.123Z~Gala~one']) {
      await expect(readBackup(folder, id)).rejects.toMatchObject({ code: 'unknown-id' });
    }
  });
});

describe('backups of shows with alike names', () => {
  it('[SF24] are told apart in the list, and a renamed show keeps its own', async () => {
    const folder = temporaryFolder();
    const made = [
      order({ showId: 'one', showName: 'Gala 1/2' }),
      order({ showId: 'two', showName: 'Gala 1:2' }),
      order({ showId: 'one', showName: 'Gala 1/2, late', at: millis(at + 60_000) }),
    ];
    for (const each of made) await keepBackup(folder, Buffer.from(each.showName), { ...each, keep: 2 });
    await keepBackup(
      folder,
      Buffer.from('x'),
      order({ showId: 'two', showName: 'Gala 1/2', at: millis(at + 90_000), keep: 1 }),
    );
    expect((await listBackups(folder)).map(({ showId, showName }) => [showId, showName])).toEqual([
      ['two', 'Gala 1/2'],
      ['one', 'Gala 1/2, late'],
      ['one', 'Gala 1/2'],
    ]);
  });

  it('[SF24] stay when the clock was put back since', async () => {
    const folder = temporaryFolder();
    for (const [content, time] of [
      ['a', at],
      ['b', at + 1_000],
      ['c', 0],
    ] as const)
      await keepBackup(folder, Buffer.from(content), order({ at: millis(time), keep: 2 }));
    const kept = await listBackups(folder);
    expect(await Promise.all(kept.map(async ({ id }) => String(await readBackup(folder, id))))).toEqual(['b', 'c']);
  });
});
