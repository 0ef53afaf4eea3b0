import { isExact, matches, type Pattern } from '../../contract/address.ts';
import type { FrameOptions } from '../protocol/frame.ts';
import { messageType } from '../protocol/messages.ts';
import { ChunkedSource } from './chunked-source.ts';
import type { FrameSource } from './outbox.ts';
import { paramBytesMax, type ParamRecord } from './param-write.ts';
import { SharedFrame } from './shared-frame.ts';
import type { ValueTable } from './value-table.ts';

export interface SnapshotOptions {
  readonly table: ValueTable;
  /** all params unless given */
  readonly pattern?: Pattern;
  /** whether an empty SNAPSHOT is sent when nothing is there */
  readonly evenIfEmpty: boolean;
  /** of one frame, for peers that take less than the wire allows */
  readonly frameBytesMax: number;
  /** of every frame */
  readonly header?: FrameOptions | undefined;
  /** so many more are in a frame */
  readonly onGiven?: (params: number) => void;
  readonly limits: { readonly snapshotParamsMax: number; readonly scanPerTurnMax: number };
}

/** SNAPSHOT frames of the params as they stand when each frame is made. Since a frame takes its place among the live
 *  updates at that moment, no value in it is older than an update that went before it. */
export function createSnapshotSource(options: SnapshotOptions): FrameSource {
  return new ChunkedSource<ParamRecord>({
    items: recordsFor(options),
    renew: ({ address }) => options.table.get(address),
    sizeOf: (record) => record.sizeBytes,
    frameOf: (params) => {
      options.onGiven?.(params.length);
      return new SharedFrame({ type: messageType.snapshot, params }, options.header);
    },
    evenIfEmpty: options.evenIfEmpty,
    // Header, with a timestamp where there is one, type byte and count.
    bytesMax: Math.min(paramBytesMax, options.frameBytesMax - (options.header ? 15 : 7)),
    itemsMax: options.limits.snapshotParamsMax,
    scanPerTurnMax: options.limits.scanPerTurnMax,
  });
}

function* recordsFor({ table, pattern }: SnapshotOptions): Generator<ParamRecord | undefined, undefined> {
  if (pattern !== undefined && isExact(pattern)) {
    yield table.get(pattern);
    return undefined;
  }
  for (const record of table.records())
    yield pattern === undefined || matches(pattern, record.address) ? record : undefined;
  return undefined;
}
