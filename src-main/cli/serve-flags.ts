import { isIP } from 'node:net';
import { parseArgs } from 'node:util';
import type { DoorSettings } from '../contract/door.ts';
import { InputError } from '../contract/errors.ts';
import { lateToleranceMsMax } from '../contract/show.ts';
import { hertz, millis, type Hertz } from '../contract/units.ts';
import { defaultLatePolicy, type LatePolicy } from '../core/clock/late-policy.ts';
import { tickRateMax } from '../core/timeline/tick-grid.ts';
import { logLevels, type LogLevel } from '../platform/log.ts';
import { flagFault } from './flag-fault.ts';
import { parseTransportFlag } from './transport-flag.ts';

export const serveUsage = `flyrail serve: run the router and its bridges without a window

  --show FILE                open this .flyrail file; without it the last show, else an empty one
  --data DIR                 where Flyrail keeps its working copy, shows and backups
  --host ADDRESS             where CLASP clients connect (127.0.0.1)
  --port PORT                CLASP port (7330); 0 picks a free one
  --transport NAME=PORT      a further way in for CLASP clients, as often as wanted: tcp, tls, wss or udp, port 0
                             for a free one; options behind commas: host=ADDRESS; tls and wss: cert=FILE,key=FILE (this
                             machine's own without); udp: group=ADDRESS (multicast), mtu=BYTES
  --allow-unauthenticated    needed with a --host that other machines reach: nobody is asked who they are
  --ui-port PORT             port of the interface for a browser on this machine (7380); 0 picks a free one
  --ui-host ADDRESS          let browsers on other machines reach it too, on the card with this address, or on all with 0.0.0.0;
                             only when a PIN is set or a page is paired, see flyrail access --help
  --ui-tls                   the interface over TLS, with this machine's certificate
  --no-ui                    no interface
  --ui-later                 no interface until the window of the desktop application asks for one
  --metrics                  figures for Prometheus at http://127.0.0.1:UI-PORT/metrics, for programs on this machine
  --journal KIND             what is kept on disk: off, state (params; the default) or full (every signal, for replay)
  --late-bundles POLICY      bundles for a time that has passed, whatever the show says: run, drop (100 ms late), or drop so many ms late
  --timeline-rate HZ         values a second of timelines that ask for no rate themselves, 1 to 240 (60)
  --log-level LEVEL          error, warn, info, debug or silent (warn); logs go to stderr
  --json                     one JSON object a line on stdout; the first is {"event":"ready",…}
  --version                  print the version
  --help                     print this

SIGINT or SIGTERM ends it in order: outputs are released, the show is saved, exit code 0.
It exits with 2 and one line on stderr when it cannot start. docs/command-line.md tells the rest.
`;

export interface ServeFlags {
  readonly show: string | undefined;
  readonly data: string | undefined;
  readonly host: string;
  readonly port: number;
  /** ways in beside the CLASP port */
  readonly transports: readonly DoorSettings[];
  readonly allowUnauthenticated: boolean;
  /** undefined: no interface */
  readonly uiPort: number | undefined;
  /** undefined: as the window left it, at first this machine only */
  readonly uiHost: string | undefined;
  readonly uiTls: boolean;
  /** without a port of the interface: the window may open it */
  readonly uiLater: boolean;
  readonly metrics: boolean;
  readonly journal: (typeof journalKinds)[number];
  /** undefined: as the show says */
  readonly latePolicy: LatePolicy | undefined;
  readonly timelineRate: Hertz;
  readonly logLevel: LogLevel;
  readonly json: boolean;
  readonly help: boolean;
}

const journalKinds = ['off', 'state', 'full'] as const;

/** @throws InputError 'bad-flag' | 'unauthenticated-host', one sentence that says what was expected */
export function parseServeFlags(args: readonly string[]): ServeFlags {
  const values = parse(args);
  const flags: ServeFlags = {
    show: path('--show', values.show),
    data: path('--data', values.data),
    host: host(values.host ?? '127.0.0.1'),
    port: port('--port', values.port ?? '7330'),
    transports: (values.transport ?? []).map(parseTransportFlag),
    allowUnauthenticated: values['allow-unauthenticated'] ?? false,
    uiPort: values['no-ui'] || values['ui-later'] ? undefined : port('--ui-port', values['ui-port'] ?? '7380'),
    uiHost: values['ui-host'] === undefined ? undefined : uiHost(values['ui-host']),
    uiTls: values['ui-tls'] ?? false,
    uiLater: values['ui-later'] ?? false,
    metrics: values.metrics ?? false,
    journal: journal(values.journal ?? 'state'),
    latePolicy: latePolicy(values['late-bundles']),
    timelineRate: timelineRate(values['timeline-rate'] ?? '60'),
    logLevel: logLevel(values['log-level'] ?? 'warn'),
    json: values.json ?? false,
    help: values.help ?? false,
  };
  if (flags.metrics && flags.uiPort === undefined)
    throw new InputError('bad-flag', '--metrics needs the port of the interface: leave out --no-ui.');
  if ((flags.uiHost !== undefined || flags.uiTls) && flags.uiPort === undefined)
    throw new InputError('bad-flag', '--ui-host and --ui-tls need the port of the interface: leave out --no-ui.');
  refuseOpenHosts(flags);
  return flags;
}

