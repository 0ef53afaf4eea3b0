import type { FoundKind } from '../../contract/discovery.ts';
import type { Millis } from '../../contract/units.ts';
import type { DnsQuestion, DnsRecord } from '../../ports/mdns.ts';
import { isHostAddress } from './lan-address.ts';
import { placeIdentity, type Sighting } from './sighting.ts';
import { readClaspTxt, readTxt } from './txt-record.ts';

/** The services that are looked for, by their names on the network. [RFC 6763 4.1] */
export const serviceTypes = {
  '_clasp._tcp.local': 'clasp',
  '_osc._udp.local': 'osc',
  '_http._tcp.local': 'http',
  '_mqtt._tcp.local': 'mqtt',
} as const satisfies Record<string, FoundKind>;
type ServiceKind = (typeof serviceTypes)[keyof typeof serviceTypes];

export const mdnsQuestions: readonly DnsQuestion[] = Object.keys(serviceTypes).map((name) => ({ name, type: 'PTR' }));

/** Services of one packet that are read; a real one has a few. */
const instancesMax = 64;

/** Who sent a packet, and which card's network they are on. */
export interface MdnsSender {
  readonly address: string;
  readonly networkCard: string | null;
}

export interface MdnsNews {
  readonly sightings: readonly Sighting[];
  /** identities of what says goodbye */
  readonly goodbyes: readonly string[];
  /** services of which only the name was told: asked for the rest */
  readonly unknown: readonly DnsQuestion[];
}

/** Reads what the records of one packet say of services. Each packet stands for itself: what it leaves out is asked for, and
 *  without an address the sender's own counts.
 *  @param ownHost the host that this program goes by itself; what is there is left out */
export function readMdnsServices(records: readonly DnsRecord[], sender: MdnsSender, ownHost: string): MdnsNews {
  const instances = instancesIn(records);
  const sightings: Sighting[] = [];
  const goodbyes: string[] = [];
  const unknown: DnsQuestion[] = [];
  for (const instance of instances.values()) {
    if (instance.isLeaving) goodbyes.push(identityOf(instance.name));
    else if (!instance.srv) unknown.push({ name: instance.name, type: 'SRV' }, { name: instance.name, type: 'TXT' });
    else if (!sameName(instance.srv.data.target, ownHost))
      sightings.push(sightingOf({ ...instance, srv: instance.srv }, records, sender));
  }
  return { sightings, goodbyes, unknown };
}

type RecordOf<T extends DnsRecord['type']> = Extract<DnsRecord, { type: T }>;

interface Instance {
  /** whole: `Desk._clasp._tcp.local` */
  readonly name: string;
  readonly type: keyof typeof serviceTypes;
  srv: RecordOf<'SRV'> | undefined;
  txt: RecordOf<'TXT'> | undefined;
  ttl: number;
  isLeaving: boolean;
}

function instancesIn(records: readonly DnsRecord[]): ReadonlyMap<string, Instance> {
  const instances = new Map<string, Instance>();
  for (const record of records) {
    if (record.type !== 'PTR' && record.type !== 'SRV' && record.type !== 'TXT') continue;
    const name = record.type === 'PTR' ? record.data : record.name;
    const type = typeOf(name);
    // A pointer from elsewhere, as from a subtype or the list of types, says the same or nothing.
    if (type === undefined || (record.type === 'PTR' && !sameName(record.name, type))) continue;
    const known = instances.get(name.toLowerCase());
    if (!known && instances.size >= instancesMax) break;
    const instance = known ?? { name, type, srv: undefined, txt: undefined, ttl: record.ttl, isLeaving: false };
    instances.set(name.toLowerCase(), instance);
    instance.ttl = Math.min(instance.ttl, record.ttl);
    if (record.type === 'SRV') instance.srv = record;
    if (record.type === 'TXT') instance.txt = record;
    else if (record.ttl === 0) instance.isLeaving = true;
  }
  return instances;
}

function sightingOf(
  instance: Instance & { readonly srv: RecordOf<'SRV'> },
  records: readonly DnsRecord[],
  { address: sender, networkCard }: MdnsSender,
): Sighting {
  const { name, type, srv } = instance;
  const kind: ServiceKind = serviceTypes[type];
  const txt = instance.txt && readTxt(instance.txt.data);
  const told = records
    .filter((record) => sameName(record.name, srv.data.target) && record.ttl > 0)
    .flatMap((record) => (record.type === 'A' || record.type === 'AAAA' ? [record.data] : []))
    .filter(isHostAddress);
  // Where its packets come from is on this network for sure.
  const addresses = [...new Set(told.length === 0 || told.includes(sender) ? [sender, ...told] : told)];
  const clasp = kind === 'clasp' && txt ? readClaspTxt(txt) : undefined;
  const port = clasp?.ws ?? srv.data.port;
  const [first = sender] = addresses;
  // Only routers are found in other ways too; one web server may well have several pages with a name each. Where others
  // are is not for the sender to say.
  const places = kind === 'clasp' && addresses.includes(sender) ? [placeIdentity(kind, sender, port)] : [];
  return {
    kind,
    way: 'mdns',
    from: sender,
    networkCard,
    identities: [identityOf(name), ...places],
    name: instanceName(name, type),
    addresses,
    port,
    url: urlOf({ kind, host: first, port, path: txt?.get('path') }),
    features: clasp?.features,
    holds: (Math.max(1, instance.ttl) * 1000) as Millis,
  };
}

/** Where a service is dialled or opened.
 *  @param path as its TXT record says; what is no plain path is left out */
function urlOf({
  kind,
  host,
  port,
  path = '',
}: {
  kind: ServiceKind;
  host: string;
  port: number;
  path?: string | undefined;
}): string {
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  switch (kind) {
    case 'clasp':
      return `ws://${place}/clasp`;
    case 'osc':
      return `udp://${place}`;
    case 'mqtt':
      return `mqtt://${place}`;
    case 'http':
      return `http://${place}${/^\/?[\w.~%/-]{1,200}$/.test(path) ? `/${path.replace(/^\/+/, '')}` : '/'}`;
    default:
      return kind satisfies never;
  }
}

function identityOf(name: string): string {
  return `mdns ${name.toLowerCase()}`;
}

/** The part that people gave it; it may have dots. */
function instanceName(name: string, type: string): string {
  return name.slice(0, -type.length - 1);
}

function typeOf(name: string): keyof typeof serviceTypes | undefined {
  const lower = name.toLowerCase();
  const types = Object.keys(serviceTypes) as (keyof typeof serviceTypes)[];
  return types.find((type) => lower.endsWith(`.${type}`) && lower.length > type.length + 1);
}

/** DNS does not tell capitals from small letters. */
export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
