import { isSame } from './is-same.ts';

interface Typed {
  readonly type?: unknown;
}

/** Finds each step of a chain in a newer form of that chain: by its content, and a step whose numbers changed by its
 *  type, where that leaves no doubt. So a step is never taken for another one that came to its place.
 *  @returns for each step of `before` its index in `newest`; -1 when it is gone */
export function alignSteps(before: readonly unknown[], newest: readonly unknown[]): readonly number[] {
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
  pairChanged({ before, newest, places, free });
  return places;
}

/** Steps whose numbers changed stay in order among those of their type. When there are more or fewer of a type than
 *  before, it cannot be known which of them is which. */
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
  const lost = places.flatMap((to, from) => (to < 0 ? [from] : []));
  for (const from of lost) {
    const type = typeOf(before[from]);
    const alike = lost.filter((other) => typeOf(before[other]) === type);
    const open = free.filter((to) => typeOf(newest[to]) === type);
    if (alike.length === open.length) places[from] = open[alike.indexOf(from)] ?? -1;
  }
}

function typeOf(step: unknown): unknown {
  return (step as Typed | null | undefined)?.type;
}
