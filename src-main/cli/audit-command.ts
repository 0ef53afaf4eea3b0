import { resolve } from 'node:path';
import { dataPaths, defaultDataFolder } from '../platform/data-paths.ts';
import { readAuditFiles } from '../platform/audit-file.ts';
import { visibleJson, visibleText } from '../platform/visible-text.ts';
import { badFlag, parseCommandArgs } from './command-args.ts';
import { exitCode, type CommandIo } from './command-io.ts';
import { print } from './print.ts';

const usage = `flyrail audit: who came, went, was refused, and what was edited, oldest first

  flyrail audit [--last N] [--json]

  --last N     so many of the newest entries, 1 to 100000 (50)
  --json       the lines as they are kept
  --data DIR   the data folder of the Flyrail that is meant
`;

/** Runs `flyrail audit`.
 *  @throws AppError with one sentence */
export async function runAuditCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseCommandArgs('audit', args, {
    last: { type: 'string' },
    json: { type: 'boolean' },
    data: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  });
  if (values.help) {
    await print(io.stdout, usage);
    return exitCode.ok;
  }
  if (positionals.length > 0) throw badFlag('audit', `expected flags only, found ${positionals.join(' ')}`);
  if (values.data === '') throw badFlag('audit', '--data: expected a path');
  const { auditFile } = dataPaths(resolve(values.data ?? defaultDataFolder()));
  for (const entry of await readAuditFiles(auditFile, lastOf(values.last ?? '50')))
    await print(io.stdout, values.json ? `${visibleJson(JSON.stringify(entry))}\n` : `${wordsOf(entry)}\n`);
  return exitCode.ok;
}

function lastOf(text: string): number {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > 100_000) throw badFlag('audit', `--last ${text || '""'}: expected 1 to 100000`);
  return number;
}

/** What a peer calls itself must not move the cursor. */
function wordsOf({ at, what, ...fields }: Readonly<Record<string, unknown>>): string {
  const rest = Object.entries(fields).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return visibleText([String(at), String(what), ...rest].join('  '));
}
