import { isIP } from 'node:net';
import { tryAddress } from '../contract/address.ts';
import {
  doorKinds,
  doorSettingsSchema,
  groupsMax,
  originsMax,
  webServices,
  type DoorKind,
  type DoorSettings,
} from '../contract/door.ts';
import { InputError } from '../contract/errors.ts';
import { formatScope, parseScope, scopesMax } from '../contract/scope.ts';
import { serialDoor, serialOptions } from './serial-flag.ts';

/** The options of each kind, beside its port or role. */
const optionsOf = {
  tcp: ['host', 'scope'],
  tls: ['host', 'cert', 'key', 'scope'],
  wss: ['host', 'cert', 'key', 'scope'],
  udp: ['host', 'group', 'mtu', 'scope'],
  quic: ['host', 'cert', 'key', 'scope'],
  webrtc: ['host', 'scope'],
  serial: [...serialOptions, 'scope'],
  ble: ['name', 'hci', 'scope'],
  mqtt: ['host', 'prefix', 'plain', 'scope'],
  mqtts: ['host', 'cert', 'key', 'prefix', 'plain', 'scope'],
  http: ['host', 'prefix', 'plain', 'origin', 'service', 'scope'],
  https: ['host', 'cert', 'key', 'prefix', 'plain', 'origin', 'service', 'scope'],
} as const satisfies Record<DoorKind, readonly string[]>;

/** Options that may stand there more than once. */
const repeated: ReadonlySet<string> = new Set(['group', 'scope', 'origin', 'service']);

/** `NAME=PORT[,option=value…]`, such as `tcp=7332` `udp=7333,host=0.0.0.0,group=239.5.0.1,mtu=1400` or
 *  `serial=/dev/ttyUSB0,baud=115200`; of Bluetooth `ble=central` or `ble=peripheral,name=Desk,hci=1`.
 *  @throws InputError 'bad-flag', one sentence that says what was expected */
export function parseTransportFlag(text: string): DoorSettings {
  const [first = '', ...rest] = text.split(',');
  const [name, place] = pairOf(text, first);
  const kind = doorKinds.find((each) => each === name);
  if (!kind) throw fault(text, `expected one of ${doorKinds.join(', ')} before the =`);
  const known: readonly string[] = optionsOf[kind];
  const options = new Map<string, string[]>();
  for (const part of rest) {
    const [option, value] = pairOf(text, part);
    if (!known.includes(option))
      throw fault(text, `${kind} has the options ${known.join(', ')}, not ${option || '""'}`);
    const values = options.get(option) ?? [];
    if (values.length > 0 && !repeated.has(option)) throw fault(text, `${option} stands there twice`);
    options.set(option, [...values, value]);
  }
  const scopes = scopesOf(text, options);
  options.delete('scope');
  return { ...settingsOf(kind, { text, place, options }), ...(scopes && { scopes }) };
}

/** A flag taken apart. */
interface FlagParts {
  readonly text: string;
  readonly place: string;
  readonly options: Map<string, string[]>;
}

function settingsOf(kind: DoorKind, { text, place, options }: FlagParts): DoorSettings {
  if (kind === 'serial') {
    return serialDoor(place, options, (expected) => {
      throw fault(text, expected);
    });
  }
  if (kind === 'ble') return bleDoor(text, place, options);
  const [host] = options.get('host') ?? [];
  const base = { port: port(text, place), ...(host !== undefined && { host: hostName(text, host) }) };
  if (kind === 'tcp' || kind === 'webrtc') return { kind, ...base };
  if (kind === 'mqtt') return { kind, ...base, ...topicsOf(text, options) };
  if (kind === 'mqtts') return { kind, ...base, ...topicsOf(text, options), ...identityOf(text, options) };
  if (kind === 'http') return { kind, ...base, ...webOf(text, options) };
  if (kind === 'https') return { kind, ...base, ...webOf(text, options), ...identityOf(text, options) };
  if (kind !== 'udp') return { kind, ...base, ...identityOf(text, options) };
  const groups = options.get('group')?.map((group) => groupAddress(text, group));
  if (groups && groups.length > groupsMax) throw fault(text, `group: expected at most ${groupsMax} of them`);
  const [mtu] = options.get('mtu') ?? [];
  return { kind, ...base, ...(groups && { groups }), ...(mtu !== undefined && { mtu: mtuOf(text, mtu) }) };
}

