import { resolve } from 'node:path';
import process from 'node:process';
import { InputError } from '../contract/errors.ts';
import { secretBytesMax } from '../contract/secret.ts';
import { dataPaths, defaultDataFolder } from '../platform/data-paths.ts';
import { openSecretsFile } from '../platform/secrets-file.ts';
import { visibleText } from '../platform/visible-text.ts';
import type { Secrets } from '../ports/secrets.ts';
import { badFlag, parseCommandArgs } from './command-args.ts';
import { exitCode, type CommandIo } from './command-io.ts';
import { print } from './print.ts';

const usage = `flyrail secret: tokens that this machine shows to others, by the names that a show has for them

  flyrail secret set NAME      keep what comes on standard input, up to 64 KiB; one line feed at its end is left out
  flyrail secret list          print the names; never what is kept
  flyrail secret delete NAME   forget it

  --data DIR   the data folder of the Flyrail that is meant

They lie in secrets.json in the data folder, which only its owner may read; the desktop application seals them there.
A running Flyrail takes a new one with its next try.
`;

/** Runs `flyrail secret …`.
 *  @param input what the secret is read from, never the arguments: others on this machine see those
 *  @returns the exit code: 1 where there is none to delete
 *  @throws AppError with one sentence, that holds no secret */
export async function runSecretCommand(
  args: readonly string[],
  io: CommandIo,
  input: AsyncIterable<Buffer | string> = process.stdin,
): Promise<number> {
  const { values, positionals } = parseCommandArgs('secret', args, {
    data: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  });
  const [verb, name, ...more] = positionals;
  if (values.help) {
    await print(io.stdout, usage);
    return exitCode.ok;
  }
  // Not told what it is: whoever puts the secret itself there should not read it in a log.
  if (more.length > 0) throw badFlag('secret', 'expected one name; the secret itself comes on standard input');
  const secrets = openSecretsFile({ path: dataPaths(resolve(values.data ?? defaultDataFolder())).secretsFile });
  switch (verb) {
    case 'set':
      await secrets.set(nameOf(name), await readSecret(input));
      return exitCode.ok;
    case 'list':
      if (name !== undefined) throw badFlag('secret', 'list takes no name');
      await print(io.stdout, (await secrets.names()).map((each) => `${each}\n`).join(''));
      return exitCode.ok;
    case 'delete':
      return forget(secrets, nameOf(name), io);
    default:
      throw badFlag('secret', 'expected set, list or delete');
  }
}

function nameOf(name: string | undefined): string {
  if (name === undefined) throw badFlag('secret', 'expected a name');
  return name;
}

async function forget(secrets: Secrets, name: string, io: CommandIo): Promise<number> {
  if (await secrets.delete(name)) return exitCode.ok;
  io.stderr.write(`flyrail: there is no secret ${visibleText(name)}. flyrail secret list tells their names.\n`);
  return exitCode.failed;
}

async function readSecret(input: AsyncIterable<Buffer | string>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > secretBytesMax + 2)
      throw new InputError('bad-arguments', `A secret has at most ${secretBytesMax} bytes. Nothing was kept.`);
    chunks.push(bytes);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
      .decode(Buffer.concat(chunks))
      .replace(/\r?\n$/, '');
  } catch {
    throw new InputError('bad-arguments', 'A secret is text in UTF-8. Nothing was kept.');
  }
}
