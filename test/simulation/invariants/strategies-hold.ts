import { sameValue, toJson, type Value } from '../../../src-main/contract/signal.ts';
import type { Accepted } from '../observation.ts';
import type { Complain, Invariant } from './invariant.ts';

/** What stands where writes meet is its strategy folded over what was accepted, and over what a restart brought back: the
 *  highest, the lowest, or a map of which each write changes the key that it names. */
export function strategiesHold(complain: Complain): Invariant {
  let standing = new Map<string, Value>();
  return {
    see: (seen) => {
      if (seen.what === 'began')
        standing = new Map(seen.kept.flatMap(({ address, value }) => (value ? [[address, value]] : [])));
      else if (seen.what === 'accepted' && seen.accepted.kind === 'param') accepted(seen.accepted);
    },
  };

  function accepted({ address, value, life }: Accepted): void {
    const before = standing.get(address);
    if (!value) return;
    standing.set(address, value);
    if (!before || isFold(address, before, value)) return;
    complain(`${address} went from ${show(before)} to ${show(value)} in life ${life}`);
  }
}

function isFold(address: string, before: Value, value: Value): boolean {
  if (address.startsWith('/merge/')) return isMerged(before, value);
  const isHigher = address.startsWith('/max/');
  if (!isHigher && !address.startsWith('/min/')) return true;
  if (before.type !== 'f64' || value.type !== 'f64') return false;
  return isHigher ? value.value >= before.value : value.value <= before.value;
}

/** All that was there, with one key written. */
function isMerged(before: Value, value: Value): boolean {
  if (before.type !== 'map' || value.type !== 'map') return false;
  const [older, newer] = [new Map(before.value), new Map(value.value)];
  const isKept = [...older.keys()].every((key) => newer.has(key));
  const changed = [...newer].filter(([key, entry]) => {
    const was = older.get(key);
    return !was || !sameValue(was, entry);
  });
  return isKept && changed.length <= 1;
}

function show(value: Value): string {
  return JSON.stringify(toJson(value));
}
