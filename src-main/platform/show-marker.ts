import { constants } from 'node:fs';
import { realpath, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { z } from '../contract/zod.ts';
import { tryReadWholeFile } from './read-file.ts';

const marker = z.object({ pid: z.int().min(1), host: z.string() });
export type ShowMarker = z.infer<typeof marker>;

const markerBytesMax = 4096;

/** Where the sign stands that a Flyrail has the show open: `.gala.flyrail.open` beside `gala.flyrail`, the file itself,
 *  by whatever links it was reached. */
export async function markerPath(showPath: string): Promise<string> {
  const file = await realShowPath(showPath);
  return join(dirname(file), `.${basename(file)}.open`);
}

/** The path behind all links, also of a file that is still to be written. What cannot be followed stays as it is. */
export async function realShowPath(showPath: string): Promise<string> {
  try {
    return await realpath(showPath);
  } catch {
    const folder = await realpath(dirname(showPath)).catch(() => dirname(showPath));
    return join(folder, basename(showPath));
  }
}

/** Another living Flyrail that has the show open. One that ended without removing its sign is not living; for one on
 *  another machine its word is taken. */
export async function openElsewhere(showPath: string): Promise<ShowMarker | null> {
  const found = await readMarker(showPath);
  if (!found || isOurs(found)) return null;
  return found.host !== hostname() || isRunning(found.pid) ? found : null;
}

/** Puts our sign there unless another's holds. A courtesy: where it cannot be written, there is none. */
export async function setMarker(showPath: string): Promise<void> {
  if (await openElsewhere(showPath)) return;
  const sign = `${JSON.stringify({ pid: process.pid, host: hostname() })}\n`;
  await writeFile(await markerPath(showPath), sign, { flag: writeWithoutWaiting }).catch(isCourtesy);
}

export async function removeMarker(showPath: string): Promise<void> {
  const found = await readMarker(showPath);
  if (found && isOurs(found)) await rm(await markerPath(showPath), { force: true }).catch(isCourtesy);
}

/** A pipe of that name would hold us until somebody reads it. Windows has no such flag. */
const writeWithoutWaiting =
  constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | ((constants.O_NONBLOCK as number | undefined) ?? 0);

/** A stick was pulled, a folder is read-only: the sign is missing, or known for stale once this process has ended. */
function isCourtesy(): void {}

async function readMarker(showPath: string): Promise<ShowMarker | undefined> {
  try {
    const bytes = await tryReadWholeFile(await markerPath(showPath), markerBytesMax);
    return bytes && marker.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    return undefined;
  }
}

function isOurs({ pid, host }: ShowMarker): boolean {
  return pid === process.pid && host === hostname();
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    // EPERM: it runs, but under another user.
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM';
  }
}
