import { isExact, matches, matchSegment, segmentsOf, type Address, type Pattern } from './address.ts';

/** No address holds a control character, so a segment that holds this one is covered only by who covers any text there. */
const anyText = '\u0001';
/** Beyond so many segments looked at, of two patterns made to be slow, the answer is no: that is a few milliseconds. */
export const looksMax = 5_000;

/** What questions that are asked together may still look at. */
export interface Looks {
  left: number;
}

/** Whether every address that `inner` covers is covered by `outer` too. Of hostile patterns with many `**` it may say no though
 *  it is so; it never says yes where it is not.
 *
 *  Of all addresses that `inner` covers only those need a look in which its stars stand for text that nobody names: who covers
 *  these covers the others as well, since patterns cannot exclude. */
export function contains(outer: Pattern, inner: Pattern, looks: Looks = { left: looksMax }): boolean {
  if (outer === inner || outer === '/**') return true;
  if (isExact(inner)) return matches(outer, inner as string as Address);
  if (looks.left < 0) return false;
  const wide = withoutRepeats(segmentsOf(outer));
  const narrow = withoutRepeats(segmentsOf(inner));
  const seen = new Set<string>();
  const open: Place[] = [];
  const visit = (at: number, reached: readonly number[], depth: 0 | 1): void => {
    const key = `${at} ${depth} ${reached.join()}`;
    if (seen.has(key)) return;
    seen.add(key);
    open.push({ at, reached, depth });
  };
  visit(0, pastDeepStars(wide, [0]), 0);
  for (let place = open.pop(); place; place = open.pop()) {
    const { at, reached, depth } = place;
    looks.left -= reached.length;
    if (reached.length === 0 || looks.left < 0) return false;
    // No address has no segments.
    if (at === narrow.length) {
      if (depth > 0 && !reached.includes(wide.length)) return false;
      continue;
    }
    const segment = narrow[at] ?? '';
    if (segment === '**') {
      visit(at + 1, reached, depth);
      visit(at, after(wide, reached, anyText), 1);
    } else {
      visit(at + 1, after(wide, reached, segment.replaceAll('*', anyText)), 1);
    }
  }
  return true;
}

/** Two deep stars in a row are one. */
function withoutRepeats(segments: readonly string[]): readonly string[] {
  return segments.filter((segment, at) => segment !== '**' || segments[at - 1] !== '**');
}

interface Place {
  /** segments of the inner pattern that are behind */
  readonly at: number;
  /** segments of the outer pattern that may be behind, ascending */
  readonly reached: readonly number[];
  /** whether any segment of an address is behind */
  readonly depth: 0 | 1;
}

/** Where the outer pattern may stand after one more segment of an address. */
function after(wide: readonly string[], reached: readonly number[], segment: string): readonly number[] {
  const next = new Set<number>();
  for (const at of reached) {
    const here = wide[at];
    if (here === undefined) continue;
    if (here === '**') next.add(at);
    else if (matchSegment(here, segment)) next.add(at + 1);
  }
  return pastDeepStars(wide, [...next]);
}

/** `**` may stand for none. */
function pastDeepStars(wide: readonly string[], reached: readonly number[]): readonly number[] {
  const all = new Set(reached);
  for (const at of all) if (wide[at] === '**') all.add(at + 1);
  return [...all].toSorted((a, b) => a - b);
}
