import { mergedRanges, rangeWords, sharedRanges, type UniverseRange } from './bridges/universe-ranges.ts';
import type { ArtnetBridge, Bridge, SacnBridge } from './show.ts';

/** Two bridges of one kind of DMX, both switched on, that send the same universes to the same network: receivers get two levels for
 *  each slot; or, where they take both for one source, now this one's, now the other's. */
export interface UniverseConflict {
  /** the later in the show's order: the one to repair */
  readonly bridgeId: string;
  readonly takenById: string;
  readonly takenByName: string;
  readonly kind: Sender['kind'];
  /** whether both have one component identifier, and receivers of sACN take them for one source */
  readonly sameCid: boolean;
  /** what both send, rising */
  readonly universes: readonly UniverseRange[];
}
type Sender = SacnBridge | ArtnetBridge;

/** @param bridges in the show's order
 *  @returns one conflict for each pair, in the order of the later bridges */
export function findUniverseConflicts(bridges: readonly Bridge[]): UniverseConflict[] {
  const senders = bridges
    .filter((bridge) => bridge.kind === 'sacn' || bridge.kind === 'artnet')
    .filter((bridge) => bridge.enabled)
    .map((bridge) => ({ bridge, ranges: mergedRanges(bridge.settings.universes) }));
  return senders.flatMap((later, i) =>
    senders.slice(0, i).flatMap(({ bridge, ranges }) => {
      const universes = meet(bridge, later.bridge) ? sharedRanges(ranges, later.ranges) : [];
      if (universes.length === 0) return [];
      const { kind } = bridge;
      const sameCid = cidOf(bridge) !== undefined && cidOf(bridge) === cidOf(later.bridge);
      return { bridgeId: later.bridge.id, takenById: bridge.id, takenByName: bridge.name, kind, sameCid, universes };
    }),
  );
}

/** For a status: `node-a sends universes 1–4 too. Receivers see both.` */
export function describeConflict({ takenByName, universes, kind, sameCid }: UniverseConflict): string {
  const outcome = kind === 'artnet' ? outcomes.machine : outcomes[sameCid ? 'one' : 'two'];
  return `${takenByName} sends ${rangeWords(universes, kind)} too. ${outcome}`;
}

/** [E1.31 6.7.2] Within one CID and universe a receiver discards packets whose sequence number does not go on. */
const outcomes = {
  two: 'Receivers see both.',
  one:
    'Both have the same component identifier (CID), so receivers drop packets of either. ' +
    'Delete this one and add it anew: it gets its own.',
  // Sources of Art-Net are known by their address, which is this machine's.
  machine: 'Nodes take both for one source and show now this one, now the other.',
} as const;

/** Whether what two bridges send can reach the same receivers. */
function meet(one: Sender, other: Sender): boolean {
  if (one.kind !== other.kind || one.settings.port !== other.settings.port) return false;
  const [hosts, otherHosts] = [hostsOf(one), hostsOf(other)];
  if (hosts && otherHosts) return hosts.some((host) => otherHosts.includes(host));
  return !areOtherCards(one.settings.networkCard, other.settings.networkCard);
}

/** @returns undefined for one that does not send to named hosts */
function hostsOf({ kind, settings }: Sender): readonly string[] | undefined {
  if (kind === 'artnet') return settings.send === 'hosts' ? settings.hosts : undefined;
  return settings.mode === 'unicast' ? settings.unicastTo : undefined;
}

/** A name and an address may be one card's; without a choice it may be any. */
function areOtherCards(one: string, other: string): boolean {
  const isAddress = (card: string): boolean => /^[\d.]+$/.test(card);
  return one !== '' && other !== '' && one !== other && isAddress(one) === isAddress(other);
}

function cidOf(bridge: Sender): string | undefined {
  return bridge.kind === 'sacn' ? bridge.settings.cid.toLowerCase() : undefined;
}
