import type { PatchedFixture } from '../../src-main/contract/patched-fixture.ts';
import type { DmxPlace } from '../../src-main/contract/dmx.ts';

/** How a slot stands to the fixtures of the universe. */
export interface SlotLabel {
  /** at the first slot of a fixture */
  readonly name?: string;
  /** the name of the fixture */
  readonly of: string;
  readonly fixtureId: string;
  readonly isFirst: boolean;
}

/** Which fixture each slot of a universe belongs to.
 *  @param fixtures all of the show */
export function slotLabels(
  fixtures: readonly PatchedFixture[],
  { bridgeId, universe }: DmxPlace,
): ReadonlyMap<number, SlotLabel> {
  const labels = new Map<number, SlotLabel>();
  for (const { fixture, slotCount } of fixtures) {
    if (fixture.bridgeId !== bridgeId || fixture.universe !== universe) continue;
    for (let offset = 0; offset < slotCount; offset++) {
      const isFirst = offset === 0;
      labels.set(fixture.slot + offset, {
        fixtureId: fixture.id,
        of: fixture.name,
        isFirst,
        ...(isFirst && { name: fixture.name }),
      });
    }
  }
  return labels;
}
