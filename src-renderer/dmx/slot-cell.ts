import { slotFlags, type UniverseView } from '../../src-main/contract/dmx.ts';

/** What the numbers in the grid say. */
export type GridMode = 'level' | 'percent' | 'source' | 'priority';

/** One slot of the grid, ready to be drawn. */
export interface SlotCell {
  /** 1..512 */
  readonly slot: number;
  /** what stands in it; empty where nothing is sent */
  readonly text: string;
  /** 0..100, how far it is filled */
  readonly fill: number;
  /** which pattern fills it: the place of its source in the legend; -1 for nobody's */
  readonly source: number;
  /** somebody wants a level there: it is asked for, parked or lit */
  readonly wanted: boolean;
  readonly contested: boolean;
  readonly parked: boolean;
  /** it has changed within the last second */
  readonly moving: boolean;
}

/** How long a level that has changed is shown as moving. */
export const movingForMs = 1000;

/** The cells of one universe, slot 1 first.
 *  @param changedAt when each slot changed last, in ms; 0 for never
 *  @param now in the time of `changedAt` */
export function slotCells(
  view: UniverseView,
  { mode, changedAt, now }: { mode: GridMode; changedAt: Readonly<Float64Array>; now: number },
): SlotCell[] {
  return Array.from({ length: view.levels.length }, (_, index) => {
    const level = view.levels[index] ?? 0;
    const flags = view.flags[index] ?? 0;
    const winner = view.winners[index] ?? 255;
    const isSent = winner !== 255 || (flags & (slotFlags.asked | slotFlags.parked)) !== 0;
    return {
      slot: index + 1,
      text: isSent ? cellText(view, { index, mode }) : '',
      fill: Math.round((level / 255) * 100),
      source: view.sources[winner] === undefined ? -1 : winner,
      wanted: level > 0 || (flags & (slotFlags.asked | slotFlags.parked)) !== 0,
      contested: (flags & slotFlags.contested) !== 0,
      parked: (flags & slotFlags.parked) !== 0,
      moving: (changedAt[index] ?? 0) > 0 && now - (changedAt[index] ?? 0) < movingForMs,
    };
  });
}

/** Notes in `changedAt` which slots are others than they were. */
export function noteChanges(
  changedAt: Float64Array,
  { before, levels, now }: { before: Uint8Array | undefined; levels: Uint8Array; now: number },
): void {
  if (!before) return;
  for (let index = 0; index < levels.length; index++) if (levels[index] !== before[index]) changedAt[index] = now;
}

function cellText(view: UniverseView, { index, mode }: { index: number; mode: GridMode }): string {
  const level = view.levels[index] ?? 0;
  const source = view.sources[view.winners[index] ?? 255];
  switch (mode) {
    case 'level':
      return String(level);
    case 'percent':
      return String(Math.round((level / 255) * 100));
    case 'source':
      return source ? initialsOf(source.name) : '–';
    case 'priority':
      return String(source?.priority ?? '–');
    default:
      return mode satisfies never;
  }
}

/** `house-lx` → `hl`, `Flyrail` → `fly` */
function initialsOf(name: string): string {
  const words = name.split(/[\s._-]+/).filter((word) => word !== '');
  if (words.length < 2) return Array.from(name).slice(0, 3).join('');
  return words
    .slice(0, 3)
    .map((word) => Array.from(word)[0] ?? '')
    .join('');
}
