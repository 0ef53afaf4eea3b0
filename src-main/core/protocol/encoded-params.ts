import { ByteWriter } from './byte-writer.ts';
import { frameBytesMax } from './limits.ts';
import type { EncodedParams, SnapshotParam } from './messages.ts';
import { writeParam } from './state-codec.ts';

/** One that stands for another of as many bytes. */
export interface ParamChange {
  /** where the other begins */
  readonly at: number;
  readonly param: SnapshotParam;
}

const writer = new ByteWriter(frameBytesMax);

/** For whoever sends the same params again and again.
 *  @param params of up to `payloadBytesMax` - 3 bytes together
 *  @throws LimitError 'frame-too-large' for more than a frame holds */
export function encodeParams(params: Iterable<SnapshotParam>): EncodedParams {
  writer.reset();
  let count = 0;
  for (const param of params) {
    writeParam(writer, param);
    count++;
  }
  return { count, bytes: writer.copy() };
}

/** The same with some of them changed, which costs by what has changed and one copy of the rest. */
export function changeParams({ count, bytes }: EncodedParams, changes: Iterable<ParamChange>): EncodedParams {
  const changed = bytes.slice();
  for (const { at, param } of changes) {
    writer.reset();
    writeParam(writer, param);
    changed.set(writer.slab.subarray(writer.end - writer.length, writer.end), at);
  }
  return { count, bytes: changed };
}
