import { layPatch, type PatchedFixture } from '../../../contract/patched-fixture.ts';
import type { PatchLists } from '../../../contract/patch-faults.ts';
import type { DmxSettings } from '../../../contract/show.ts';
import { intensityMapOf, type IntensityMap } from './intensity-map.ts';
import { SlotMoves } from './slot-moves.ts';

/** What of a show the desk goes by. */
export interface DeskRig extends PatchLists {
  readonly blackout: DmxSettings['blackout'];
}

/** The same, so that a frame is finished without looking anything up twice. */
export interface CompiledRig {
  readonly blackout: DmxSettings['blackout'];
  readonly fixtures: readonly PatchedFixture[];
  /** by bridge and universe, as `stage 1`; nothing where no fixture is patched */
  readonly intensities: ReadonlyMap<string, IntensityMap>;
  /** by bridge; nothing where everything leaves where it is */
  readonly moves: ReadonlyMap<string, SlotMoves>;
}

/** @returns the fixtures of the patch on their slots, and what the soft patch does, by bridge */
export function compileRig({ blackout, softPatch, ...lists }: DeskRig): CompiledRig {
  const fixtures = layPatch(lists);
  const byUniverse = grouped(fixtures, ({ fixture }) => `${fixture.bridgeId} ${fixture.universe}`);
  const byBridge = grouped(softPatch, ({ bridgeId }) => bridgeId);
  return {
    blackout,
    fixtures,
    intensities: new Map([...byUniverse].map(([key, each]) => [key, intensityMapOf(each)])),
    moves: new Map([...byBridge].map(([bridgeId, each]) => [bridgeId, new SlotMoves(each)])),
  };
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
