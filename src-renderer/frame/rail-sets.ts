import type { DeviceStatus } from '../../src-main/contract/device.ts';
import type { Bridge } from '../../src-main/contract/show.ts';

/** Sets the rail shows one by one; beyond it the healthy ones are counted. */
export const railSetsMax = 10;
/** number, disc and the beginning of a name; as in DeviceRail's style */
const setWidthMin = 112;
const addWidth = 48;

export interface RailSet {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly status: DeviceStatus | undefined;
  /** late, wants a look or broken: it grows to say why */
  readonly troubled: boolean;
}

/** How many sets a rail of this width has room for beside the button that adds one; at least one. */
export function railRoom(widthPx: number): number {
  return Math.max(1, Math.min(railSetsMax, Math.floor((widthPx - addWidth) / setWidthMin)));
}

/** The devices of the show as sets on the rail.
 *  @param room sets there is room for
 *  @returns in the show's order; when there are more, the broken ones first, then others in trouble, and the rest beside */
export function railSets(
  bridges: readonly Bridge[],
  statusOf: (bridgeId: string) => DeviceStatus | undefined,
  room = railSetsMax,
): { readonly sets: readonly RailSet[]; readonly rest: readonly RailSet[] } {
  const all = bridges.map((bridge): RailSet => {
    const status = statusOf(bridge.id);
    return { id: bridge.id, number: bridge.number, name: bridge.name, status, troubled: isTrouble(status) };
  });
  if (all.length <= room) return { sets: all, rest: [] };
  const sorted = all.toSorted((left, right) => rankOf(left) - rankOf(right));
  const shown = Math.max(1, room - 1);
  return { sets: sorted.slice(0, shown), rest: sorted.slice(shown) };
}

/** How the sets that have no room stand, the worst first: `good`, `11 good, 230 off`; empty for none.
 *  @param stale whether there is no engine to know it: then they are only counted */
export function restWords(rest: readonly RailSet[], stale: boolean): string {
  if (rest.length === 0 || stale) return rest.length === 0 ? '' : 'more';
  const counts = new Map<string, number>(restOrder.map((word) => [word, 0]));
  for (const set of rest) counts.set(wordOf(set), (counts.get(wordOf(set)) ?? 0) + 1);
  const parts = [...counts].filter(([, count]) => count > 0);
  return parts.length === 1 ? (parts[0]?.[0] ?? '') : parts.map(([word, count]) => `${count} ${word}`).join(', ');
}

function rankOf({ troubled, status }: RailSet): number {
  if (status?.state === 'broken') return 0;
  return troubled ? 1 : 2;
}

const restOrder = ['in trouble', 'connecting', 'good', 'off'] as const;

function wordOf({ troubled, status }: RailSet): (typeof restOrder)[number] {
  if (troubled) return 'in trouble';
  if (status?.state === 'connected') return 'good';
  return status?.state === 'off' ? 'off' : 'connecting';
}

/** How high an in or out bar stands: silence is nothing, one a second is just seen, a thousand is full. */
export function barHeight(perSecond: number): number {
  return perSecond <= 0 ? 0 : Math.min(1, 0.12 + Math.log10(1 + perSecond) / 3.4);
}

function isTrouble(status: DeviceStatus | undefined): boolean {
  return status?.state === 'broken' || status?.state === 'trouble' || status?.state === 'late';
}
