import type { Bridge } from './bridge.ts';
import type { UniverseSpan } from './universe-spans.ts';

/** The universes, or port addresses, that a bridge of lamps sends and receives. */
export interface LampUniverses {
  readonly sent: readonly UniverseSpan[];
  readonly received: readonly UniverseSpan[];
}

/** @returns undefined for bridges without universes */
export function universesOf(bridge: Bridge): LampUniverses | undefined {
  switch (bridge.kind) {
    case 'sacn':
    case 'artnet':
      return { sent: bridge.settings.universes, received: bridge.settings.receive };
    case 'dmx-usb': {
      const { direction, universe, secondUniverse } = bridge.settings;
      const lines = [universe, ...(secondUniverse === null ? [] : [secondUniverse])].map((each) => ({
        first: each,
        last: each,
      }));
      return direction === 'out' ? { sent: lines, received: [] } : { sent: [], received: lines };
    }
    default:
      return undefined;
  }
}
