import { parseAddress } from '../../../src-main/contract/address.ts';
import type { Signal, Value } from '../../../src-main/contract/signal.ts';

/** A param for a slot. @param slot 1..512 */
export function levelAt(slot: number, level: number | Value, universe = 1): Signal {
  const value: Value = typeof level === 'number' ? { type: 'i32', value: level } : level;
  return { kind: 'param', address: parseAddress(`/dmx/${universe}/${slot}`), value };
}
