import process from 'node:process';
import packageJson from '../../package.json' with { type: 'json' };
import { InputError } from '../contract/errors.ts';
import { isLoopback } from '../contract/loopback.ts';
import { rendezvousLimits } from '../core/discovery/rendezvous-registry.ts';
import { openRendezvousGateway } from '../gateways/rendezvous/rendezvous-gateway.ts';
import { createLog } from '../platform/log.ts';
import { createSystemClock } from '../platform/system-clock.ts';
import { createSystemRandom } from '../platform/system-random.ts';
import { badFlag, parseCommandArgs } from './command-args.ts';
import { exitCode, type CommandIo } from './command-io.ts';
import { print } from './print.ts';
import { host as parseHost, port as parsePort } from './serve-flags.ts';
import { waitForStop } from './stop-signals.ts';

const usage = `flyrail rendezvous: run a server where devices find each other by HTTP

  --host ADDRESS             where it listens (127.0.0.1)
  --port PORT                its port (7340); 0 picks a free one
  --allow-unauthenticated    needed with a --host that other machines reach: anybody may register and look
  --require-signed           take signed requests only; without it unsigned entries are taken and marked
  --per-source N             entries that one address may have, 1 to 10000 (10); IPv6: all addresses of a /64
  --json                     one JSON object a line on stdout; the first is {"event":"ready",…}
  --version                  print the version
  --help                     print this

Entries live for 5 minutes unless they are refreshed, at most 10000 of them, and nothing is kept on disk.
SIGINT or SIGTERM ends it in order, exit code 0. docs/rendezvous.md tells the calls and how to sign.
`;

interface RendezvousFlags {
  readonly host: string;
  readonly port: number;
  readonly requireSigned: boolean;
  readonly perSource: number;
  readonly json: boolean;
}

/** Runs a rendezvous server until it is told to stop.
 *  @throws AppError when it cannot start: a bad flag, a port in use */
export async function runRendezvousCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const flags = parse(args);
  if (!flags) {
    await print(io.stdout, usage);
    return exitCode.ok;
  }
  const stopping = io.stopping ?? waitForStop();
  const around = { clock: createSystemClock(), random: createSystemRandom(), log: createLog('warn') };
  const server = await openRendezvousGateway({ ...flags, ...around });
  // Whoever read the lines has gone: others still find each other.
  io.stdout.on?.('error', () => undefined);
  const { url } = server;
  const ready = { event: 'ready', pid: process.pid, version: packageJson.version, url };
  io.stdout.write(
    flags.json ? `${JSON.stringify(ready)}\n` : `Rendezvous server at ${url}\n  Ctrl C ends it in order.\n`,
  );
  const reason = await stopping.requested;
  await server.stop();
  io.stdout.write(flags.json ? `${JSON.stringify({ event: 'stopping', reason })}\n` : `It stops: ${reason}\n`);
  return exitCode.ok;
}

/** @returns undefined when help is wanted
 *  @throws InputError 'bad-flag' | 'unauthenticated-host' */
function parse(args: readonly string[]): RendezvousFlags | undefined {
  const { values, positionals } = parseCommandArgs('rendezvous', args, {
    host: { type: 'string' },
    port: { type: 'string' },
    'allow-unauthenticated': { type: 'boolean' },
    'require-signed': { type: 'boolean' },
    'per-source': { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  });
  if (values.help) return undefined;
  if (positionals.length > 0) throw badFlag('rendezvous', `expected flags only, found ${positionals.join(' ')}`);
  const host = parseHost(values.host ?? '127.0.0.1');
  if (!isLoopback(host) && !values['allow-unauthenticated'])
    throw new InputError(
      'unauthenticated-host',
      `--host ${host} lets other machines in and nobody is asked who they are. Add --allow-unauthenticated if that is meant.`,
    );
  return {
    host,
    port: parsePort('--port', values.port ?? '7340'),
    requireSigned: values['require-signed'] ?? false,
    perSource: perSource(values['per-source'] ?? String(rendezvousLimits.perSource)),
    json: values.json ?? false,
  };
}

function perSource(text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= rendezvousLimits.entriesMax) return number;
  throw badFlag('rendezvous', `--per-source ${text || '""'}: expected 1 to ${rendezvousLimits.entriesMax}`);
}
