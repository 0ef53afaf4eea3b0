import type { Signal } from '../contract/signal.ts';
import type { TimedSignal } from '../core/router/memory/stream-memory.ts';

/** What stands as it is found, in any order; undefined for something that was looked at in vain. */
export type FoundStanding = Iterable<TimedSignal | undefined>;

/** What is looked at in one turn of the event loop: a millisecond. */
export const lookMax = 1000;

/** Brings what stands into the order of its times, a little at a time: to sort a hundred thousand values in one go takes 0.1 s.
 *  @returns newest last, of one time in the order in which they were found; undefined where whoever reads may end a turn of the
 *  event loop. Nothing is found any more once the first is there */
export function* inOrder(found: FoundStanding): Generator<Signal | undefined, undefined> {
  const runs: (readonly TimedSignal[])[] = [];
  let some: TimedSignal[] = [];
  let looked = 0;
  for (const each of found) {
    if (each) some.push(each);
    if (++looked % lookMax > 0) continue;
    runs.push(sorted(some));
    some = [];
    yield undefined;
  }
  runs.push(sorted(some));
  yield* merged(runs);
  return undefined;
}

/** The same in one go. */
export function wholeOf(found: FoundStanding): Signal[] {
  return [...inOrder(found)].filter((signal) => signal !== undefined);
}

export function countOf(found: FoundStanding): number {
  let count = 0;
  for (const each of found) if (each) count++;
  return count;
}

function sorted(some: readonly TimedSignal[]): readonly TimedSignal[] {
  return some.toSorted((left, right) => left.at - right.at);
}

/** Of runs that are in order each. */
function* merged(runs: readonly (readonly TimedSignal[])[]): Generator<Signal, undefined> {
  const places = runs.map(() => 0);
  // By themselves, since each of a hundred thousand values is chosen among all of them.
  const heads = Float64Array.from(runs, ([first]) => first?.at ?? Infinity);
  for (let left = runs.reduce((sum, { length }) => sum + length, 0); left > 0; left--) {
    const oldest = placeOfLeast(heads);
    const place = places[oldest] ?? 0;
    const run = runs[oldest];
    if (run?.[place]) yield run[place].signal;
    places[oldest] = place + 1;
    heads[oldest] = run?.[place + 1]?.at ?? Infinity;
  }
  return undefined;
}

/** @returns of equal ones the first */
function placeOfLeast(numbers: Float64Array): number {
  let [place, least] = [0, Infinity];
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i] ?? Infinity;
    if (number < least) [place, least] = [i, number];
  }
  return place;
}
