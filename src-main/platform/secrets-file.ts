import { dirname } from 'node:path';
import { InputError, LimitError, UnavailableError } from '../contract/errors.ts';
import { newSecretSchema, secretNameSchema, secretsMax } from '../contract/secret.ts';
import { z } from '../contract/zod.ts';
import type { Log } from '../ports/log.ts';
import type { Secrets } from '../ports/secrets.ts';
import { takeFileTurn } from './file-turn.ts';
import { makeFolder } from './make-folder.ts';
import { tryReadWholeFile } from './read-file.ts';
import { replaceFile } from './replace-file.ts';
import { sealText, tryOpenSealed } from './sealed-text.ts';
import { cannotWrite } from './writing.ts';

const fileBytesMax = 128 * 1024 * 1024;
const entrySchema = z.union([z.strictObject({ plain: z.string() }), z.strictObject({ sealed: z.string() })]);
const fileSchema = z.strictObject({ format: z.literal(1), secrets: z.record(secretNameSchema, entrySchema) });
type Entries = z.infer<typeof fileSchema>['secrets'];

export interface SecretsFileOptions {
  readonly path: string;
  /** 32 bytes; without it secrets lie open in the file, which only its owner may read */
  readonly key?: Uint8Array | undefined;
  /** hears of a file that cannot be read, once for each reading; never of a value */
  readonly log?: Pick<Log, 'warn'>;
}

/** Keeps secrets in one JSON file that only its owner may read, replaced whole. It is read anew each time, since the command
 *  line may have changed it. With a key each value is sealed; what the command line put in openly is sealed with the next
 *  change. A damaged file is left alone until somebody moves it away. */
export function openSecretsFile({ path, key, log }: SecretsFileOptions): Secrets {
  const read = async (): Promise<Entries> => {
    try {
      return parse(await tryReadWholeFile(path, fileBytesMax), path);
    } catch (error) {
      log?.warn('the kept secrets are unreadable', { path, reason: (error as Error).message });
      throw error;
    }
  };
  const change = (to: (entries: Entries) => Entries): Promise<void> =>
    inTurn(path, async () => {
      const before = await read();
      const after = to(before);
      if (after === before) return;
      const secrets = key ? sealAll(after, key) : after;
      await replaceFile(path, `${JSON.stringify({ format: 1, secrets }, null, 2)}\n`, { isSecret: true });
    });
  return {
    get: async (name) => {
      const entries = await read();
      const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
      return entry && openEntry(entry, { name, key, path });
    },
    set: async (name, value) => {
      const issue = newSecretSchema.safeParse({ name, value }).error?.issues[0];
      if (issue) throw new InputError('bad-arguments', `${issue.path.join('.')}: ${issue.message}.`);
      await change((entries) => {
        if (!Object.hasOwn(entries, name) && Object.keys(entries).length >= secretsMax)
          throw new LimitError('too-many-items', `At most ${secretsMax} secrets are kept.`);
        return { ...entries, [name]: { plain: value } };
      });
    },
    delete: async (name) => {
      let had = false;
      await change((entries) => {
        had = Object.hasOwn(entries, name);
        return had ? Object.fromEntries(Object.entries(entries).filter(([each]) => each !== name)) : entries;
      });
      return had;
    },
    names: async () => Object.keys(await read()).toSorted(),
  };
}

function parse(bytes: Buffer | undefined, path: string): Entries {
  if (!bytes) return {};
  try {
    return fileSchema.parse(JSON.parse(bytes.toString('utf8'))).secrets;
  } catch {
    // What is wrong with it may stand in the middle of a secret: its words are not passed on.
    const message = `${path} is damaged. Move it away and set its secrets again.`;
    throw new UnavailableError('cannot-read-file', message, { path });
  }
}

function openEntry(
  entry: Entries[string],
  { name, key, path }: { readonly name: string; readonly key: Uint8Array | undefined; readonly path: string },
): string {
  if ('plain' in entry) return entry.plain;
  const value = key && tryOpenSealed(entry.sealed, name, key);
  if (value !== undefined) return value;
  const who = key ? 'by another key than this one' : 'with a key, and this program has none';
  throw new UnavailableError('cannot-read-file', `The secret ${name} was sealed ${who}. Set it again.`, { path, name });
}

function sealAll(entries: Entries, key: Uint8Array): Entries {
  const sealed = Object.entries(entries).map(([name, entry]) => [
    name,
    'plain' in entry ? { sealed: sealText(entry.plain, name, key) } : entry,
  ]);
  return Object.fromEntries(sealed) as Entries;
}

async function inTurn(path: string, run: () => Promise<void>): Promise<void> {
  try {
    makeFolder(dirname(path));
  } catch (cause) {
    throw cannotWrite(`Cannot make the folder ${dirname(path)}`, cause, { path });
  }
  const end = await takeFileTurn(`${path}.lock`);
  try {
    await run();
  } finally {
    end();
  }
}
