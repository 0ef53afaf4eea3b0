import type { Found } from '../contract/rendezvous.ts';
import { discoverLimits } from '../contract/rendezvous.ts';
import { discoverAt } from '../core/discovery/discover-at.ts';
import { createHttpCaller } from '../platform/http-caller.ts';
import { createSystemClock } from '../platform/system-clock.ts';
import { visibleText } from '../platform/visible-text.ts';
import { badFlag, parseCommandArgs } from './command-args.ts';
import { exitCode, type CommandIo } from './command-io.ts';
import { print } from './print.ts';
import { parseServerUrl } from './register-flag.ts';

const usage = `flyrail discover: list devices that made themselves known

  --rendezvous URL   ask this rendezvous server, as http://HOST:7340
  --tag WORD         those with this tag only
  --feature WORD     those that have this feature only
  --limit N          so many of them, 1 to ${discoverLimits.max} (${discoverLimits.usual})
  --json             one object a line
  --version          print the version
  --help             print this

Of a signed device the key is shown that vouches for it; anybody can register an unsigned one under any name.
Exit codes: 0 asked, also where nothing was found, 1 refused, 2 a bad flag or no server.
`;

interface DiscoverFlags {
  readonly rendezvous: string;
  readonly tag: string | undefined;
  readonly feature: string | undefined;
  readonly limit: number | undefined;
  readonly json: boolean;
}

/** Runs `flyrail discover`.
 *  @throws AppError with one sentence */
export async function runDiscoverCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const flags = parse(args);
  if (!flags) {
    await print(io.stdout, usage);
    return exitCode.ok;
  }
  await print(io.stdout, await listRendezvous(flags));
  return exitCode.ok;
}

/** What a rendezvous server knows, a line each. */
async function listRendezvous({ rendezvous: url, tag, feature, limit, json }: DiscoverFlags): Promise<string> {
  const server = { http: createHttpCaller(), clock: createSystemClock(), url };
  const found = await discoverAt(server, { tag, feature, limit });
  const lines = json ? found.map((each) => JSON.stringify({ source: 'rendezvous', ...each })) : found.map(plainLine);
  return lines.map((line) => `${line}\n`).join('');
}

function plainLine({ name, endpoints, tags, signed, verified }: Found): string {
  const urls = Object.values(endpoints).join(' ');
  const by = signed ? `signed by ${verified ?? ''}` : 'unsigned';
  return [name, urls, tags.join(' '), by].map((part) => visibleText(part)).join('\t');
}

/** @returns undefined when help is wanted
 *  @throws InputError 'bad-flag' */
function parse(args: readonly string[]): DiscoverFlags | undefined {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseCommandArgs('discover', args, {
    rendezvous: text,
    tag: text,
    feature: text,
    limit: text,
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  });
  if (values.help) return undefined;
  if (positionals.length > 0) throw badFlag('discover', `expected flags only, found ${positionals.join(' ')}`);
  if (values.rendezvous === undefined) throw badFlag('discover', 'say where: --rendezvous URL');
  const { tag, feature, json = false } = values;
  const limit = values.limit === undefined ? undefined : parseLimit(values.limit);
  return { rendezvous: parseServerUrl('--rendezvous', values.rendezvous), tag, feature, limit, json };
}

function parseLimit(text: string): number {
  const number = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= discoverLimits.max) return number;
  throw badFlag('discover', `--limit ${text || '""'}: expected 1 to ${discoverLimits.max}`);
}
