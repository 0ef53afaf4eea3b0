import { fixtureSegment, type Fixture, type FixtureProfile, type SoftPatch } from './fixture.ts';
import { describePlace, layPatch } from './patched-fixture.ts';

/** What a show says of DMX beside its bridges. */
export interface PatchLists {
  readonly profiles: readonly FixtureProfile[];
  readonly patch: readonly Fixture[];
  readonly softPatch: readonly SoftPatch[];
}

/** What is wrong, and where it stands in the show. */
export interface PatchFault {
  readonly path: readonly (string | number)[];
  /** one sentence */
  readonly message: string;
  /** the item to repair */
  readonly id: string;
}

const slotsPerUniverse = 512;

/** Looks for what two items of a patch make impossible together: fixtures that share slots or a name, that go past slot
 *  512, or have no profile; slots that leave twice, or outputs that two slots lead to.
 *  @returns the first in the show's order; undefined when all is well */
export function findPatchFault(lists: PatchLists): PatchFault | undefined {
  return findFixtureFault(lists) ?? findSoftPatchFault(lists.softPatch);
}

function findFixtureFault({ profiles, patch }: PatchLists): PatchFault | undefined {
  const laid = new Map(layPatch({ profiles, patch }).map((each) => [each.fixture.id, each]));
  const taken = new Map<string, string>();
  const segments = new Map<string, string>();
  for (const [i, fixture] of patch.entries()) {
    const refuse = (message: string): PatchFault => ({ path: ['patch', i], message, id: fixture.id });
    const { name, bridgeId, universe, slot } = fixture;
    const count = laid.get(fixture.id)?.slotCount;
    if (count === undefined) return refuse(`The show has no profile for ${name} with the mode ${fixture.mode}.`);
    const last = slot + count - 1;
    if (last > slotsPerUniverse)
      return refuse(
        `${name} would end at slot ${last}: with ${count} slots it begins at ${slotsPerUniverse - count + 1} at the latest.`,
      );
    const segment = fixtureSegment(name);
    if (segment === '') return refuse(`The name ${name} makes no address: it needs a letter or a digit.`);
    const namesake = segments.get(segment);
    if (namesake !== undefined)
      return refuse(
        `${name} and ${namesake} would have one address, /fixtures/${segment}. Name one of them otherwise.`,
      );
    segments.set(segment, name);
    for (let at = slot; at <= last; at++) {
      const key = `${bridgeId} ${universe} ${at}`;
      const holder = taken.get(key);
      if (holder !== undefined)
        return refuse(`${name} at ${describePlace(fixture, count)} lies over ${holder} at slot ${at}.`);
      taken.set(key, name);
    }
  }
  return undefined;
}

function findSoftPatchFault(softPatch: readonly SoftPatch[]): PatchFault | undefined {
  const moved = new Set<string>();
  const outputs = new Set<string>();
  for (const [i, { id, bridgeId, universe, slot, count, to }] of softPatch.entries()) {
    const refuse = (message: string, part: 'slot' | 'to' = 'slot'): PatchFault => ({
      path: ['softPatch', i, part],
      message,
      id,
    });
    for (const place of [{ universe, slot }, ...to])
      if (place.slot + count - 1 > slotsPerUniverse)
        return refuse(
          `${describePlace(place, count)} go past slot ${slotsPerUniverse}.`,
          to.includes(place) ? 'to' : 'slot',
        );
    for (let offset = 0; offset < count; offset++) {
      const from = `${bridgeId} ${universe} ${slot + offset}`;
      if (moved.has(from)) return refuse(`U ${universe} slot ${slot + offset} is moved twice.`);
      moved.add(from);
      for (const place of to) {
        const output = `${bridgeId} ${place.universe} ${place.slot + offset}`;
        if (outputs.has(output))
          return refuse(`Two slots would leave at U ${place.universe} slot ${place.slot + offset}.`, 'to');
        outputs.add(output);
      }
    }
  }
  return undefined;
}
