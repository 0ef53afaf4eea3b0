import { portAddressMax } from '../contract/bridges/port-address.ts';
import { tryLongForm } from '../core/dmx/artnet/port-address.ts';
import { slotsPerUniverse } from '../core/dmx/dmx-address.ts';
import { universesOf } from '../contract/bridges/universes-of.ts';
import { isWithin } from '../contract/bridges/universe-spans.ts';
import type { Bridge } from '../contract/show.ts';

/** The name a bridge publishes under in the router. */
export function localNameOf(bridgeId: string): string {
  return `bridge:${bridgeId}`;
}

/** The bridge that publishes under this name, if it is one. */
export function bridgeNamed(bridges: readonly Bridge[], localName: string): Bridge | undefined {
  return bridges.find(({ id }) => localNameOf(id) === localName);
}

/** The bridge an address belongs to: of several the one with the longest prefix, of equal ones one that sends or
 *  receives its universe, of those the first enabled. */
export function bridgeFor(bridges: readonly Bridge[], address: string): Bridge | undefined {
  let best: Bridge | undefined;
  for (const bridge of bridges) {
    const { prefix } = bridge.settings;
    if (address !== prefix && !address.startsWith(`${prefix}/`)) continue;
    if (!best || isBetter(bridge, best, address)) best = bridge;
  }
  return best;
}

/** The universe that an address of this bridge names and it does not send; undefined when it is sent, when the address
 *  names none by number, and for bridges without universes. */
export function universeMissing(bridge: Bridge, address: string): number | undefined {
  const lamps = universesOf(bridge);
  if (!lamps) return undefined;
  const { prefix } = bridge.settings;
  const short = bridge.kind === 'artnet' ? (tryLongForm(prefix, address) ?? address) : address;
  const text = short.slice(prefix.length + 1).split('/')[0] ?? '';
  if (!/^\d+$/.test(text)) return undefined;
  const universe = Number(text);
  return isWithin(lamps.sent, universe) ? undefined : universe;
}

/** Why a bridge of lamps cannot send this target, as far as its literal parts tell; undefined when nothing speaks against it.
 *  @param address an address, or a template in which {1} stands for anything */
export function slotFault(bridge: Bridge, address: string): string | undefined {
  if (bridge.kind !== 'sacn' && bridge.kind !== 'artnet' && bridge.kind !== 'dmx-usb') return undefined;
  const words = bridge.kind === 'artnet' ? portAddressWords : universeWords;
  const short = tryLongForm(bridge.settings.prefix, address);
  if (bridge.kind === 'artnet' && short !== undefined) return slotFault(bridge, short);
  const parts = address.slice(bridge.settings.prefix.length + 1).split('/');
  const isOpen = (part: string | undefined): boolean => part?.includes('{') ?? false;
  const [universe = '', slot = ''] = parts;
  if (parts.length !== 2 && !parts.some(isOpen))
    return `a lamp's address is ${bridge.settings.prefix}/${words.one}/slot`;
  if (!isOpen(universe)) {
    if (!isWhole(universe, words.most) && universe !== String(words.least))
      return `${words.many} are ${words.least} to ${words.most}, not ${universe}`;
    if (universeMissing(bridge, address) !== undefined) return `${bridge.name} does not send ${words.one} ${universe}`;
  }
  if (isOpen(slot) || parts.length !== 2) return undefined;
  if (!isWhole(slot, slotsPerUniverse)) return `a universe has slots 1 to ${slotsPerUniverse}, not ${slot}`;
  // A line of DMX may be set to shorter frames.
  const slots = bridge.kind === 'dmx-usb' ? bridge.settings.slots : slotsPerUniverse;
  return Number(slot) > slots ? `${bridge.name} sends slots 1 to ${slots}, not ${slot}` : undefined;
}

const universeWords = { one: 'universe', many: 'universes', least: 1, most: 63_999 } as const;
const portAddressWords = { one: 'port address', many: 'port addresses', least: 0, most: portAddressMax } as const;

function isWhole(text: string, max: number): boolean {
  return /^[1-9]\d*$/.test(text) && Number(text) <= max;
}

function hasUniverse(bridge: Bridge, address: string): boolean {
  const universe = universeMissing(bridge, address);
  return universe === undefined || isWithin(universesOf(bridge)?.received ?? [], universe);
}

function isBetter(bridge: Bridge, best: Bridge, address: string): boolean {
  const longer = bridge.settings.prefix.length - best.settings.prefix.length;
  if (longer !== 0) return longer > 0;
  const has = hasUniverse(bridge, address);
  if (has !== hasUniverse(best, address)) return has;
  return bridge.enabled && !best.enabled;
}
