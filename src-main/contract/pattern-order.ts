import { segmentsOf, type Pattern } from './address.ts';

/** Which of two patterns says more about where it fits: negative when it is the left one, 0 when neither does. Read from the
 *  left, the first part in which they differ decides: a name, then a name with `*` by its letters, then `*`, then `**`, then
 *  the end. An exact pattern goes before all others. */
export function compareSpecificity(left: Pattern, right: Pattern): number {
  const [ours, theirs] = [segmentsOf(left), segmentsOf(right)];
  const exact = Number(right.includes('*')) - Number(left.includes('*'));
  if (exact !== 0) return -exact;
  for (let i = 0; i < Math.max(ours.length, theirs.length); i++) {
    const difference = weightOf(theirs[i]) - weightOf(ours[i]);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Longer than any part that an address can have. */
const literalWeight = 10_000;

function weightOf(segment: string | undefined): number {
  if (segment === undefined) return -1;
  if (segment === '**') return 0;
  return segment.includes('*') ? segment.replaceAll('*', '').length + 1 : literalWeight;
}
