import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { chmod, lstat, open, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { assertRegular } from './read-file.ts';
import { cannotWrite } from './writing.ts';

/** Replaces a file whole: written beside it, flushed to the disk, renamed, and the folder flushed. Whoever reads the path
 *  at any moment, or after a power cut, finds the old content or the new one. A link is followed, permissions are kept;
 *  what is no file (a folder, a pipe, a device) is not replaced.
 *  @param options isSecret: only the owner may read it, from its first byte on
 *  @throws UnavailableError 'cannot-write-file'; then the path is as it was */
export async function replaceFile(
  path: string,
  bytes: Uint8Array | string,
  { isSecret = false }: { readonly isSecret?: boolean } = {},
): Promise<void> {
  let beside: string | undefined;
  try {
    const target = await behindLink(path);
    const mode = isSecret ? secretMode : await modeOf(target);
    beside = join(dirname(target), besideName(basename(target)));
    await writeFlushed(beside, bytes, mode);
    if (mode !== undefined) await chmod(beside, mode);
    await rename(beside, target);
    beside = undefined;
    await flushFolder(dirname(target));
  } catch (cause) {
    if (beside !== undefined) await rm(beside, { force: true }).catch(() => undefined);
    throw cannotWrite(`Cannot write ${path}`, cause, { path });
  }
}

/** Removes what a kill in the middle of `replaceFile` left in a folder.
 *  @param name of that file only */
export function sweepBeside(folder: string, name = ''): void {
  const start = name === '' ? '.' : `.${name.slice(0, nameLettersMax)}.`;
  for (const file of readdirSync(folder)) {
    if (file.startsWith(start) && besidePattern.test(file)) rmSync(join(folder, file), { force: true });
  }
}

const secretMode = 0o600;
const besidePattern = /^\..*\.[0-9a-f]{8}\.saving$/;
/** Cuts the name, so that the one beside does not exceed the 255 bytes of a file name. */
const nameLettersMax = 60;

function besideName(name: string): string {
  return `.${name.slice(0, nameLettersMax)}.${randomBytes(4).toString('hex')}.saving`;
}

async function behindLink(path: string): Promise<string> {
  const found = await lstat(path).catch(ignoreMissing);
  return found?.isSymbolicLink() ? realpath(path) : path;
}

async function modeOf(path: string): Promise<number | undefined> {
  const found = await lstat(path).catch(ignoreMissing);
  if (found === undefined) return undefined;
  assertRegular(found);
  return found.mode & 0o777;
}

function ignoreMissing(cause: unknown): undefined {
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
  throw cause;
}

async function writeFlushed(path: string, bytes: Uint8Array | string, mode: number | undefined): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Without this the rename may be undone by a power cut. Windows cannot open folders and does not need it. */
async function flushFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } catch (cause) {
    // Some network shares refuse it; the file itself is flushed and in place.
    if (!(cause instanceof Error && 'code' in cause && (cause.code === 'EINVAL' || cause.code === 'ENOTSUP')))
      throw cause;
  } finally {
    await folder.close();
  }
}
