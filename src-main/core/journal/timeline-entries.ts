import { parseAddress, type Address } from '../../contract/address.ts';
import { AppError } from '../../contract/errors.ts';
import { micros } from '../../contract/units.ts';
import type { PackedEntries } from '../../ports/journal-store.ts';
import { WireValue } from '../protocol/wire-value.ts';
import {
  decodeTimelineReport,
  encodeTimelineReport,
  type KeptTimeline,
  type TimelineReport,
} from '../timeline/timeline-report.ts';
import { readEntries, timelineKey, type EntryPacker } from './param-entries.ts';

// A timeline is kept as a param is, under a key that no param can have: what a late joiner is told of it is the value.

/** @param report undefined: it is gone
 *  @returns false, with nothing taken, when the packer is full: `take` what is there first */
export function packTimeline(packer: EntryPacker, address: Address, report: TimelineReport | undefined): boolean {
  const key = timelineKey + address;
  if (!report) return packer.add(key, undefined);
  const value = WireValue.of(encodeTimelineReport(report));
  const entry = {
    value,
    revision: 0n,
    timestamp: micros(0),
    movedAt: micros(0),
    writer: '',
    ttl: undefined,
    isOwn: false,
  };
  return packer.add(key, { ...entry, sizeBytes: key.length * 3 + value.data.length });
}

/** The timelines that a chunk holds. One that makes no sense is given as undefined. */
export function* unpackTimelines(packed: PackedEntries): Generator<KeptTimeline | undefined, undefined> {
  for (const { key, entry } of readEntries(packed)) {
    if (key.startsWith(timelineKey)) yield entry && tryTimeline(key.slice(timelineKey.length), entry.value);
  }
  return undefined;
}

function tryTimeline(address: string, value: WireValue): KeptTimeline | undefined {
  try {
    return { address: parseAddress(address), report: decodeTimelineReport(value.value) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return undefined;
  }
}
