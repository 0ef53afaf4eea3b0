import type { SacnBridge } from '../../src-main/contract/show.ts';

export type UniverseRange = SacnBridge['settings']['universes'][number];

/** What a text of universes came to: the ranges in the order written, or one sentence that says what to repair. */
export type UniverseRangesResult =
  | { readonly ranges: readonly UniverseRange[]; readonly problem?: undefined }
  | { readonly problem: string; readonly ranges?: undefined };

/** [E1.31 6.2.7] */
export const universeMax = 63_999;
/** [E1.31 6.2.3] */
export const priorityMax = 200;
/** Ranges in one bridge, as the show document allows. */
export const universeRangesMax = 64;

/** Reads `1-4, 7@120`: universes and ranges of them, parted by commas, each with its own priority after an `@` or with
 *  the one given. Never throws.
 *  @param priority 0..200, for ranges that name none */
export function readUniverseRanges(text: string, priority: number): UniverseRangesResult {
  const parts = text
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length === 0) return { problem: 'Name at least one universe, as in 1-4, 7@120.' };
  if (parts.length > universeRangesMax)
    return { problem: `At most ${universeRangesMax} ranges; these are ${parts.length}.` };
  const ranges: UniverseRange[] = [];
  for (const part of parts) {
    const range = readRange(part, priority);
    if (typeof range === 'string') return { problem: range };
    const twice = ranges.find((other) => rangesMeet(other, range));
    if (twice) return { problem: `Universe ${Math.max(twice.first, range.first)} is named twice.` };
    ranges.push(range);
  }
  return { ranges };
}

/** The text that `readUniverseRanges` reads back as the same ranges.
 *  @param priority ranges at this one are written without it */
export function writeUniverseRanges(ranges: readonly UniverseRange[], priority: number): string {
  return ranges
    .map((range) => {
      const span = range.first === range.last ? `${range.first}` : `${range.first}-${range.last}`;
      return range.priority === priority ? span : `${span}@${range.priority}`;
    })
    .join(', ');
}

/** The priority that most of the ranges have, the first of them on a tie; 100 for none. */
export function commonPriority(ranges: readonly UniverseRange[]): number {
  const votes = new Map<number, number>();
  for (const range of ranges) votes.set(range.priority, (votes.get(range.priority) ?? 0) + 1);
  let [priority, most] = [100, 0];
  for (const [candidate, count] of votes) if (count > most) [priority, most] = [candidate, count];
  return priority;
}

export function rangesMeet(
  left: { readonly first: number; readonly last: number },
  right: { readonly first: number; readonly last: number },
): boolean {
  return left.first <= right.last && right.first <= left.last;
}

/** One range, or what to repair in it. */
function readRange(part: string, priority: number): UniverseRange | string {
  const match = /^(\d{1,6})(?:\s*[-–]\s*(\d{1,6}))?(?:\s*@\s*(\d{1,6}))?$/.exec(part);
  if (!match) return `“${shorten(part)}” is no universe. Write 7, 1-4 or 7@120.`;
  const first = Number(match[1]);
  const last = match[2] === undefined ? first : Number(match[2]);
  const own = match[3] === undefined ? priority : Number(match[3]);
  const outside = [first, last].find((universe) => universe < 1 || universe > universeMax);
  if (outside !== undefined) return `Universe ${outside} is outside 1 to ${universeMax}.`;
  if (last < first) return `${first}-${last} runs backwards. Write ${last}-${first}.`;
  if (own > priorityMax) return `Priority ${own} is outside 0 to ${priorityMax}.`;
  return { first, last, priority: own };
}

function shorten(text: string): string {
  return text.length > 16 ? `${text.slice(0, 15)}…` : text;
}
