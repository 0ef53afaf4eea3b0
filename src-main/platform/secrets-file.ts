import { dirname } from 'node:path';
import { InputError, LimitError, UnavailableError } from '../contract/errors.ts';
import { newSecretSchema, secretNameSchema, secretsMax } from '../contract/secret.ts';
import { z } from '../contract/zod.ts';
import type { Log } from '../ports/log.ts';
import type { Secrets, SecretsKey } from '../ports/secrets.ts';
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
  /** without a key secrets lie open in the file, which only its owner may read */
  readonly key?: SecretsKey | undefined;
  /** hears of a file that cannot be read, once for each reading; never of a value */
  readonly log?: Pick<Log, 'warn'>;
}

/** Keeps secrets in one JSON file that only its owner may read, replaced whole. It is read anew each time, since the command
 *  line may have changed it. With a key each value is sealed; what the command line put in openly is sealed with the next
 *  change or look. A damaged file is left alone until somebody moves it away. */
export function openSecretsFile({ path, key: askKey = noKey, log }: SecretsFileOptions): Secrets {
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
      const secrets = to(before);
      if (secrets === before) return;
      await replaceFile(path, `${JSON.stringify({ format: 1, secrets }, null, 2)}\n`, { isSecret: true });
    });
  const sealOpenOnes = async (): Promise<void> => {
    try {
      const key = await askKey();
      if (key) await change((entries) => sealAll(entries, key));
    } catch (error) {
      log?.warn('kept secrets could not be sealed', { path, reason: (error as Error).message });
    }
  };
  return {
    get: async (name) => {
      const entries = await read();
      const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
      if (!entry) return undefined;
      if ('sealed' in entry) return openEntry(entry.sealed, { name, key: await askKey(), path });
      await sealOpenOnes();
      return entry.plain;
    },
    set: async (name, value) => {
      const issue = newSecretSchema.safeParse({ name, value }).error?.issues[0];
      if (issue) throw new InputError('bad-arguments', `${issue.path.join('.')}: ${issue.message}.`);
      // Before its turn: the system may ask the operator for it, and the command line does not wait for that.
      const key = await askKey();
      await change((entries) => {
        if (!Object.hasOwn(entries, name) && Object.keys(entries).length >= secretsMax)
          throw new LimitError('too-many-items', `At most ${secretsMax} secrets are kept.`);
        const after = { ...entries, [name]: { plain: value } };
        return key ? sealAll(after, key) : after;
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

const noKey: SecretsKey = () => Promise.resolve(undefined);

function openEntry(
  sealed: string,
  { name, key, path }: { readonly name: string; readonly key: Uint8Array | undefined; readonly path: string },
): string {
  const value = key && tryOpenSealed(sealed, name, key);
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
