import type { Bridge } from '../contract/show.ts';

/** The name a bridge publishes under in the router. */
export function localNameOf(bridgeId: string): string {
  return `bridge:${bridgeId}`;
}

/** The bridge that publishes under this name, if it is one. */
export function bridgeNamed(bridges: readonly Bridge[], localName: string): Bridge | undefined {
  return bridges.find(({ id }) => localNameOf(id) === localName);
}

/** The bridge an address belongs to: of several the one with the longest prefix, of equal ones the first enabled. */
export function bridgeFor(bridges: readonly Bridge[], address: string): Bridge | undefined {
  let best: Bridge | undefined;
  for (const bridge of bridges) {
    const { prefix } = bridge.settings;
    if (address !== prefix && !address.startsWith(`${prefix}/`)) continue;
    const longer = !best || prefix.length > best.settings.prefix.length;
    if (longer || (best && prefix === best.settings.prefix && !best.enabled && bridge.enabled)) best = bridge;
  }
  return best;
}
