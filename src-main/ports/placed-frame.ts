/** One frame where it lies, among others that came or go with it: bytes from `start` up to `end` of a slab. A view for each
 *  would cost as much as dealing with a short frame does. */
export interface PlacedFrame {
  readonly slab: Uint8Array;
  /** From here on it is a WebSocket message as a server sends it, header and all, and often the next frame's follows; it may
   *  be sent on, since nobody writes to it again. It is `start` where no header stands before it. */
  readonly from: number;
  readonly start: number;
  readonly end: number;
  /** bytes behind `end` that are nobody else's: for what is sent on with a little more than it came with; none without */
  readonly room?: number;
}

/** A frame that has its bytes for itself. */
export function placedFrame(bytes: Uint8Array): PlacedFrame {
  return { slab: bytes, from: 0, start: 0, end: bytes.length };
}

/** A view of the frame alone. */
export function bytesOfFrame({ slab, start, end }: PlacedFrame): Uint8Array {
  return start === 0 && end === slab.length ? slab : slab.subarray(start, end);
}
