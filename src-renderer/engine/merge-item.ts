/** Does to the newest form of a thing what was changed from `before` to `after`, field by field: what others changed
 *  beside it stays. A field that both changed is taken from `after`. A list is one field, but for `transforms`: there
 *  each step is known by its content, else by its place.
 *  @returns `newest` itself when nothing is left to change */
export function mergeItem<T>(newest: T, before: T, after: T): T {
  return merge(newest, before, after) as T;
}

type Fields = Readonly<Record<string, unknown>>;

function merge(newest: unknown, before: unknown, after: unknown): unknown {
  if (isSame(before, after) || isSame(newest, after)) return newest;
  if (!isFields(newest) || !isFields(before) || !isFields(after) || !isSameSort(newest, before, after)) return after;
  const merged: Record<string, unknown> = { ...newest };
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (isSame(before[key], after[key])) continue;
    const [theirs, old, own] = [newest[key], before[key], after[key]];
    const lists = key === 'transforms' && Array.isArray(theirs) && Array.isArray(old) && Array.isArray(own);
    if (!(key in after)) Reflect.deleteProperty(merged, key);
    else merged[key] = lists ? mergeSteps(theirs, old, own) : merge(theirs, old, own);
  }
  return merged;
}

/** One thing is done to a chain at a time: a step more, a step less, two change places, or the numbers of some. */
function mergeSteps(newest: readonly unknown[], before: readonly unknown[], after: readonly unknown[]): unknown {
  if (isSame(newest, before)) return after;
  const first = after.findIndex((step, index) => !isSame(step, before[index]));
  const at = first < 0 ? after.length : first;
  if (isSame(after, before.toSpliced(at, 1))) return withoutStep(newest, before[at], at);
  if (isSame(after.toSpliced(at, 1), before)) {
    return newest.toSpliced(at === before.length ? newest.length : Math.min(at, newest.length), 0, after[at]);
  }
  if (after.length !== before.length) return after;
  const changed = after.flatMap((step, index) => (isSame(step, before[index]) ? [] : [index]));
  const [left, right] = changed;
  if (changed.length === 2 && left !== undefined && right !== undefined && isSwap(before, after, left, right)) {
    return swapped(newest, [before[left], left], [before[right], right]);
  }
  return changed.reduce<readonly unknown[]>((steps, index) => {
    const found = placeOf(steps, before[index], index);
    return found < 0 ? steps : steps.with(found, merge(steps[found], before[index], after[index]));
  }, newest);
}

function withoutStep(steps: readonly unknown[], step: unknown, at: number): readonly unknown[] {
  const found = placeOf(steps, step, at);
  return found < 0 ? steps : steps.toSpliced(found, 1);
}

type Placed = readonly [step: unknown, at: number];

function swapped(steps: readonly unknown[], left: Placed, right: Placed): readonly unknown[] {
  const [from, to] = [placeOf(steps, ...left), placeOf(steps, ...right)];
  return from < 0 || to < 0 || from === to ? steps : steps.with(from, steps[to]).with(to, steps[from]);
}

function isSwap(before: readonly unknown[], after: readonly unknown[], left: number, right: number): boolean {
  return isSame(before[left], after[right]) && isSame(before[right], after[left]);
}

/** Where a step is now; -1 when it is gone. */
function placeOf(steps: readonly unknown[], step: unknown, at: number): number {
  if (isSame(steps[at], step)) return at;
  const moved = steps.findIndex((other) => isSame(other, step));
  if (moved >= 0) return moved;
  const there = steps[at];
  return isFields(there) && isFields(step) && isSameSort(there, step) ? at : -1;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Steps of another type have other fields. */
function isSameSort(...all: readonly Fields[]): boolean {
  return all.every(({ type }) => type === all[0]?.['type']);
}

/** Of plain data. */
export function isSame(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => isSame(item, right[index]));
  }
  if (!isFields(left) || !isFields(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length && keys.every((key) => key in right && isSame(left[key], right[key]))
  );
}
