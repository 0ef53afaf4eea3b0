import { mergedRanges, rangeWords, sharedRanges, type UniverseRange } from './bridges/universe-ranges.ts';
import { isLoopback } from './loopback.ts';
import type { ArtnetBridge, Bridge, SacnBridge } from './show.ts';

/** Two bridges of one kind of DMX, both switched on, with one prefix: one receives what the other sends, so what comes in leaves
 *  again where it came from. */
export interface UniverseLoop {
  /** the later in the show's order: the one to repair */
  readonly bridgeId: string;
  readonly otherId: string;
  readonly otherName: string;
  /** what the other one does */
  readonly other: 'sends' | 'receives';
  readonly kind: 'sacn' | 'artnet';
  readonly prefix: string;
  /** rising */
  readonly universes: readonly UniverseRange[];
}
type Member = SacnBridge | ArtnetBridge;

/** @param bridges in the show's order
 *  @param ownAddresses IP addresses of this machine's network cards; its loopback is known
 *  @returns one for each pair and way, in the order of the later bridges */
export function findUniverseLoops(bridges: readonly Bridge[], ownAddresses: readonly string[] = []): UniverseLoop[] {
  const members = bridges
    .filter((bridge) => bridge.kind === 'sacn' || bridge.kind === 'artnet')
    .filter(({ enabled }) => enabled);
  return members.flatMap((later, i) =>
    members.slice(0, i).flatMap((earlier): UniverseLoop[] => {
      const about = { bridgeId: later.id, otherId: earlier.id, otherName: earlier.name, kind: later.kind };
      const ways = [
        { other: 'sends', universes: goesRound(earlier, later, ownAddresses) },
        { other: 'receives', universes: goesRound(later, earlier, ownAddresses) },
      ] as const;
      return ways
        .filter(({ universes }) => universes.length > 0)
        .map((way) => ({ ...about, ...way, prefix: prefixOf(later) }));
    }),
  );
}

/** For a status: `node-a sends universe 1 under /sacn too: what is received …`. */
export function describeUniverseLoop({ otherName, other, universes, kind, prefix }: UniverseLoop): string {
  return `${otherName} ${other} ${rangeWords(universes, kind)} under ${prefix} too: ${outcomes[kind]} ${repair}`;
}

const repair = 'Give one of them another prefix.';
const outcomes = {
  sacn: 'what comes in goes out and comes in again, and no level gets down.',
  // An Art-Net port does not hear what its own machine sends of its own port addresses.
  artnet: 'what comes in goes out again, and nodes get it twice.',
} as const;

/** What `sender` takes from the address where `receiver` puts what it hears of it. */
function goesRound(sender: Member, receiver: Member, ownAddresses: readonly string[]): UniverseRange[] {
  if (prefixOf(sender) !== prefixOf(receiver) || !isHeard(sender, receiver)) return [];
  if (!isSentHere(sender, ownAddresses)) return [];
  return sharedRanges(mergedRanges(sender.settings.universes), mergedRanges(receiver.settings.receive));
}

/** By the settings alone, whether the one listens to packets of the other. */
function isHeard({ settings: sent, kind }: Member, { settings: heard, kind: other }: Member): boolean {
  if (kind !== other || sent.port !== heard.port) return false;
  if (!('cid' in sent) || !('cid' in heard)) return isOneCard(sent, heard);
  // Packets of the own component identifier are passed over.
  if (sent.cid.toLowerCase() === heard.cid.toLowerCase() || (sent.preview && !heard.takesPreview)) return false;
  return sent.mode === 'unicast' || isOneCard(sent, heard);
}

/** Whether what is sent to named hosts comes to this machine. */
function isSentHere({ settings }: Member, ownAddresses: readonly string[]): boolean {
  if (!('cid' in settings) || settings.mode === 'multicast') return true;
  return settings.unicastTo.some((host) => isLoopback(host) || ownAddresses.includes(host));
}

function isOneCard(one: Member['settings'], other: Member['settings']): boolean {
  return one.networkCard === other.networkCard || one.networkCard === '' || other.networkCard === '';
}

function prefixOf({ settings }: Member): string {
  return settings.prefix.replace(/\/+$/, '');
}
