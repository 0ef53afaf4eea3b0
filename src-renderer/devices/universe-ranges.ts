import { cutText } from '../../src-main/contract/cut-text.ts';
import { spaceThousands } from '../widgets/number-words.ts';

/** Universes of a bridge that are treated alike. */
export interface UniverseRange {
  readonly first: number;
  readonly last: number;
  /** 0..200; absent where the bridge has none */
  readonly priority?: number;
}

/** What a text of universes came to: the ranges in the order written, or one sentence that says what to repair. */
export type UniverseRangesResult =
  | { readonly ranges: readonly UniverseRange[]; readonly problem?: undefined }
  | { readonly problem: string; readonly ranges?: undefined };

/** [E1.31 6.2.7] */
export const universeMax = 63_999;

/** Which universes there are, and how many spans of them a bridge may have. */
export interface UniverseBounds {
  /** what one of them is called there */
  readonly noun?: string;
  readonly least: number;
  readonly most: number;
  readonly count: number;
}
const sacnBounds: UniverseBounds = { least: 1, most: universeMax, count: 64 };

/** [E1.31 6.2.3] */
export const priorityMax = 200;
/** Reads `1-4, 7@120`: universes and ranges of them, parted by commas, each with its own priority after an `@` or with
 *  the one given. Never throws.
 *  @param priority 0..200, for ranges that name none */
export function readUniverseRanges(
  text: string,
  priority: number | undefined,
  bounds: UniverseBounds = sacnBounds,
): UniverseRangesResult {
  const parts = text
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const { noun = 'universe' } = bounds;
  if (parts.length === 0)
    return { problem: `Name at least one ${noun}, as in ${priority === undefined ? '1-4, 7' : '1-4, 7@120'}.` };
  if (parts.length > bounds.count) return { problem: `At most ${bounds.count} ranges; these are ${parts.length}.` };
  const ranges: UniverseRange[] = [];
  for (const part of parts) {
    const range = readRange(part, priority, bounds);
    if (typeof range === 'string') return { problem: range };
    const twice = ranges.find((other) => rangesMeet(other, range));
    if (twice) return { problem: `${capital(noun)} ${Math.max(twice.first, range.first)} is named twice.` };
    ranges.push(range);
  }
  return { ranges };
}

/** The text that `readUniverseRanges` reads back as the same ranges.
 *  @param priority ranges at this one are written without it; undefined where there are no priorities */
export function writeUniverseRanges(ranges: readonly UniverseRange[], priority: number | undefined): string {
  return ranges
    .map((range) => {
      const span = range.first === range.last ? `${range.first}` : `${range.first}-${range.last}`;
      return priority === undefined || range.priority === priority ? span : `${span}@${range.priority}`;
    })
    .join(', ');
}

/** The priority that most of the ranges have, the first of them on a tie; 100 for none. */
export function commonPriority(ranges: readonly UniverseRange[]): number {
  const votes = new Map<number, number>();
  for (const { priority = 100 } of ranges) votes.set(priority, (votes.get(priority) ?? 0) + 1);
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
function readRange(
  part: string,
  priority: number | undefined,
  { noun = 'universe', least, most }: UniverseBounds,
): UniverseRange | string {
  const match = /^(\d{1,9})(?:\s*[-–]\s*(\d{1,9}))?(?:\s*@\s*(\d{1,6}))?$/.exec(part);
  if (!match || (priority === undefined && match[3] !== undefined))
    return `“${cutText(part, 16)}” is no ${noun}. Write 7${priority === undefined ? ' or 1-4' : ', 1-4 or 7@120'}.`;
  const first = Number(match[1]);
  const last = match[2] === undefined ? first : Number(match[2]);
  const own = match[3] === undefined ? priority : Number(match[3]);
  const outside = [first, last].find((universe) => universe < least || universe > most);
  if (outside !== undefined) return spaceThousands(`${capital(noun)} ${outside} is outside ${least} to ${most}.`);
  if (last < first) return `${first}-${last} runs backwards. Write ${last}-${first}.`;
  if (own === undefined) return { first, last };
  return own > priorityMax ? `Priority ${own} is outside 0 to ${priorityMax}.` : { first, last, priority: own };
}

function capital(noun: string): string {
  return `${noun.slice(0, 1).toUpperCase()}${noun.slice(1)}`;
}
