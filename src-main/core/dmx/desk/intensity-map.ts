import type { ChannelKind } from '../../../contract/fixture.ts';
import type { PatchedChannel, PatchedFixture } from '../../../contract/patched-fixture.ts';
import { slotsPerUniverse } from '../dmx-address.ts';

/** Which slots of a universe the grand master reduces. */
export interface IntensityMap {
  /** 1 for a slot that is reduced by itself, slot 1 first */
  readonly single: Readonly<Uint8Array>;
  /** indexes of slots that are one intensity together, the coarse one first */
  readonly wide: readonly (readonly number[])[];
}

/** Where no fixture is patched, what a slot does is unknown: everything follows the master. */
export const unpatchedMap: IntensityMap = { single: new Uint8Array(slotsPerUniverse).fill(1), wide: [] };

/** @param fixtures of one universe */
export function intensityMapOf(fixtures: readonly PatchedFixture[]): IntensityMap {
  const single = new Uint8Array(slotsPerUniverse).fill(1);
  const wide: number[][] = [];
  for (const { fixture, slotCount, channels } of fixtures) {
    single.fill(0, fixture.slot - 1, fixture.slot - 1 + slotCount);
    for (const { slots } of lightOf(channels)) {
      const [first = 1] = slots;
      if (slots.length > 1) wide.push(slots.map((slot) => slot - 1));
      else single[first - 1] = 1;
    }
  }
  return { single, wide };
}

/** Reduces in place; an intensity of several slots as one number.
 *  @param factor 0..1 */
export function reduce(levels: Uint8Array, { single, wide }: IntensityMap, factor: number): void {
  if (factor >= 1) return;
  for (let i = 0; i < levels.length; i++) if (single[i] === 1) levels[i] = Math.round((levels[i] ?? 0) * factor);
  for (const indexes of wide) {
    let raw = 0;
    for (const index of indexes) raw = raw * 256 + (levels[index] ?? 0);
    raw = Math.round(raw * factor);
    for (const index of indexes.toReversed()) {
      levels[index] = raw % 256;
      raw = Math.floor(raw / 256);
    }
  }
}

const emitters: ReadonlySet<ChannelKind> = new Set([
  ...(['red', 'green', 'blue', 'amber', 'lime', 'indigo', 'uv', 'white', 'warm-white', 'cold-white'] as const),
]);

/** The channels that make a fixture bright: its dimmers; without one its colours. */
function lightOf(channels: readonly PatchedChannel[]): readonly PatchedChannel[] {
  const dimmers = channels.filter(({ channel }) => channel.kind === 'intensity');
  return dimmers.length > 0 ? dimmers : channels.filter(({ channel }) => emitters.has(channel.kind));
}
