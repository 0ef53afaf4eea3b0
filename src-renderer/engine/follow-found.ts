import type { FoundChange, FoundState, FoundThing } from '../../src-main/contract/discovery.ts';

/** What is found after a change of it: what is known keeps its place, what is new comes last. */
export function followFound({ things }: FoundState, { mode, troubles, changed, gone }: FoundChange): FoundState {
  const byKey = new Map<string, FoundThing>(things.map((thing) => [thing.key, thing]));
  for (const key of gone) byKey.delete(key);
  for (const thing of changed) byKey.set(thing.key, thing);
  return { mode, troubles, things: [...byKey.values()] };
}
