import {
  slotFlags,
  type SlotView,
  type UniverseEntry,
  type UniverseSource,
  type UniverseView,
} from '../../src-main/contract/dmx.ts';
import type { SlotCell } from './slot-cell.ts';

/** `prio 100, 214 slots` */
export function sourceWords({ priority, slots }: UniverseSource): string {
  const count = `${slots} ${slots === 1 ? 'slot' : 'slots'}`;
  return priority === null ? count : `prio ${priority}, ${count}`;
}

export function countFlags(flags: Uint8Array): { readonly contested: number; readonly parked: number } {
  let contested = 0;
  let parked = 0;
  for (const flag of flags) {
    if ((flag & slotFlags.contested) !== 0) contested++;
    if ((flag & slotFlags.parked) !== 0) parked++;
  }
  return { contested, parked };
}

/** How a universe stands, under the title: `sent by node-a`, `blackout`. */
export function universeWords(view: UniverseView, entry: UniverseEntry | undefined): string {
  const who = entry ? `${entry.direction === 'out' ? 'sent by' : 'heard by'} ${entry.bridgeName}` : '';
  if (!view.isRunning) return `${who}, not begun`;
  return view.direction === 'in' && view.sources.length === 0 ? `${who}, nobody sends it now` : who;
}

/** A cell for who does not see it: `slot 17, 158, PAR 5, Flyrail, parked`. */
export function describeCell(
  { slot, text, source, contested, parked }: SlotCell,
  { view, fixture }: { view: UniverseView; fixture: string | undefined },
): string {
  const level = text === '' ? 'nothing sent' : String(view.levels[slot - 1] ?? 0);
  const words = [
    `slot ${slot}`,
    level,
    fixture,
    view.sources[source]?.name,
    contested && 'contested',
    parked && 'parked',
  ];
  return words.filter(Boolean).join(', ');
}

/** `62 %, Flyrail wins` */
export function levelWords({ level, sources, parked }: SlotView): string {
  const percent = `${Math.round((level / 255) * 100)} %`;
  if (parked !== null) return `${percent}, parked`;
  const winner = sources.find(({ wins }) => wins);
  if (!winner) return percent;
  return sources.length > 1 ? `${percent}, ${winner.name} wins` : `${percent}, by ${winner.name}`;
}
