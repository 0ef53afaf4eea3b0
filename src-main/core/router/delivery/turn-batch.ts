import { frameAllFor } from '../../protocol/framing.ts';
import type { Framing, SharedFrame } from './shared-frame.ts';

interface Joined {
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** The frames that peers get in this turn, as a list that they share as long as they get the same ones: each peer stands at
 *  some count of it. One that gets something else goes on in a branch. */
export class TurnBatch {
  readonly #frames: SharedFrame[];
  /** the latest; it parted from this list at `#branchedAt` */
  #branch: TurnBatch | undefined;
  #branchedAt = 0;
  #websocket: Joined | undefined;
  #length32: Joined | undefined;

  /** Without arguments: the empty list with which every turn begins. */
  constructor(frames: SharedFrame[] = []) {
    this.#frames = frames;
  }

  /** The list in which `frame` comes behind the first `count`. The latest branch is remembered, which is all a fan-out needs:
   *  it asks for the same frame peer after peer. */
  with(count: number, frame: SharedFrame): TurnBatch {
    const there = this.#frames[count];
    if (there === frame) return this;
    if (there === undefined) {
      this.#frames.push(frame);
      return this;
    }
    const branch = this.#branch;
    if (branch && this.#branchedAt === count && branch.#frames[count] === frame) return branch;
    const frames = this.#frames.slice(0, count);
    frames.push(frame);
    this.#branchedAt = count;
    return (this.#branch = new TurnBatch(frames));
  }

  /** The first `count`. */
  frames(count: number): readonly SharedFrame[] {
    return count === this.#frames.length ? this.#frames : this.#frames.slice(0, count);
  }

  /** The first `count` frames one after the other, joined once for all peers that stand there.
   *  @param framing not 'none', where every frame travels alone */
  bytesFor(framing: Exclude<Framing, 'none'>, count: number): Uint8Array {
    const known = framing === 'websocket' ? this.#websocket : this.#length32;
    if (known?.count === count) return known.bytes;
    const joined = { count, bytes: joinFrames(this.frames(count), framing) };
    if (framing === 'websocket') this.#websocket = joined;
    else this.#length32 = joined;
    return joined.bytes;
  }
}

/** The frames in this framing, one after the other, ready for one write. */
export function joinFrames(frames: readonly SharedFrame[], framing: Framing): Uint8Array {
  const [only] = frames;
  if (only && frames.length === 1) return only.bytesFor(framing);
  return frameAllFor(framing, frames);
}
