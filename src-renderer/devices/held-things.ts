import type { FoundThing } from '../../src-main/contract/discovery.ts';

/** A thing of the list, and whether it is there by its place alone. */
export interface HeldThing {
  readonly thing: FoundThing;
  readonly isGone: boolean;
}

/** The list while somebody is at it: what went keeps its place, so that nothing moves away under the pointer.
 *  @param before the list as it stood */
export function heldThings(before: readonly HeldThing[], things: readonly FoundThing[]): readonly HeldThing[] {
  const now = new Map(things.map((thing) => [thing.key, thing]));
  const kept = before.map(({ thing }) => {
    const newest = now.get(thing.key);
    now.delete(thing.key);
    return { thing: newest ?? thing, isGone: newest === undefined };
  });
  return [...kept, ...freshThings([...now.values()])];
}

export function freshThings(things: readonly FoundThing[]): readonly HeldThing[] {
  return things.map((thing) => ({ thing, isGone: false }));
}
