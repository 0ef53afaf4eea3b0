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
import { parseTokenFlags, tokenFlagOptions, type TokenSettings } from './token-flags.ts';
import { parseTransportFlag } from './transport-flag.ts';

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
  /** who may connect */
  readonly tokens: TokenSettings;
  readonly allowUnauthenticated: boolean;
  /** undefined: no interface */
  readonly uiPort: number | undefined;
  /** undefined: no rendezvous server */
  readonly rendezvousPort: number | undefined;
  readonly rendezvousRequireSigned: boolean;
  readonly register: readonly RegisterSettings[];
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
    tokens: parseTokenFlags(values),
    allowUnauthenticated: values['allow-unauthenticated'] ?? false,
    uiPort: values['no-ui'] || values['ui-later'] ? undefined : port('--ui-port', values['ui-port'] ?? '7380'),
    uiHost: values['ui-host'] === undefined ? undefined : uiHost(values['ui-host']),
    uiTls: values['ui-tls'] ?? false,
    uiLater: values['ui-later'] ?? false,
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
  if ((flags.uiHost !== undefined || flags.uiTls) && flags.uiPort === undefined)
    throw new InputError('bad-flag', '--ui-host and --ui-tls need the port of the interface: leave out --no-ui.');
  refuseOpenHosts(flags);
  return flags;
}

function refuseOpenHosts({ host: common, transports, tokens, allowUnauthenticated }: ServeFlags): void {
  if (allowUnauthenticated || tokens.auth) return;
  if (transports.some((each) => each.kind === 'ble' && each.role === 'peripheral')) {
    throw new InputError(
      'unauthenticated-host',
      'ble=peripheral lets in whoever is in range and nobody is asked who they are. Add --auth for tokens, or --allow-unauthenticated if that is meant.',
    );
  }
  const hosts = transports.map((each) => ('host' in each ? each.host : undefined) ?? common);
  const foreign = [common, ...hosts].find((each) => !isLoopback(each));
  if (foreign === undefined) return;
  throw new InputError(
    'unauthenticated-host',
    `${foreign === common ? '--host ' : 'host='}${foreign} lets other machines in and nobody is asked who they are. Add --auth for tokens, or --allow-unauthenticated if that is meant.`,
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
        ...tokenFlagOptions,
        'allow-unauthenticated': { type: 'boolean' },
        'ui-port': { type: 'string' },
        'ui-host': { type: 'string' },
        'ui-tls': { type: 'boolean' },
        'ui-later': { type: 'boolean' },
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

/** All names of this machine itself are one. */
function uiHost(written: string): string {
  const text = host(written, '--ui-host');
  return isLoopback(text) ? '127.0.0.1' : text;
}

/** An IPv6 address may stand in brackets, as in the URL that is printed. */
export function host(written: string, flag = '--host'): string {
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
