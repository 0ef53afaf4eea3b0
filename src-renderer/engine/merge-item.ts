import { InputError } from '../../src-main/contract/errors.ts';
import { alignSteps, alignUnseen, type AlignSteps } from './align-steps.ts';
import { isSame } from './is-same.ts';

/** Does to the newest form of a thing what was changed from `before` to `after`, field by field: what others changed
 *  beside it stays. A field that both changed is taken from `after`. A list is one field, but for `transforms`: there
 *  each step is known by its content, else by its type where that leaves no doubt.
 *  @returns `newest` itself when nothing is left to change
 *  @throws InputError 'unknown-id' when a step whose numbers changed is gone */
export function mergeItem<T>(newest: T, before: T, after: T): T {
  return merge({ newest, before, after }, alignSteps) as T;
}

/** As `mergeItem`, where edits were made that nobody saw: a step is known by its content alone. */
export function mergeUnseen<T>(newest: T, before: T, after: T): T {
  return merge({ newest, before, after }, alignUnseen) as T;
}

interface Forms<T> {
  readonly newest: T;
  readonly before: T;
  readonly after: T;
}

type Fields = Readonly<Record<string, unknown>>;

function merge({ newest, before, after }: Forms<unknown>, align: AlignSteps): unknown {
  if (isSame(before, after) || isSame(newest, after)) return newest;
  if (!isFields(newest) || !isFields(before) || !isFields(after) || !isSameSort(newest, before, after)) return after;
  const merged: Record<string, unknown> = { ...newest };
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (isSame(before[key], after[key])) continue;
    const [theirs, old, own] = [newest[key], before[key], after[key]];
    const lists = key === 'transforms' && Array.isArray(theirs) && Array.isArray(old) && Array.isArray(own);
    if (!(key in after)) Reflect.deleteProperty(merged, key);
    else if (lists) merged[key] = mergeSteps({ newest: theirs, before: old, after: own }, align);
    else merged[key] = merge({ newest: theirs, before: old, after: own }, align);
  }
  return merged;
}

/** One thing is done to a chain at a time: a step more, a step less, two change places, or the numbers of some. */
function mergeSteps({ newest, before, after }: Forms<readonly unknown[]>, align: AlignSteps): unknown {
  if (isSame(newest, before)) return after;
  const places = align(before, newest);
  const first = after.findIndex((step, index) => !isSame(step, before[index]));
  const at = first < 0 ? after.length : first;
  if (isSame(after, before.toSpliced(at, 1))) return withoutStep(newest, places[at] ?? -1);
  if (isSame(after.toSpliced(at, 1), before)) {
    return newest.toSpliced(at === before.length ? newest.length : Math.min(at, newest.length), 0, after[at]);
  }
  if (after.length !== before.length) return after;
  const changed = after.flatMap((step, index) => (isSame(step, before[index]) ? [] : [index]));
  const [left, right] = changed;
  if (changed.length === 2 && left !== undefined && right !== undefined && isSwap(before, after, left, right)) {
    return swapped(newest, places[left] ?? -1, places[right] ?? -1);
  }
  const made = align(after, newest);
  return changed.reduce<readonly unknown[]>((steps, index) => {
    const found = places[index] ?? -1;
    if (found < 0 && (made[index] ?? -1) >= 0) return steps;
    if (found < 0) throw new InputError('unknown-id', 'The step is not in the chain any more. Nothing was changed.');
    return steps.with(found, merge({ newest: steps[found], before: before[index], after: after[index] }, align));
  }, newest);
}

function withoutStep(steps: readonly unknown[], place: number): readonly unknown[] {
  return place < 0 ? steps : steps.toSpliced(place, 1);
}

function swapped(steps: readonly unknown[], left: number, right: number): readonly unknown[] {
  return left < 0 || right < 0 ? steps : steps.with(left, steps[right]).with(right, steps[left]);
}

function isSwap(before: readonly unknown[], after: readonly unknown[], left: number, right: number): boolean {
  return isSame(before[left], after[right]) && isSame(before[right], after[left]);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Steps of another type have other fields. */
function isSameSort(...all: readonly Fields[]): boolean {
  return all.every(({ type }) => type === all[0]?.['type']);
}
