import { listWords } from './list-words.ts';
import type { UniverseRange } from './universe-ranges.ts';

/** `universe 5`, `universes 1–4 and 7`, or how many when they are too many to list. */
export function universeWords(ranges: readonly UniverseRange[]): string {
  const spans = ranges.map(spanWords);
  const count = ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  if (spans.length > 4) return `${count} universes from ${spans[0] ?? ''}`;
  return `universe${count === 1 ? '' : 's'} ${listWords(spans)}`;
}

/** `5`, `1–4` */
export function spanWords({ first, last }: UniverseRange): string {
  return first === last ? `${first}` : `${first}–${last}`;
}
