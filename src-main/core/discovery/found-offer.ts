import type { FoundOffer, FoundThing } from '../../contract/discovery.ts';
import { oscBridgeSchema } from '../../contract/bridges/osc.ts';
import { artnetBridgeSchema } from '../../contract/bridges/artnet.ts';
import { mqttBridgeSchema } from '../../contract/bridges/mqtt.ts';
import { portAddressMax } from '../../contract/bridges/port-address.ts';
import { sacnBridgeSchema } from '../../contract/bridges/sacn.ts';
import type { Bridge } from '../../contract/show.ts';

/** Ranges of universes that one bridge holds. */
const rangesMax = 64;
const universeMax = 63_999;
const receivedMax = 1024;

/** What a click on a thing does. */
export function offerFor({ kind, addresses, port, url, universes }: Omit<FoundThing, 'offer'>): FoundOffer {
  switch (kind) {
    case 'osc':
      if (addresses.length === 0 || port === null) return nothing('It does not say where it listens.');
      return { does: 'add-bridge', bridge: 'osc', note: null };
    case 'sacn':
      if (universes.length === 0) return nothing('It sends no universe now.');
      return {
        does: 'add-bridge',
        bridge: 'sacn',
        note: 'What it sends appears under an address of its own.',
      };
    case 'http':
      return url === null ? nothing('It does not say where its page is.') : { does: 'open' };
    case 'clasp':
      if (url === null) return nothing('It does not say where it is dialled.');
      return { does: 'add-bridge', bridge: 'clasp', note: 'What is set there appears here under its name, and back.' };
    case 'artnet':
      if (universes.length === 0) return nothing('It puts out no port address now.');
      return {
        does: 'add-bridge',
        bridge: 'artnet',
        note: 'The port addresses that it puts out are sent to it from their first values on.',
      };
    case 'mqtt':
      if (url === null) return nothing('It does not say where it is dialled.');
      return {
        does: 'add-bridge',
        bridge: 'mqtt',
        note: 'All its topics appear here under an address of their own, and back.',
      };
    default:
      return kind satisfies never;
  }
}

/** The bridge that a thing offers, to be added to the show: the next number, and a name, port and prefix that no other bridge
 *  has.
 *  @param newId makes a UUID
 *  @returns undefined where the offer is another one */
export function bridgeFor(thing: FoundThing, bridges: readonly Bridge[], newId: () => string): Bridge | undefined {
  if (thing.offer.does !== 'add-bridge') return undefined;
  const number = bridges.reduce((highest, bridge) => Math.max(highest, bridge.number), 0) + 1;
  const name = firstFree(thing.name, new Set(bridges.map((bridge) => bridge.name)));
  const common = { onReturn: 'resend' as const, id: newId(), number, name };
  const prefixes = new Set(bridges.map(({ settings }) => settings.prefix));
  if (thing.offer.bridge === 'osc') {
    const [host = ''] = thing.addresses;
    const settings = {
      listenPort: freePort(bridges),
      targets: [{ host, port: thing.port ?? 0 }],
      prefix: firstFree('/osc', prefixes),
    };
    return oscBridgeSchema.parse({ ...common, kind: 'osc', settings });
  }
  if (thing.offer.bridge === 'clasp') {
    const prefix = firstFree(`/${addressPart(thing.name)}`, prefixes);
    const url = thing.url ?? '';
    const settings = {
      url,
      prefix,
      direction: 'both' as const,
      take: ['/**'],
      networkCard: '',
      secretName: null,
      caFile: null,
    };
    return { ...common, enabled: true, kind: 'clasp', settings };
  }
  if (thing.offer.bridge === 'mqtt') {
    const settings = { url: thing.url, prefix: firstFree('/mqtt', prefixes) };
    return mqttBridgeSchema.parse({ ...common, kind: 'mqtt', settings });
  }
  if (thing.offer.bridge === 'artnet') {
    // Port addresses keep the addresses apart already, so outputs can share the prefix.
    const settings = { universes: rangesOf(thing.universes, { least: 0, most: portAddressMax }) };
    return artnetBridgeSchema.parse({ ...common, kind: 'artnet', settings });
  }
  const sacn = {
    receive: rangesOf(thing.universes, { least: 1, most: universeMax }),
    cid: newId(),
    prefix: firstFree('/sacn', prefixes),
  };
  return sacnBridgeSchema.parse({ ...common, kind: 'sacn', settings: sacn });
}

function nothing(why: string): FoundOffer {
  return { does: 'nothing', why };
}

/** @param universes ascending; beyond 64 ranges, or as many universes as a bridge receives, they are left out */
function rangesOf(
  universes: readonly number[],
  { least, most }: { readonly least: number; readonly most: number },
): { first: number; last: number }[] {
  const ranges: { first: number; last: number }[] = [];
  for (const universe of universes.filter((each) => each >= least && each <= most).slice(0, receivedMax)) {
    const range = ranges.at(-1);
    if (range && universe === range.last + 1) range.last = universe;
    else ranges.push({ first: universe, last: universe });
  }
  return ranges.slice(0, rangesMax);
}

function freePort(bridges: readonly Bridge[]): number {
  const taken = new Set(bridges.flatMap((bridge) => (bridge.kind === 'osc' ? [bridge.settings.listenPort] : [])));
  let port = 8000;
  while (taken.has(port)) port++;
  return port;
}

/** A name as one part of an address: what cannot stand there becomes a dash. */
function addressPart(name: string): string {
  const part = name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 40);
  return part === '' ? 'router' : part;
}

/** `wanted`, else `wanted-2`, `wanted-3` … */
function firstFree(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  let count = 2;
  while (taken.has(`${wanted}-${count}`)) count++;
  return `${wanted}-${count}`;
}
