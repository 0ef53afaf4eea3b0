import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';

/** A program that has a port open. */
export interface PortUser {
  readonly pid: number;
  /** as the system calls it: `olad` */
  readonly program: string;
}

/** Where Linux tells of processes, and which of them is ours. */
export interface ProcessTable {
  readonly folder: string;
  readonly ownPid: number;
}

const systemTable: ProcessTable = { folder: '/proc', ownPid: process.pid };

/** Who has ports open, by the paths of those. Only Linux tells, and of others' programs only an administrator learns it:
 *  whoever is not here need not be free. Of several it is ourselves, if we are among them, since that is ours to mend; else the
 *  one with the lowest number. */
export async function portUsers(
  paths: readonly string[],
  { folder, ownPid }: ProcessTable = systemTable,
): Promise<ReadonlyMap<string, PortUser>> {
  const users = new Map<string, PortUser>();
  if (process.platform !== 'linux' || paths.length === 0) return users;
  const pathsByFile = new Map<string, string>();
  for (const path of paths) pathsByFile.set(await realpath(path).catch(() => path), path);
  const pids = (await readdir(folder).catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
  const rank = (pid: number): number => (pid === ownPid ? 0 : pid);
  for (const pid of pids.toSorted((one, other) => rank(one) - rank(other))) {
    const place = join(folder, String(pid));
    for (const file of await openFiles(place)) {
      const path = pathsByFile.get(file);
      if (path !== undefined && !users.has(path)) users.set(path, { pid, program: await programOf(place) });
    }
  }
  return users;
}

async function openFiles(place: string): Promise<readonly string[]> {
  const folder = join(place, 'fd');
  const descriptors = await readdir(folder).catch(() => []);
  return Promise.all(descriptors.map((each) => readlink(join(folder, each)).catch(() => '')));
}

async function programOf(place: string): Promise<string> {
  const name = await readFile(join(place, 'comm'), 'utf8').catch(() => '');
  return name.trim() || 'another program';
}
