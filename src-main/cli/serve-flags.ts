import { isIP } from 'node:net';
import { parseArgs } from 'node:util';
import type { DiscoveryMode } from '../contract/discovery.ts';
import type { DoorSettings } from '../contract/door.ts';
import { InputError } from '../contract/errors.ts';
import { isLoopback } from '../contract/loopback.ts';
import { lateToleranceMsMax } from '../contract/show.ts';
import { hertz, millis, type Hertz } from '../contract/units.ts';
import { defaultLatePolicy, type LatePolicy } from '../core/clock/late-policy.ts';
import type { RateLimits } from '../core/access/rate-limits.ts';
import { tickRateMax } from '../core/timeline/tick-grid.ts';
import { logLevels, type LogLevel } from '../platform/log.ts';
import type { RegisterSettings } from '../engine/rendezvous-door.ts';
import { flagFault } from './flag-fault.ts';
import { parseRateLimits } from './rate-limit-flag.ts';
import { parseRegisterFlags } from './register-flag.ts';
import { parseTransportFlag } from './transport-flag.ts';

export const serveUsage = `flyrail serve: run the router and its bridges without a window

  --show FILE                open this .flyrail file; without it the last show, else an empty one
  --data DIR                 where Flyrail keeps its working copy, shows and backups
  --host ADDRESS             where CLASP clients connect (127.0.0.1)
  --port PORT                CLASP port (7330); 0 picks a free one
  --transport NAME=PORT      a further way in for CLASP clients, as often as wanted: tcp, tls, wss, udp or quic, port
                             0 for a free one; options behind commas: host=ADDRESS; tls, wss and quic: cert=FILE,key=FILE
                             (this machine's own without); udp: group=ADDRESS (multicast), mtu=BYTES
  --transport serial=PORT    a serial port: a path, or usb=VID:PID[:SERIAL] for a box wherever it is plugged in; options:
                             baud=RATE (115200), parity=even|odd, stopbits=2, flow=rtscts|xonxoff
  --transport ble=ROLE       Bluetooth: central (devices are looked for) or peripheral (they connect); name=NAME, hci=NUMBER
  --rate-limit WHAT=RATE     messages a second that are taken, as often as wanted: of each session, of each source (host),
                             or written by each session under a pattern: session=1000, source=5000/10000 (burst),
                             '/lamp/**=50'; no limits without
  --discovery WORD           off; find: look for devices on the network; show: let others find this router too
                             (as chosen in the interface before; off where nobody chose)
  --discovery-default WORD   the same, where nobody chose
  --allow-unauthenticated    needed with a --host that other machines reach: nobody is asked who they are
  --ui-port PORT             port of the interface for a browser on this machine (7380); 0 picks a free one
  --no-ui                    no interface
  --rendezvous-port PORT     a rendezvous server inside, at --host: where devices find each other by HTTP (docs/rendezvous.md)
  --rendezvous-require-signed  it takes signed requests only
  --register URL[,tag=WORD…] make this router's ways in known at a rendezvous server, as often as wanted: http://HOST:7340
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
  /** no limits where none are named */
  readonly rateLimits: RateLimits;
  /** undefined: as chosen before */
  readonly discovery: DiscoveryMode | undefined;
  readonly discoveryDefault: DiscoveryMode;
  readonly allowUnauthenticated: boolean;
  /** undefined: no interface */
  readonly uiPort: number | undefined;
  /** undefined: no rendezvous server */
  readonly rendezvousPort: number | undefined;
  readonly rendezvousRequireSigned: boolean;
  readonly register: readonly RegisterSettings[];
  readonly metrics: boolean;
  readonly journal: (typeof journalKinds)[number];
  /** undefined: as the show says */
  readonly latePolicy: LatePolicy | undefined;
  readonly timelineRate: Hertz;
  readonly logLevel: LogLevel;
  readonly json: boolean;
  readonly help: boolean;
}

const discoveryWords = new Map<string, DiscoveryMode>([
  ['off', 'off'],
  ['find', 'find'],
  ['show', 'find-and-show'],
]);
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
    rateLimits: parseRateLimits(values['rate-limit'] ?? []),
    discovery: discovery('--discovery', values.discovery),
    discoveryDefault: discovery('--discovery-default', values['discovery-default']) ?? 'off',
    allowUnauthenticated: values['allow-unauthenticated'] ?? false,
    uiPort: values['no-ui'] ? undefined : port('--ui-port', values['ui-port'] ?? '7380'),
    rendezvousPort:
      values['rendezvous-port'] === undefined ? undefined : port('--rendezvous-port', values['rendezvous-port']),
    rendezvousRequireSigned: values['rendezvous-require-signed'] ?? false,
    register: parseRegisterFlags(values.register ?? []),
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
  if (flags.rendezvousRequireSigned && flags.rendezvousPort === undefined)
    throw new InputError('bad-flag', '--rendezvous-require-signed goes with --rendezvous-port.');
  refuseOpenHosts(flags);
  return flags;
}

function refuseOpenHosts({ host: common, transports, allowUnauthenticated }: ServeFlags): void {
  if (allowUnauthenticated) return;
  if (transports.some((each) => each.kind === 'ble' && each.role === 'peripheral')) {
    throw new InputError(
      'unauthenticated-host',
      'ble=peripheral lets in whoever is in range and nobody is asked who they are. Add --allow-unauthenticated if that is meant.',
    );
  }
  const hosts = transports.map((each) => ('host' in each ? each.host : undefined) ?? common);
  const foreign = [common, ...hosts].find((each) => !isLoopback(each));
  if (foreign === undefined) return;
  throw new InputError(
    'unauthenticated-host',
    `${foreign === common ? '--host ' : 'host='}${foreign} lets other machines in and nobody is asked who they are. Add --allow-unauthenticated if that is meant.`,
  );
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
        'rate-limit': { type: 'string', multiple: true },
        discovery: { type: 'string' },
        'discovery-default': { type: 'string' },
        'allow-unauthenticated': { type: 'boolean' },
        'ui-port': { type: 'string' },
        'no-ui': { type: 'boolean' },
        'rendezvous-port': { type: 'string' },
        'rendezvous-require-signed': { type: 'boolean' },
        register: { type: 'string', multiple: true },
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

export function port(flag: string, text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= 0 && number <= 65_535)) {
    throw new InputError('bad-flag', `${flag} ${text || '""'}: expected a port from 1 to 65535, or 0 for a free one.`);
  }
  return number;
}

/** An IPv6 address may stand in brackets, as in the URL that is printed. */
export function host(written: string): string {
  const inner = written.replace(/^\[(.*)\]$/, '$1');
  const text = isIP(inner) === 6 ? inner : written;
  if (isIP(text) === 0 && !/^[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$/.test(text)) {
    throw new InputError('bad-flag', `--host ${text}: expected an address or a host name.`);
  }
  return text;
}

function journal(text: string): ServeFlags['journal'] {
  const kind = journalKinds.find((each) => each === text);
  if (!kind) throw new InputError('bad-flag', `--journal ${text}: expected one of ${journalKinds.join(', ')}.`);
  return kind;
}

function discovery(flag: string, text: string | undefined): DiscoveryMode | undefined {
  if (text === undefined) return undefined;
  const mode = discoveryWords.get(text);
  if (!mode) throw new InputError('bad-flag', `${flag} ${text || '""'}: expected one of off, find, show.`);
  return mode;
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
