import { matches, parsePattern, tryAddress, type Pattern } from '../../src-main/contract/address.ts';
import type { MonitorDirection, MonitorEntry } from '../../src-main/contract/live-events.ts';
import { messageOf } from '../../src-main/contract/errors.ts';

/** What of the traffic the monitor shows. */
export interface MonitorFilter {
  readonly pattern: Pattern;
  readonly directions: readonly MonitorDirection[];
  readonly onlyTrouble: boolean;
}

export const everything = parsePattern('/**');

export type PatternReading =
  | { readonly pattern: Pattern; readonly problem?: undefined }
  | { readonly problem: string; readonly pattern?: undefined };

/** Reads what stands in the filter's field; nothing means everything. Never throws. */
export function readPattern(text: string): PatternReading {
  if (text.trim() === '') return { pattern: everything };
  try {
    return { pattern: parsePattern(text.trim()) };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

export function passes(entry: MonitorEntry, filter: MonitorFilter): boolean {
  if (filter.onlyTrouble && !entry.trouble) return false;
  if (!filter.directions.includes(entry.direction)) return false;
  if (filter.pattern === everything) return true;
  const address = tryAddress(entry.address);
  return address !== undefined && matches(filter.pattern, address);
}
