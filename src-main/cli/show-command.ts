import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InputError } from '../contract/errors.ts';
import { formatShow } from '../contract/parse-show.ts';
import { describeFault } from '../contract/show-faults.ts';
import { showExtension } from '../contract/show-ref.ts';
import { readWholeFile, tryReadWholeFile } from '../platform/read-file.ts';
import { replaceFile } from '../platform/replace-file.ts';
import { formatShowFile, parseShowFile, showFileBytesMax } from '../platform/show-file.ts';
import { readShowJson, showJsonFaults } from '../platform/show-json.ts';
import { markerPath, openElsewhere } from '../platform/show-marker.ts';
import { visibleText } from '../platform/visible-text.ts';
import { badFlag, parseCommandArgs } from './command-args.ts';
import { exitCode, type CommandIo } from './command-io.ts';
import { print } from './print.ts';

const usage = `flyrail show: turn show files into JSON and back, without loss

  flyrail show export FILE.flyrail [--out FILE.json] [--force]
      write the show as JSON to standard output, or to a file; --force replaces one that is there;
      works while the show is open

  flyrail show import FILE.json --out FILE.flyrail [--force]
      make a show file from JSON; --force replaces one that is there.
      Refused while a running Flyrail has that show open: it would not notice.

  flyrail show check FILE.json
      name everything in the JSON that wants a repair, one line each with its path; exit code 2 when there is something

The JSON is described in docs/show-format.md and resources/show.schema.json.
`;

/** Runs `flyrail show …`.
 *  @returns the exit code when all went well
 *  @throws AppError with one sentence that names the file, the path inside it and what was expected */
export async function runShowCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parse(args);
  const [verb, file, ...rest] = positionals;
  if (values.help) {
    await print(io.stdout, usage);
    return exitCode.ok;
  }
  if (rest.length > 0) throw badFlag('show', `expected one file, found ${rest.join(' ')} too`);
  if (verb === 'export') await exportShow(fileOf(file, 'FILE.flyrail'), values, io);
  else if (verb === 'import') await importShow(fileOf(file, 'FILE.json'), values);
  else if (verb === 'check') return await checkShow(fileOf(file, 'FILE.json'), io);
  else
    throw badFlag(
      'show',
      verb === undefined ? 'expected export, import or check' : `expected export, import or check, found ${verb}`,
    );
  return exitCode.ok;
}

type Flags = ReturnType<typeof parse>['values'];

async function exportShow(file: string, { out, force }: Flags, io: CommandIo): Promise<void> {
  if (force && out === undefined) throw badFlag('show', '--force goes with --out');
  if (out?.toLowerCase().endsWith(showExtension))
    throw badFlag('show', `--out ${out}: An export is text: name it .json`);
  const path = resolve(file);
  const text = formatShow(parseShowFile(await readWholeFile(path, showFileBytesMax), path).document);
  if (out === undefined) {
    await print(io.stdout, text);
    return;
  }
  const target = resolve(out);
  if (await isSameFile(path, target)) throw badFlag('show', `--out ${out}: expected another file than the show itself`);
  await refuseToReplace(target, force);
  await replaceFile(target, text);
}

async function importShow(file: string, { out, force }: Flags): Promise<void> {
  if (out === undefined) throw badFlag('show', `import needs --out FILE${showExtension}`);
  if (!out.toLowerCase().endsWith(showExtension))
    throw badFlag('show', `--out ${out}: expected a name that ends in ${showExtension}`);
  const target = resolve(out);
  const document = await readShowJson(resolve(file));
  const holder = await openElsewhere(target);
  if (holder) {
    throw new InputError(
      'show-open-elsewhere',
      `${target} is open in a running Flyrail (process ${holder.pid} on ${holder.host}). ` +
        `Close it there, or choose another --out. If it is not running any more, delete ${await markerPath(target)}.`,
      { ...holder, path: target },
    );
  }
  await refuseToReplace(target, force);
  await replaceFile(target, formatShowFile(document));
}

async function checkShow(file: string, io: CommandIo): Promise<number> {
  const faults = await showJsonFaults(resolve(file));
  const lines = faults.map((fault) => visibleText(describeFault(fault)));
  await print(io.stdout, lines.length === 0 ? 'Nothing wants a repair.\n' : `${lines.join('\n')}\n`);
  return faults.length === 0 ? exitCode.ok : exitCode.refused;
}

/** By whatever names and links. */
async function isSameFile(path: string, target: string): Promise<boolean> {
  const exact = { bigint: true } as const;
  const [one, other] = await Promise.all([stat(path, exact), stat(target, exact).catch(() => undefined)]);
  return one.dev === other?.dev && one.ino === other.ino;
}

async function refuseToReplace(target: string, force = false): Promise<void> {
  if (!force && (await tryReadWholeFile(target, Number.POSITIVE_INFINITY)))
    throw new InputError('show-exists', `${target} is there already. Add --force to replace it.`, { path: target });
}

function parse(args: readonly string[]) {
  return parseCommandArgs('show', args, {
    out: { type: 'string' },
    force: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  });
}

function fileOf(file: string | undefined, expected: string): string {
  if (file === undefined) throw badFlag('show', `expected ${expected}`);
  return file;
}