function bleDoor(text: string, role: string, options: ReadonlyMap<string, readonly string[]>): DoorSettings {
  if (role !== 'central' && role !== 'peripheral') throw fault(text, 'expected ble=central or ble=peripheral');
  const [[name], [hci]] = [options.get('name') ?? [], options.get('hci') ?? []];
  if (hci !== undefined && !/^\d{1,2}$/.test(hci)) throw fault(text, 'hci: expected the number of an adapter, 0 to 15');
  const settings = {
    kind: 'ble',
    role,
    ...(name !== undefined && { name }),
    ...(hci !== undefined && { hci: Number(hci) }),
  };
  const { success, data } = doorSettingsSchema.safeParse(settings);
  if (!success) throw fault(text, 'expected a name of at most 64 characters, and hci 0 to 15');
  return data;
}

/** How topics become addresses. */
function topicsOf(
  text: string,
  options: ReadonlyMap<string, readonly string[]>,
): { prefix?: string; plain?: 'param' | 'event' } {
  const [plain] = options.get('plain') ?? [];
  if (plain !== undefined && plain !== 'param' && plain !== 'event')
    throw fault(text, 'plain: expected param or event');
  return { ...prefixOf(text, options), ...(plain !== undefined && { plain }) };
}

function prefixOf(text: string, options: ReadonlyMap<string, readonly string[]>): { prefix?: string } {
  const [prefix] = options.get('prefix') ?? [];
  if (prefix === undefined) return {};
  if (tryAddress(prefix) === undefined || prefix.endsWith('/') || prefix.length > 512)
    throw fault(text, 'prefix: expected an address such as /stage');
  return { prefix };
}

type WebDoorSettings = Extract<DoorSettings, { kind: 'http' }>;

/** Who comes by the web, and what is spoken with them. */
function webOf(
  text: string,
  options: ReadonlyMap<string, readonly string[]>,
): Pick<WebDoorSettings, 'prefix' | 'plain' | 'origins' | 'services'> {
  const [origins, services] = [options.get('origin'), options.get('service')];
  const { success, data, error } = doorSettingsSchema.safeParse({ kind: 'http', port: 0, origins, services });
  if (success && data.kind === 'http') {
    const { origins: pages, services: spoken } = data;
    return { ...topicsOf(text, options), ...(pages && { origins: pages }), ...(spoken && { services: spoken }) };
  }
  if (error?.issues[0]?.path[0] === 'origins')
    throw fault(text, `origin: expected up to ${originsMax} such as https://show.example.org, or *`);
  throw fault(text, `service: expected ${webServices.join(', ')}, each once`);
}

/** What whoever comes by this way may do. */
function scopesOf(text: string, options: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const written = options.get('scope');
  if (!written) return undefined;
  if (written.length > scopesMax) throw fault(text, `scope: expected at most ${scopesMax} of them`);
  try {
    return written.map((each) => formatScope(parseScope(each)));
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    throw fault(text, `scope: ${cause.message.replace(/\.$/, '')}`);
  }
}

/** Both or none. */
function identityOf(text: string, options: ReadonlyMap<string, readonly string[]>): { cert?: string; key?: string } {
  const [[cert], [key]] = [options.get('cert') ?? [], options.get('key') ?? []];
  if ((cert === undefined) !== (key === undefined)) throw fault(text, 'cert and key: expected both or none');
  return cert === undefined || key === undefined ? {} : { cert, key };
}

function pairOf(text: string, part: string): [name: string, value: string] {
  const at = part.indexOf('=');
  if (at < 1 || at === part.length - 1) throw fault(text, 'expected NAME=PORT[,option=value…]');
  return [part.slice(0, at), part.slice(at + 1)];
}

function port(text: string, written: string): number {
  const number = /^\d{1,5}$/.test(written) ? Number(written) : Number.NaN;
  if (!(number <= 65_535)) throw fault(text, 'expected a port from 1 to 65535, or 0 for a free one');
  return number;
}

/** An IPv6 address may stand in brackets, as in the URL that is printed. */
function hostName(text: string, written: string): string {
  const host = written.replace(/^\[(.*)\]$/, '$1');
  const isKnown = isIP(host) !== 0 || /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(host);
  if (!isKnown) throw fault(text, 'host: expected an address or a host name');
  return host;
}

function groupAddress(text: string, written: string): string {
  const isGroup = isIP(written) === 4 ? /^2(2[4-9]|3\d)\./.test(written) : isIP(written) === 6 && /^ff/i.test(written);
  if (!isGroup) throw fault(text, 'group: expected a multicast address, such as 239.5.0.1');
  return written;
}

function mtuOf(text: string, written: string): number {
  const { success, data } = doorSettingsSchema.safeParse({ kind: 'udp', port: 0, mtu: Number(written) });
  if (!success || data.kind !== 'udp' || data.mtu === undefined || !/^\d+$/.test(written))
    throw fault(text, 'mtu: expected 576 to 65535 bytes');
  return data.mtu;
}

function fault(text: string, expected: string): InputError {
  return new InputError('bad-flag', `--transport ${text || '""'}: ${expected}.`);
}
