import { frameAllFor } from '../protocol/framing.ts';
import type { Framing, SharedFrame } from './shared-frame.ts';

/** The frames a peer gets in this turn, as a place in a tree that all peers share: peers that got the same frames stand at
 *  the same place and share its bytes; a peer that gets something of its own stands apart from there on. */
export class TurnBatch {
  readonly count: number;
  readonly sizeBytes: number;
  readonly #parent: TurnBatch | undefined;
  readonly #frame: SharedFrame | undefined;
  #next: TurnBatch | undefined;
  #websocket: Uint8Array | undefined;
  #length32: Uint8Array | undefined;

  /** Without arguments: the empty place where every turn begins. */
  constructor(parent?: TurnBatch, frame?: SharedFrame) {
    this.#parent = parent;
    this.#frame = frame;
    this.count = parent ? parent.count + 1 : 0;
    this.sizeBytes = (parent?.sizeBytes ?? 0) + (frame?.size ?? 0);
  }

  /** The place one frame further. The latest one is remembered, which is all a fan-out needs: it asks for the same frame
   *  peer after peer. */
  with(frame: SharedFrame): TurnBatch {
    const next = this.#next;
    if (next && next.#frame === frame) return next;
    return (this.#next = new TurnBatch(this, frame));
  }

  frames(): SharedFrame[] {
    return TurnBatch.#framesUpTo(this);
  }

  static #framesUpTo(place: TurnBatch): SharedFrame[] {
    const frames: SharedFrame[] = [];
    for (let at: TurnBatch | undefined = place; at && at.#frame; at = at.#parent) frames.push(at.#frame);
    return frames.reverse();
  }

  /** All frames one after the other, joined once for all peers at this place.
   *  @param framing not 'none', where every frame travels alone */
  bytesFor(framing: Exclude<Framing, 'none'>): Uint8Array {
    if (framing === 'websocket') return (this.#websocket ??= joinFrames(this.frames(), framing));
    return (this.#length32 ??= joinFrames(this.frames(), framing));
  }
}

/** The frames in this framing, one after the other, ready for one write. */
export function joinFrames(frames: readonly SharedFrame[], framing: Framing): Uint8Array {
  const [only] = frames;
  if (only && frames.length === 1) return only.bytesFor(framing);
  return frameAllFor(framing, frames);
}
