import type { NetworkCard } from '../contract/device.ts';
import type { ArtnetBridge, OscBridge, SacnBridge } from '../contract/show.ts';
import type { Bridge } from '../ports/bridge.ts';
import type { Clock } from '../ports/clock.ts';
import type { DmxDesk } from '../ports/dmx-desk.ts';
import type { Log } from '../ports/log.ts';
import type { Random } from '../ports/random.ts';
import type { ArtnetPorts } from './artnet/artnet-ports.ts';

/** What the engine gives to bridges; each takes what it needs. */
export interface BridgeNeeds {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** the network cards as they are now */
  readonly networkCards: () => readonly NetworkCard[];
  /** one for the whole engine */
  readonly artnetPorts: ArtnetPorts;
  /** what finishes levels of DMX before they leave, and is told what is heard; without it they leave as they were asked for */
  readonly desk?: DmxDesk | undefined;
}

interface SettingsByKind {
  readonly osc: OscBridge;
  readonly sacn: SacnBridge;
  readonly artnet: ArtnetBridge;
}

type Catalogue = {
  readonly [Kind in keyof SettingsByKind]: {
    /** Loads the bridge and its libraries, once a show uses it. */
    readonly load: () => Promise<new (settings: SettingsByKind[Kind], needs: BridgeNeeds) => Bridge>;
  };
};

/** Every kind of bridge there is. A new one is a line here, a schema in contract/show.ts and a folder beside this file. */
export const catalogue: Catalogue = {
  osc: { load: async () => (await import('./osc/osc-bridge.ts')).OscBridge },
  sacn: { load: async () => (await import('./sacn/sacn-bridge.ts')).SacnBridge },
  artnet: { load: async () => (await import('./artnet/artnet-bridge.ts')).ArtnetBridge },
};

/** Makes the bridge that a show describes; it is not started yet. */
export async function createBridge(
  settings: SettingsByKind[keyof SettingsByKind],
  needs: BridgeNeeds,
): Promise<Bridge> {
  switch (settings.kind) {
    case 'osc':
      return new (await catalogue.osc.load())(settings, needs);
    case 'sacn':
      return new (await catalogue.sacn.load())(settings, needs);
    case 'artnet':
      return new (await catalogue.artnet.load())(settings, needs);
    default:
      return settings satisfies never;
  }
}
