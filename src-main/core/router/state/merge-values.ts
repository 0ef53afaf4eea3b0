import type { MapEntry, Value } from '../../../contract/signal.ts';

/** What a write makes of a value under `merge`: two maps become one, key by key and also inside each other; keys keep their
 *  places, new ones come last. Anything else is replaced. A key given several times counts as it comes last. */
export function mergeValues(standing: Value, update: Value): Value {
  if (standing.type !== 'map' || update.type !== 'map') return update;
  const merged = new Map<string, Value>(standing.value);
  for (const [key, value] of update.value) {
    const there = merged.get(key);
    merged.set(key, there === undefined ? value : mergeValues(there, value));
  }
  return { type: 'map', value: [...merged].map(([key, value]): MapEntry => [key, value]) };
}
