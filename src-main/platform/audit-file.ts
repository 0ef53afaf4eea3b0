import { createReadStream } from 'node:fs';
import { open, rename, stat, type FileHandle } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { messageOf } from '../contract/errors.ts';
import type { AuditEntry, AuditLog } from '../ports/audit-log.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

/** A file that would grow beyond this becomes an older one. */
export const auditFileBytesMax = 4 * 1024 * 1024;
/** The file and the older ones: `audit.jsonl`, `audit-1.jsonl` … */
export const auditFilesMax = 5;
/** Entries that may wait for the disk; further ones are left out and counted. */
export const auditBacklogMax = 10_000;

interface AuditFileOptions {
  /** of the newest file: ends in `.jsonl` */
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly fileBytesMax?: number;
}

/** The audit log as lines of JSON, which only the owner of the data folder may read. */
export function openAuditFile({ path, clock, log, fileBytesMax = auditFileBytesMax }: AuditFileOptions): AuditLog {
  let waiting: string[] = [];
  let leftOut = 0;
  let file: { readonly handle: FileHandle; size: number } | undefined;
  let writing: Promise<void> | undefined;

  return { note, close };

  function note({ what, fields }: AuditEntry): void {
    if (waiting.length >= auditBacklogMax) {
      leftOut++;
      return;
    }
    const at = new Date(clock.nowMicros() / 1000).toISOString();
    waiting.push(`${JSON.stringify({ at, what, ...fields, ...(leftOut > 0 && { leftOutBefore: leftOut }) })}\n`);
    leftOut = 0;
    writing ??= write().finally(() => (writing = undefined));
  }

  async function close(): Promise<void> {
    await writing;
    await file?.handle.close();
    file = undefined;
  }

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await append(batch.join(''));
      } catch (cause) {
        leftOut += batch.length;
        log.warn('the audit log cannot be written', { path, reason: messageOf(cause), leftOut });
      }
    }
  }

  async function append(text: string): Promise<void> {
    const bytes = Buffer.from(text);
    file ??= await openEnd(path);
    if (file.size > 0 && file.size + bytes.length > fileBytesMax) {
      await file.handle.close();
      file = undefined;
      await makeRoom(path);
      file = await openEnd(path);
    }
    await file.handle.appendFile(bytes);
    file.size += bytes.length;
  }
}

async function openEnd(path: string): Promise<{ handle: FileHandle; size: number }> {
  const handle = await open(path, 'a', 0o600);
  await handle.chmod(0o600);
  return { handle, size: (await handle.stat()).size };
}

/** The oldest gives way. */
async function makeRoom(path: string): Promise<void> {
  for (let age = auditFilesMax - 1; age > 0; age--) {
    const [from, to] = [fileOf(path, age - 1), fileOf(path, age)];
    await rename(from, to).catch((cause: unknown) => {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    });
  }
}

function fileOf(path: string, age: number): string {
  return age === 0 ? path : path.replace(/\.jsonl$/, `-${age}.jsonl`);
}

/** The newest entries of all files, oldest first, as they were written; lines that are no JSON are left out.
 *  @param most 1 or more */
export async function readAuditFiles(
  path: string,
  most: number,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const found: Record<string, unknown>[] = [];
  for (let age = auditFilesMax - 1; age >= 0; age--) {
    const each = fileOf(path, age);
    if (!(await stat(each).catch(() => undefined))) continue;
    for await (const line of createInterface({ input: createReadStream(each, 'utf8'), crlfDelay: Infinity })) {
      const entry = tryParse(line);
      if (entry) found.push(entry);
      if (found.length > 2 * most) found.splice(0, found.length - most);
    }
  }
  return found.slice(-most);
}

function tryParse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    // A line that a crash cut short.
    return undefined;
  }
}
