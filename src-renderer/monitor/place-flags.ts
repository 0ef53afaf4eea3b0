import type { RateFlag } from './rate-history.svelte.ts';

export interface PlacedFlag {
  readonly flag: RateFlag;
  /** px from the left */
  readonly x: number;
  /** which line of text it has; undefined where its text would lie on another's */
  readonly row: number | undefined;
}

/** Lines of text above the bars. */
const rows = 2;
/** A generous width of one letter of 11 px, so that texts never touch. */
const letterPx = 6.2;
const gapPx = 10;

/** Finds room for the texts, which end at their flags; the newest is served first.
 *  @param xOf px from the left at an instant */
export function placeFlags(flags: readonly RateFlag[], xOf: (at: number) => number): PlacedFlag[] {
  const freeUntil = Array.from({ length: rows }, () => Number.POSITIVE_INFINITY);
  const placed = flags.toReversed().map((flag): PlacedFlag => {
    const x = xOf(flag.at);
    const left = x - flag.text.length * letterPx - gapPx;
    const row = left < 0 ? -1 : freeUntil.findIndex((edge) => x <= edge);
    if (row >= 0) freeUntil[row] = left;
    return { flag, x, row: row < 0 ? undefined : row };
  });
  return placed.toReversed();
}
