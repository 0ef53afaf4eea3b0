import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Role } from '../../src-main/contract/role.ts';
import { millis } from '../../src-main/contract/units.ts';
import {
  openAccessFile,
  rolesWithPin,
  type AccessFile,
  type AccessRecords,
} from '../../src-main/platform/access-file.ts';
import { temporaryFolder } from '../temporary-folder.ts';

type Device = AccessRecords['paired'][number];

function device(id: string): Device {
  return { id, name: id, role: 'view', record: 'r', since: millis(1), lastSeen: null };
}

function pair(file: AccessFile, id: string): Promise<void> {
  return file.update((records) => ({ ...records, paired: [...records.paired, device(id)] }));
}

function setPin(file: AccessFile, role: Role): Promise<void> {
  return file.update((records) => ({
    ...records,
    pins: { ...records.pins, [role]: { record: 'r', setAt: millis(1) } },
  }));
}

describe('the file of who may come to the interface', () => {
  it('[RS27] keeps all that is changed at once by several who have it open', async () => {
    const path = join(temporaryFolder(), 'data', 'access.json');
    const files = Array.from({ length: 4 }, () => openAccessFile(path));
    const [first = openAccessFile(path)] = files;
    await setPin(first, 'edit');
    await pair(first, 'gone');
    const ids = files.flatMap((_file, i) => [`a${i}`, `b${i}`, `c${i}`]);
    await Promise.all([
      ...ids.map((id, i) => pair(files[i % files.length] ?? first, id)),
      files[1]?.update((records) => ({ ...records, paired: records.paired.filter(({ id }) => id !== 'gone') })),
      files[2]?.update((records) => ({ ...records, pins: { ...records.pins, edit: undefined } })),
      files[3] && setPin(files[3], 'view'),
    ]);
    for (const file of [...files, openAccessFile(path)]) {
      const records = file.read();
      expect(records.paired.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
      expect(rolesWithPin(records)).toEqual(['view']);
    }
  });

  it('[RS27] goes on after a change that threw, which changed nothing', async () => {
    const path = join(temporaryFolder(), 'access.json');
    const [one, two] = [openAccessFile(path), openAccessFile(path)];
    await pair(one, 'a');
    const failed = one.update(() => {
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    await pair(two, 'b');
    await pair(one, 'c');
    expect(one.read().paired.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it('[RS19] refuses to change one that is damaged, and leaves it as it is', async () => {
    const path = join(temporaryFolder(), 'access.json');
    writeFileSync(path, '{"pins":');
    const file = openAccessFile(path);
    await expect(pair(file, 'a')).rejects.toMatchObject({ code: 'cannot-read-file' });
    expect(readFileSync(path, 'utf8')).toBe('{"pins":');
  });
});
