import { isSame } from './is-same.ts';

interface Typed {
  readonly type?: unknown;
}

/** For each step of a chain its index in a newer form of that chain; -1 when it is gone, or not known. */
export type AlignSteps = (before: readonly unknown[], newest: readonly unknown[]) => readonly number[];

/** For a chain that was followed edit by edit: finds a step by its content, and one whose numbers changed by its type and
 *  its neighbours. So a step is never taken for another one that came to its place. */
export const alignSteps: AlignSteps = (before, newest) => {
  const { places, free } = pairSame(before, newest);
  pairChanged({ before, newest, places, free });
  return places;
};

/** For a chain with edits that nobody saw: finds a step by its content alone. One of its type in its place may be another
 *  that was put there after it was removed. */
export const alignUnseen: AlignSteps = (before, newest) => pairSame(before, newest).places;

function pairSame(
  before: readonly unknown[],
  newest: readonly unknown[],
): { readonly places: number[]; readonly free: readonly number[] } {
  const places = before.map(() => -1);
  const pair = (from: number, to: number): boolean => {
    const fits = isSame(before[from], newest[to]);
    if (fits) places[from] = to;
    return fits;
  };
  const shorter = Math.min(before.length, newest.length);
  let head = 0;
  while (head < shorter && pair(head, head)) head++;
  let tail = 0;
  while (tail < shorter - head && pair(before.length - 1 - tail, newest.length - 1 - tail)) tail++;

  const free = newest.map((_, index) => index).slice(head, newest.length - tail);
  for (let from = head; from < before.length - tail; from++) {
    const found = free.findIndex((to) => pair(from, to));
    if (found >= 0) free.splice(found, 1);
  }
  return { places, free };
}

/** A type alone does not tell: its step may have been removed and another of that type added. Between the same
 *  neighbours, which may have changed as well, it is the one whose numbers changed. */
function pairChanged({
  before,
  newest,
  places,
  free,
}: {
  before: readonly unknown[];
  newest: readonly unknown[];
  places: number[];
  free: readonly number[];
}): void {
  const same = [...places];
  const isChanged = (from: number, to: number): boolean =>
    (same[from] ?? -1) < 0 && free.includes(to) && typeOf(before[from]) === typeOf(newest[to]);
  const isNeighbour = (from: number, to: number): boolean => {
    const atEnd = [from < 0 || from === before.length, to < 0 || to === newest.length];
    return atEnd.includes(true) ? !atEnd.includes(false) : same[from] === to || isChanged(from, to);
  };
  for (const from of before.keys()) {
    const found = free.find(
      (to) => isChanged(from, to) && isNeighbour(from - 1, to - 1) && isNeighbour(from + 1, to + 1),
    );
    if (found !== undefined) places[from] = found;
  }
}

function typeOf(step: unknown): unknown {
  return (step as Typed | null | undefined)?.type;
}
