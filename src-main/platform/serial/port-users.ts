import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';

/** A program that has a port open. */
export interface PortUser {
  readonly pid: number;
  /** as the system calls it: `olad` */
  readonly program: string;
}

const processFolder = '/proc';

/** Who has ports open, by the paths of those. Only Linux tells, and of others' programs only an administrator learns it:
 *  whoever is not here need not be free.
 *  @param own told of before all others: who makes a port, as socat does, has it open too, and ending that helps nobody */
export async function portUsers(paths: readonly string[], own = process.pid): Promise<ReadonlyMap<string, PortUser>> {
  const users = new Map<string, PortUser>();
  if (process.platform !== 'linux' || paths.length === 0) return users;
  const pathsByFile = new Map<string, string>();
  for (const path of paths) pathsByFile.set(await realpath(path).catch(() => path), path);
  const pids = (await readdir(processFolder).catch(() => [])).filter((name) => /^\d+$/.test(name));
  for (const pid of [String(own), ...pids]) {
    for (const file of await openFiles(pid)) {
      const path = pathsByFile.get(file);
      if (path !== undefined && !users.has(path)) users.set(path, { pid: Number(pid), program: await programOf(pid) });
    }
  }
  return users;
}

async function openFiles(pid: string): Promise<readonly string[]> {
  const folder = join(processFolder, pid, 'fd');
  const descriptors = await readdir(folder).catch(() => []);
  return Promise.all(descriptors.map((each) => readlink(join(folder, each)).catch(() => '')));
}

async function programOf(pid: string): Promise<string> {
  const name = await readFile(join(processFolder, pid, 'comm'), 'utf8').catch(() => '');
  return name.trim() || 'another program';
}
