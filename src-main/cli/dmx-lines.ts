import { slotFlags, type SlotView, type UniverseEntry, type UniverseView } from '../contract/dmx.ts';
import { visibleText } from '../platform/visible-text.ts';

const perRow = 16;
const marks = [
  [slotFlags.parked, 'p'],
  [slotFlags.contested, '!'],
  [slotFlags.reduced, '-'],
  [slotFlags.moved, '>'],
] as const;

/** Universes, one a line. */
export function formatUniverses(entries: readonly UniverseEntry[]): string {
  if (entries.length === 0) return 'No bridge sends or hears a universe.\n';
  const width = Math.max(5, ...entries.map(({ shown }) => shown.length));
  return entries
    .map(({ bridgeName, shown, direction, isRunning, parked }) => {
      const more = `${isRunning ? '' : '  not begun'}${parked === 0 ? '' : `  ${parked} parked`}`;
      return `U ${shown.padEnd(width)} ${direction.padEnd(3)} ${visibleText(bridgeName)}${more}\n`;
    })
    .join('');
}

/** A universe as a table of 16 slots a row, up to the last that is not dark or that somebody asked for. */
export function formatUniverse(view: UniverseView): string {
  const { levels, flags, sources, universe, master, blackout, direction, isRunning } = view;
  const state = blackout ? '  BLACKOUT' : master < 1 ? `  master ${(master * 100).toFixed(0)} %` : '';
  const isLeft = direction === 'in' && sources.length === 0;
  const run = isRunning ? (isLeft ? ', nobody sends it now' : '') : ', does not run';
  const head = `U ${universe} ${direction}${run}${state}\n`;
  const last = levels.reduce((found, level, i) => (level > 0 || (flags[i] ?? 0) > 0 ? i : found), -1);
  const rows: string[] = [];
  for (let first = 0; first <= last; first += perRow) {
    const cells = [...levels.subarray(first, first + perRow)].map(
      (level, i) =>
        String(level).padStart(4) + (marks.find(([bit]) => ((flags[first + i] ?? 0) & bit) > 0)?.[1] ?? ' '),
    );
    rows.push(`${String(first + 1).padStart(3)} ${cells.join('').trimEnd()}\n`);
  }
  const legend = rows.length === 0 ? '' : 'p parked   ! contested   - reduced   > soft patch\n';
  const who = sources.map(({ name, priority, slots, wins }) => {
    const rank = priority === null ? '' : ` priority ${priority},`;
    return `${visibleText(name)}:${rank} ${slots} slots, wins ${wins}\n`;
  });
  return [head, ...rows, legend, ...who].join('');
}

/** Who drives one slot. */
export function formatSlot(view: SlotView): string {
  const { universe, slot, level, because, fixture, sources, drivers } = view;
  const lines = [`${universe}.${slot}  ${level}  ${visibleText(because)}`];
  if (fixture) {
    const range = fixture.range === null ? '' : `, ${visibleText(fixture.range)}`;
    const place = `${visibleText(fixture.name)}, ${visibleText(fixture.channel)} (${fixture.byte})`;
    lines.push(`fixture  ${place}  ${(fixture.value * 100).toFixed(1)} %${range}`);
  }
  for (const { name, priority, level: own, wins } of sources)
    lines.push(
      `source   ${visibleText(name)}  ${priority === null ? '' : `priority ${priority}  `}${own}${wins ? '  wins' : ''}`,
    );
  for (const { kind, name, address } of drivers)
    lines.push(`by       ${kind}  ${visibleText(name)}  ${visibleText(address)}`);
  return `${lines.join('\n')}\n`;
}
