import type { UniverseSpan } from './universe-spans.ts';

export type UniverseRange = readonly [first: number, last: number];

const rangesShown = 3;

/** Rising and apart, so that two bridges are compared in one pass. */
export function mergedRanges(spans: readonly UniverseSpan[]): UniverseRange[] {
  const rising = spans
    .map(({ first, last }): UniverseRange => [Math.min(first, last), Math.max(first, last)])
    .sort((a, b) => a[0] - b[0]);
  const merged: UniverseRange[] = [];
  for (const [first, last] of rising) {
    const before = merged.at(-1);
    if (before && first <= before[1] + 1) merged[merged.length - 1] = [before[0], Math.max(before[1], last)];
    else merged.push([first, last]);
  }
  return merged;
}

/** What two lists have both, each as `mergedRanges` gives it. */
export function sharedRanges(left: readonly UniverseRange[], right: readonly UniverseRange[]): UniverseRange[] {
  const found: UniverseRange[] = [];
  let i = 0;
  let j = 0;
  for (let a = left[i], b = right[j]; a && b; a = left[i], b = right[j]) {
    const first = Math.max(a[0], b[0]);
    const last = Math.min(a[1], b[1]);
    if (first <= last) found.push([first, last]);
    if (a[1] < b[1]) i++;
    else j++;
  }
  return found;
}

/** `universe 4`, `universes 1–4, 7`, `port addresses 0, 16–31 and more` */
export function rangeWords(ranges: readonly UniverseRange[], kind: 'sacn' | 'artnet'): string {
  const shown = ranges.slice(0, rangesShown).map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`));
  const many = ranges.length > 1 || ranges.some(([first, last]) => first !== last);
  const more = ranges.length > rangesShown ? ' and more' : '';
  const what = kind === 'artnet' ? (many ? 'port addresses' : 'port address') : many ? 'universes' : 'universe';
  return `${what} ${shown.join(', ')}${more}`;
}
