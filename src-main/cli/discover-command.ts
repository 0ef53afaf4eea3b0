import { discoverLimits } from '../contract/rendezvous.ts';
import { millis, type Millis } from '../contract/units.ts';
import { visibleText } from '../platform/visible-text.ts';
import { badFlag, parseCommandArgs } from './command-args.ts';
import { exitCode, type CommandIo } from './command-io.ts';
import { print } from './print.ts';
import { parseServerUrl } from './register-flag.ts';

const usage = `flyrail discover: list what is on the networks of this machine, or what a rendezvous server knows

  flyrail discover [--seconds N] [--json]
      look for CLASP routers (mDNS and broadcast), OSC, HTTP and MQTT services (mDNS), Art-Net nodes and sACN sources.
      Why something could not be looked for stands on stderr
  flyrail discover --rendezvous URL [--tag WORD] [--feature WORD] [--limit N] [--json]
      ask this rendezvous server instead. Of a signed device the key is shown that vouches for it; anybody can
      register an unsigned one under any name

  --seconds N        how long to listen, 1 to 600 (6); sACN sources tell of themselves every 10 s
  --rendezvous URL   as http://HOST:7340
  --tag WORD         those with this tag only
  --feature WORD     those that have this feature only
  --limit N          so many of them, 1 to ${discoverLimits.max} (${discoverLimits.usual})
  --json             one object a line
  --version          print the version
  --help             print this

Exit codes: 0 listed, also where nothing was found, 1 refused, 2 a bad flag or no server.
`;

const secondsMax = 600;
const text = { type: 'string' } as const;
const options = {
  ...{ seconds: text, rendezvous: text, tag: text, feature: text, limit: text },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Runs `flyrail discover`.
 *  @throws AppError with one sentence */
export async function runDiscoverCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseCommandArgs('discover', args, options);
  const { rendezvous, seconds, tag, feature, limit, json = false } = values;
  if (values.help) {
    await print(io.stdout, usage);
    return exitCode.ok;
  }
  if (positionals.length > 0) throw badFlag('discover', `expected flags only, found ${positionals.join(' ')}`);
  if (rendezvous === undefined) {
    const astray = Object.entries({ tag, feature, limit }).find(([, value]) => value !== undefined);
    if (astray) throw badFlag('discover', `--${astray[0]} goes with --rendezvous`);
    return lookAround(io, listenTime(seconds ?? '6'), json);
  }
  if (seconds !== undefined) throw badFlag('discover', '--seconds does not go with --rendezvous');
  const url = parseServerUrl('--rendezvous', rendezvous);
  const { listRendezvous } = await import('./discover-rendezvous.ts');
  const question = { url, tag, feature, limit: limit === undefined ? undefined : limitOf(limit) };
  await print(io.stdout, (await listRendezvous(question, json)).join(''));
  return exitCode.ok;
}

async function lookAround(io: CommandIo, listenFor: Millis, json: boolean): Promise<number> {
  const { listNetwork } = await import('./discover-network.ts');
  const { lines, troubles } = await listNetwork(listenFor, json);
  for (const trouble of troubles) io.stderr.write(`flyrail: ${visibleText(trouble)}\n`);
  await print(io.stdout, lines.join(''));
  return exitCode.ok;
}

function limitOf(written: string): number {
  const number = /^\d{1,4}$/.test(written) ? Number(written) : 0;
  if (number >= 1 && number <= discoverLimits.max) return number;
  throw badFlag('discover', `--limit ${written || '""'}: expected 1 to ${discoverLimits.max}`);
}

function listenTime(written: string): Millis {
  const seconds = /^\d{1,3}(\.\d{1,3})?$/.test(written) ? Number(written) : 0;
  if (seconds >= 1 && seconds <= secondsMax) return millis(seconds * 1000);
  throw badFlag('discover', `--seconds ${written || '""'}: expected 1 to ${secondsMax}`);
}
