import type { ReturnPolicy } from '../../src-main/contract/bridges/bridge-head.ts';
import type { Bridge, BridgeKind, ClaspBridge, OscBridge, SacnBridge } from '../../src-main/contract/show.ts';
import { freeNumber } from '../engine/show-ids.ts';
import { commonPriority, rangesMeet, universeMax, writeUniverseRanges } from './universe-ranges.ts';

/** A bridge as it stands in the form: numbers and lists are the text the operator typed. */
export type BridgeDraft = OscDraft | SacnDraft | ClaspDraft;
type FieldsOf<D extends DraftCommon> = Partial<Omit<D, 'id' | 'number' | 'enabled' | 'onReturn' | 'kind' | 'cid'>>;
/** Fields that were typed in. */
export type DraftChange = FieldsOf<OscDraft> & FieldsOf<SacnDraft> & FieldsOf<ClaspDraft>;

interface DraftCommon {
  readonly id: string;
  readonly number: number;
  readonly enabled: boolean;
  readonly onReturn: ReturnPolicy;
  readonly name: string;
  readonly prefix: string;
}

export interface OscDraft extends DraftCommon {
  readonly kind: 'osc';
  readonly direction: OscBridge['settings']['direction'];
  readonly listenHost: string;
  readonly listenPort: string;
  readonly remoteHost: string;
  readonly remotePort: string;
  /** what the form does not show yet, as it is in the show */
  readonly kept: Partial<OscBridge['settings']>;
}

export interface SacnDraft extends DraftCommon {
  readonly kind: 'sacn';
  /** `1-4, 7@120` */
  readonly universes: string;
  /** of universes that name none, 0..200 */
  readonly priority: string;
  readonly mode: SacnBridge['settings']['mode'];
  /** hosts parted by commas or blanks */
  readonly unicastTo: string;
  readonly networkCard: string;
  readonly sourceName: string;
  readonly cid: string;
  /** UDP, at every receiver */
  readonly port: string;
  readonly floats: SacnBridge['settings']['floats'];
}

export interface ClaspDraft extends DraftCommon {
  readonly kind: 'clasp';
  readonly url: string;
  readonly direction: ClaspBridge['settings']['direction'];
  /** patterns parted by commas or blanks */
  readonly take: string;
  /** of a secret of the machine that runs Flyrail; empty for none */
  readonly secretName: string;
  /** of a file on that machine; empty for none */
  readonly caFile: string;
}

/** A new bridge that works as it is: the next number, and ports, prefixes and universes that no other bridge uses.
 *  @param newId makes a UUID; asked for the bridge's id and, for sACN, its component identifier */
export function newBridgeDraft(kind: BridgeKind, bridges: readonly Bridge[], newId: () => string): BridgeDraft {
  const common = {
    id: newId(),
    number: freeNumber(bridges),
    enabled: true,
    onReturn: 'resend',
    name: freeName(kind, bridges),
  } as const;
  switch (kind) {
    case 'osc':
      return {
        ...common,
        kind,
        direction: 'both',
        listenHost: '0.0.0.0',
        listenPort: String(freePort(bridges)),
        remoteHost: '127.0.0.1',
        remotePort: '9000',
        kept: {},
        prefix: firstFree('/osc', new Set(bridges.map((bridge) => bridge.settings.prefix))),
      };
    case 'sacn':
      return {
        ...common,
        kind,
        universes: String(freeUniverse(bridges)),
        priority: '100',
        mode: 'multicast',
        unicastTo: '',
        networkCard: '',
        sourceName: 'Flyrail',
        cid: newId(),
        port: '5568',
        // Universes keep the addresses apart already (/sacn/1/17), so outputs can share the prefix.
        prefix: '/sacn',
        floats: 'unit',
      };
    case 'clasp':
      return {
        ...common,
        kind,
        url: 'ws://127.0.0.1:7330/clasp',
        direction: 'both',
        take: '/**',
        secretName: '',
        caFile: '',
        prefix: firstFree('/router', new Set(bridges.map((bridge) => bridge.settings.prefix))),
      };
    default:
      return kind satisfies never;
  }
}

/** The form of a bridge that is in the show. */
export function draftOfBridge(bridge: Bridge): BridgeDraft {
  const { id, number, enabled, onReturn, name } = bridge;
  const common = { id, number, enabled, onReturn, name };
  switch (bridge.kind) {
    case 'osc': {
      const { direction, listenHost, listenPort, prefix, ...kept } = bridge.settings;
      const { host, port } = kept.targets[0] ?? { host: '127.0.0.1', port: 9000 };
      const remote = { remoteHost: host, remotePort: String(port) };
      return { ...common, kind: 'osc', direction, listenHost, listenPort: String(listenPort), ...remote, prefix, kept };
    }
    case 'sacn': {
      const { universes, unicastTo, port, ...rest } = bridge.settings;
      const priority = commonPriority(universes);
      const texts = {
        universes: writeUniverseRanges(universes, priority),
        priority: String(priority),
        port: String(port),
      };
      return { ...common, kind: 'sacn', ...rest, ...texts, unicastTo: unicastTo.join(', ') };
    }
    case 'clasp': {
      const { take, secretName, caFile, ...rest } = bridge.settings;
      const texts = { take: take.join(', '), secretName: secretName ?? '', caFile: caFile ?? '' };
      return { ...common, kind: 'clasp', ...rest, ...texts };
    }
    default:
      return bridge satisfies never;
  }
}

export function withChange(base: BridgeDraft, change: DraftChange | undefined): BridgeDraft {
  return { ...base, ...change };
}

/** A second bridge like this one, with its own number, name and identity. It starts switched off, since two that send
 *  or listen at the same place get in each other's way. */
export function duplicateBridge(bridge: Bridge, bridges: readonly Bridge[], newId: () => string): Bridge {
  const own = { id: newId(), number: freeNumber(bridges), name: freeName(bridge.name, bridges), enabled: false };
  if (bridge.kind !== 'sacn') return { ...bridge, ...own };
  return { ...bridge, ...own, settings: { ...bridge.settings, cid: newId() } };
}

function freePort(bridges: readonly Bridge[]): number {
  const taken = new Set(bridges.flatMap((bridge) => (bridge.kind === 'osc' ? [bridge.settings.listenPort] : [])));
  let port = 8000;
  while (taken.has(port)) port++;
  return port;
}

function freeUniverse(bridges: readonly Bridge[]): number {
  const taken = bridges.flatMap((bridge) => (bridge.kind === 'sacn' ? bridge.settings.universes : []));
  let universe = 1;
  while (universe < universeMax && taken.some((range) => rangesMeet(range, { first: universe, last: universe })))
    universe++;
  return universe;
}

function freeName(wanted: string, bridges: readonly Bridge[]): string {
  return firstFree(wanted.replace(/-\d+$/, ''), new Set(bridges.map((bridge) => bridge.name)));
}

/** `wanted`, else `wanted-2`, `wanted-3` … */
function firstFree(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  let count = 2;
  while (taken.has(`${wanted}-${count}`)) count++;
  return `${wanted}-${count}`;
}
