import type { RateFlag } from './rate-history.svelte.ts';

export interface PlacedFlag {
  readonly flag: RateFlag;
  /** px from the left */
  readonly x: number;
  /** what is written before it; with the number of times where it happened again and again */
  readonly text: string;
  /** which line of text it has; undefined where its text would lie on another's, or another tells of it too */
  readonly row: number | undefined;
}

export interface FlagRoom {
  /** px from the left at an instant */
  readonly xOf: (at: number) => number;
  /** right of this, px from the left, the first line is taken */
  readonly right?: number | undefined;
}

/** A generous width of one letter of 12 px, so that texts never touch. */
const letterPx = 6.6;
const gapPx = 10;

interface Told {
  readonly flag: RateFlag;
  readonly x: number;
  times: number;
}

/** Finds room for the texts, which end at their flags; the newest is served first. The line of a flag runs from its text
 *  down, so that it crosses no text either. */
export function placeFlags(
  flags: readonly RateFlag[],
  { xOf, right = Number.POSITIVE_INFINITY }: FlagRoom,
): PlacedFlag[] {
  const told = tellOnce(flags, xOf);
  // Of the two lines of text: where the room that is left ends.
  const free = [right, Number.POSITIVE_INFINITY];
  const placed = told.map(({ flag, x, times }): PlacedFlag => {
    if (times === 0) return { flag, x, text: flag.text, row: undefined };
    const text = times === 1 ? flag.text : `${flag.text} ×${times}`;
    const left = x - widthOf(text);
    const [first = 0, second = 0] = free;
    const row = left < 0 ? undefined : x <= Math.min(first, second) ? 0 : x <= second ? 1 : undefined;
    if (row !== undefined) free[row] = left;
    return { flag, x, text, row };
  });
  return placed.toReversed();
}

/** Newest first. What comes again within the room of its own text is counted there, and told 0 times itself. */
function tellOnce(flags: readonly RateFlag[], xOf: (at: number) => number): readonly Told[] {
  const told: Told[] = [];
  for (const flag of flags.toReversed()) {
    const x = xOf(flag.at);
    const same = told.findLast((other) => other.times > 0 && other.flag.text === flag.text);
    const isSaid = same !== undefined && x > same.x - widthOf(`${flag.text} ×99`);
    if (isSaid) same.times++;
    told.push({ flag, x, times: isSaid ? 0 : 1 });
  }
  return told;
}

function widthOf(text: string): number {
  return text.length * letterPx + gapPx;
}