function refuseOpenHosts({ host: common, transports, allowUnauthenticated }: ServeFlags): void {
  const foreign = [common, ...transports.map((each) => each.host ?? common)].find((each) => !isLoopback(each));
  if (foreign === undefined || allowUnauthenticated) return;
  throw new InputError(
    'unauthenticated-host',
    `${foreign === common ? '--host ' : 'host='}${foreign} lets other machines in and nobody is asked who they are. Add --allow-unauthenticated if that is meant.`,
  );
}

export function isLoopback(address: string): boolean {
  const ipv4 = address.replace(/^::ffff:/i, '');
  return address === 'localhost' || address === '::1' || (isIP(ipv4) === 4 && ipv4.startsWith('127.'));
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        show: { type: 'string' },
        data: { type: 'string' },
        host: { type: 'string' },
        port: { type: 'string' },
        transport: { type: 'string', multiple: true },
        'allow-unauthenticated': { type: 'boolean' },
        'ui-port': { type: 'string' },
        'ui-host': { type: 'string' },
        'ui-tls': { type: 'boolean' },
        'ui-later': { type: 'boolean' },
        'no-ui': { type: 'boolean' },
        metrics: { type: 'boolean' },
        journal: { type: 'string' },
        'late-bundles': { type: 'string' },
        'timeline-rate': { type: 'string' },
        'log-level': { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (cause) {
    throw new InputError('bad-flag', `${flagFault(cause)}. flyrail serve --help lists the flags.`, {}, { cause });
  }
}

/** An empty path would mean the working directory, which a script with an unset variable does not. */
function path(flag: string, text: string | undefined): string | undefined {
  if (text === '') throw new InputError('bad-flag', `${flag}: expected a path.`);
  return text;
}

function port(flag: string, text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= 0 && number <= 65_535)) {
    throw new InputError('bad-flag', `${flag} ${text || '""'}: expected a port from 1 to 65535, or 0 for a free one.`);
  }
  return number;
}

/** All names of this machine itself are one. */
function uiHost(written: string): string {
  const text = host(written, '--ui-host');
  return isLoopback(text) ? '127.0.0.1' : text;
}

/** An IPv6 address may stand in brackets, as in the URL that is printed. */
function host(written: string, flag = '--host'): string {
  const inner = written.replace(/^\[(.*)\]$/, '$1');
  const text = isIP(inner) === 6 ? inner : written;
  if (isIP(text) === 0 && !/^[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$/.test(text)) {
    throw new InputError('bad-flag', `${flag} ${text}: expected an address or a host name.`);
  }
  return text;
}

function journal(text: string): ServeFlags['journal'] {
  const kind = journalKinds.find((each) => each === text);
  if (!kind) throw new InputError('bad-flag', `--journal ${text}: expected one of ${journalKinds.join(', ')}.`);
  return kind;
}

function latePolicy(text: string | undefined): LatePolicy | undefined {
  if (text === undefined) return undefined;
  if (text === 'run' || text === 'drop') return { ...defaultLatePolicy, late: text };
  const lateMs = wholeUpTo(text, lateToleranceMsMax);
  if (lateMs === undefined)
    throw new InputError('bad-flag', `--late-bundles ${text}: expected run, drop or 0 to ${lateToleranceMsMax} ms.`);
  return { ...defaultLatePolicy, late: 'drop', tolerance: millis(lateMs) };
}

function timelineRate(text: string): Hertz {
  const rate = wholeUpTo(text, tickRateMax);
  if (!rate) throw new InputError('bad-flag', `--timeline-rate ${text}: expected 1 to ${tickRateMax} whole hertz.`);
  return hertz(rate);
}

/** @returns undefined for what is no whole number up to there */
function wholeUpTo(text: string, most: number): number | undefined {
  const number = /^\d{1,7}$/.test(text) ? Number(text) : Infinity;
  return number <= most ? number : undefined;
}

function logLevel(text: string): LogLevel {
  const level = logLevels.find((each) => each === text);
  if (!level) throw new InputError('bad-flag', `--log-level ${text}: expected one of ${logLevels.join(', ')}.`);
  return level;
}
