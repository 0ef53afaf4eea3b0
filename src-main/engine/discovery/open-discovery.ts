import { hostname } from 'node:os';
import type { DiscoveryMode, FoundState } from '../../contract/discovery.ts';
import type { EditReceipt } from '../../contract/engine-api.ts';
import { InputError } from '../../contract/errors.ts';
import type { EditRequest } from '../../contract/show-edit.ts';
import type { Bridge } from '../../contract/show.ts';
import type { ArtnetPorts } from '../../bridges/artnet/artnet-ports.ts';
import { artnetPort } from '../../core/dmx/artnet/artnet-head.ts';
import { bridgeFor } from '../../core/discovery/found-offer.ts';
import { listLanCards } from '../../platform/lan-cards.ts';
import { openMdnsPort } from '../../platform/mdns.ts';
import { UdpSocket } from '../../platform/udp-socket.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EngineSettingsStore } from '../../ports/engine-settings.ts';
import type { Random } from '../../ports/random.ts';
import type { DiscoveryFigures } from '../discovery-families.ts';
import type { EventHub } from '../event-hub.ts';
import { Discovery, type DiscoveryOptions } from './discovery.ts';

/** What is open to the network, as this machine has it. */
export const lanAccess = {
  listCards: () => listLanCards(),
  openSocket: (options: Parameters<typeof UdpSocket.open>[0]) => UdpSocket.open(options),
  openMdns: openMdnsPort,
};

export interface DiscoveryWishes {
  /** for this run, whatever was chosen before; undefined: as chosen */
  readonly discovery: DiscoveryMode | undefined;
  /** where nobody chose */
  readonly discoveryDefault: DiscoveryMode;
}

interface Around extends DiscoveryWishes {
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: EngineSettingsStore;
  readonly show: {
    readonly document: { readonly bridges: readonly Bridge[] };
    edit(edit: EditRequest): Promise<EditReceipt>;
  };
  /** hears 'found' */
  readonly hub: Pick<EventHub, 'emit'>;
  /** where CLASP clients come in by WebSocket: the host as it was asked for, and the URL it has */
  readonly door: { readonly host: string; readonly url: string };
  /** those of the bridges; nodes answer to the port that they have open */
  readonly artnetPorts?: ArtnetPorts;
  /** for tests; the machine's own otherwise */
  readonly lan?: Pick<DiscoveryOptions, keyof typeof lanAccess>;
}

/** Discovery as pages command it. */
export interface EngineDiscovery {
  state(): FoundState;
  figures(): DiscoveryFigures;
  /** Remembered for the next start.
   *  @throws UnavailableError 'cannot-write-file'; then nothing changed */
  setMode(mode: DiscoveryMode): Promise<void>;
  look(): void;
  /** Adds the bridge that a thing offers to the show, as an edit.
   *  @throws InputError 'unknown-id' | 'bad-arguments' */
  connect(key: string): Promise<EditReceipt>;
  stop(): Promise<void>;
}

/** Begins at once in the mode that holds. */
export function openDiscovery(around: Around): EngineDiscovery {
  const { clock, random, settings, show, hub, door, artnetPorts, lan = lanAccess } = around;
  const isOwnCid = (cid: string): boolean =>
    show.document.bridges.some((bridge) => bridge.kind === 'sacn' && bridge.settings.cid.toLowerCase() === cid);
  const discovery = new Discovery({
    ...lan,
    shareArtnet: (onReply) => artnetPorts?.tap(artnetPort, onReply),
    clock,
    random,
    isOwnCid,
    share: { door: { host: door.host, port: Number(new URL(door.url).port) }, machine: hostname() },
    onChange: (change) => hub.emit('found', change),
  });
  void discovery.setMode(around.discovery ?? settings.current().discovery ?? around.discoveryDefault);
  return {
    state: () => discovery.state(),
    figures: () => discovery.figures(),
    setMode: async (mode) => {
      await settings.update({ discovery: mode });
      await discovery.setMode(mode);
    },
    look: () => discovery.look(),
    connect: async (key) => {
      const thing = discovery.get(key);
      if (!thing)
        throw new InputError('unknown-id', 'It is not on the network any more. Nothing was changed.', { key });
      const item = bridgeFor(thing, show.document.bridges, () => random.uuid());
      if (!item)
        throw new InputError(
          'bad-arguments',
          thing.offer.does === 'nothing' ? thing.offer.why : 'It opens in a browser.',
        );
      return show.edit({ label: `add ${item.name}`, steps: [{ do: 'put', list: 'bridges', item }] });
    },
    stop: () => discovery.stop(),
  };
}
