import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { UnavailableError, messageOf } from '../contract/errors.ts';
import { roles, roleSchema, type Role } from '../contract/role.ts';
import { millis } from '../contract/units.ts';
import { z } from '../contract/zod.ts';
import { takeFileTurn } from './file-turn.ts';
import { makeFolder } from './make-folder.ts';
import { replaceFile } from './replace-file.ts';

/** Pages that may be paired at once. */
export const pairedMax = 64;

const at = z.number().transform(millis);
const pin = z.object({ record: z.string(), setAt: at });
const device = z.object({
  id: z.string(),
  name: z.string(),
  role: roleSchema,
  record: z.string(),
  since: at,
  lastSeen: at.nullable(),
});
const schema = z.object({
  /** OPAQUE's long-lived half of this machine; empty until the first record is made */
  setup: z.string(),
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  pins: z.object({ view: pin.optional(), control: pin.optional(), edit: pin.optional() }),
  paired: z.array(device).max(pairedMax),
});

/** Who may come to the interface: of each PIN and each paired page what OPAQUE needs, from which neither is found. */
export type AccessRecords = z.infer<typeof schema>;

export interface AccessFile {
  readonly path: string;
  /** As it is on the disk now: the command line writes it too.
   *  @throws UnavailableError 'cannot-read-file' for one that is damaged: then nobody is let in by it */
  read(): AccessRecords;
  /** Replaces it whole, readable by the owner alone. One after the other, over all processes.
   *  @throws UnavailableError 'cannot-read-file' | 'cannot-write-file' */
  update(change: (records: AccessRecords) => AccessRecords): Promise<void>;
  /** another value after every change, by whomever */
  stamp(): string;
}

export function openAccessFile(path: string): AccessFile {
  const fresh: AccessRecords = { setup: '', salt: randomBytes(16).toString('hex'), pins: {}, paired: [] };
  let known: { readonly stamp: string; readonly records: AccessRecords } | undefined;
  let written: Promise<unknown> = Promise.resolve();
  return { path, read, update, stamp: () => stampOf(path) };

  function read(): AccessRecords {
    const stamp = stampOf(path);
    if (stamp === 'missing') return fresh;
    if (known?.stamp !== stamp) known = { stamp, records: readRecords(path) };
    return known.records;
  }

  function update(change: (records: AccessRecords) => AccessRecords): Promise<void> {
    const done = written.then(async () => {
      makeFolder(dirname(path));
      // A page that logs in all the time must not write back what somebody else has just taken from it.
      const unlock = await takeFileTurn(`${path}.lock`);
      try {
        const records = change(read());
        await replaceFile(path, `${JSON.stringify(records, null, 2)}\n`, { isSecret: true });
        known = undefined;
      } finally {
        unlock();
      }
    });
    written = done.catch(() => undefined);
    return done;
  }
}

/** Roles that have a PIN. */
export function rolesWithPin({ pins }: AccessRecords): readonly Role[] {
  return roles.filter((role) => pins[role] !== undefined);
}

function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat ? `${stat.mtimeNs} ${stat.ino} ${stat.size}` : 'missing';
}

function readRecords(path: string): AccessRecords {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    const what = `${path}, which says who may come to the interface, cannot be read: ${messageOf(cause).slice(0, 200)}`;
    throw new UnavailableError('cannot-read-file', `${what}. Nobody is let in by PIN or pairing.`, { path }, { cause });
  }
}
