import type { PlacedFrame } from '../../../ports/placed-frame.ts';
import type { Connection } from '../../../ports/transport.ts';
import { encodeOnSlab, type FrameOptions } from '../../protocol/frame.ts';
import { frameAllFor, frameFor } from '../../protocol/framing.ts';
import { messageType, type Message, type PublishMessage } from '../../protocol/messages.ts';
import { frameAsItCame } from '../../protocol/publish-codec.ts';

export type Framing = Connection['framing'];

/** What may happen to a frame that waits for a slow peer.
 *  keep: it arrives or the session ends. ends-moves: the same, and moves of its finger do not pass it.
 *  newest-sample, newest-batch, newest-move, newest-value: a newer one about the same takes its place, at once or once the
 *  peer is far behind. */
export type Shedding = 'keep' | 'ends-moves' | 'newest-sample' | 'newest-batch' | 'newest-move' | 'newest-value';

export interface SharedFrameOptions extends FrameOptions {
  /** whatever its kind, nothing may take its place */
  readonly isWhole?: boolean;
}

/** One outgoing message, encoded once and framed once for each framing, however many peers get it. */
export class SharedFrame implements PlacedFrame {
  readonly shedding: Shedding;
  /** empty where nothing may take its place */
  readonly address: string;
  /** of a gesture */
  readonly finger: number;
  slab: Uint8Array;
  from: number;
  start: number;
  end: number;
  #bytes: Uint8Array | undefined;
  #isKept = false;
  #websocket: Uint8Array | undefined;
  #length32: Uint8Array | undefined;

  /** @throws LimitError 'frame-too-large' when no frame can carry the message */
  constructor(message: Message, options?: SharedFrameOptions) {
    const asItCame = options === undefined ? frameAsItCame(message) : undefined;
    const { slab, from, start, end } = asItCame ?? encodeOnSlab(message, options);
    this.slab = slab;
    this.from = from;
    this.start = start;
    this.end = end;
    this.shedding = options?.isWhole ? 'keep' : sheddingOf(message);
    this.address = message.type === messageType.set || message.type === messageType.publish ? message.address : '';
    this.finger = message.type === messageType.publish ? (message.id ?? 0) : 0;
  }

  get size(): number {
    return this.end - this.start;
  }

  get bytes(): Uint8Array {
    return (this.#bytes ??= this.slab.subarray(this.start, this.end));
  }

  /** Puts it on bytes of its own, for who keeps it longer than a turn: a view would hold its whole slab. They stand in
   *  the framing that most peers have, so that it costs no second copy. */
  keep(): this {
    if (this.#isKept) return this;
    this.#isKept = true;
    const framed = frameAllFor('websocket', [this]);
    this.from = 0;
    this.start = framed.length - this.size;
    this.end = framed.length;
    this.slab = this.#websocket = framed;
    this.#bytes = undefined;
    this.#length32 = undefined;
    return this;
  }

  bytesFor(framing: Framing): Uint8Array {
    switch (framing) {
      case 'websocket':
        return (this.#websocket ??= frameFor(framing, this.bytes));
      case 'length32':
        return (this.#length32 ??= frameFor(framing, this.bytes));
      case 'none':
        return this.bytes;
      default:
        return framing satisfies never;
    }
  }
}

/** Whether it carries samples of more than one moment: what comes later does not stand for them. */
export function isBatch({ samples = [] }: PublishMessage): boolean {
  return samples.length > 1;
}

function sheddingOf(message: Message): Shedding {
  if (message.type === messageType.set) return message.lock || message.unlock ? 'keep' : 'newest-value';
  if (message.type !== messageType.publish) return 'keep';
  if (message.kind === 'stream') return isBatch(message) ? 'newest-batch' : 'newest-sample';
  if (message.kind !== 'gesture') return 'keep';
  return message.phase === 'move' ? 'newest-move' : 'ends-moves';
}
