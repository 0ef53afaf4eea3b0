import { bytesOfFrame, type PlacedFrame } from '../../../ports/placed-frame.ts';
import type { Connection } from '../../../ports/transport.ts';
import { encodeOnSlab, type FrameOptions } from '../../protocol/frame.ts';
import { frameAllFor, frameFor } from '../../protocol/framing.ts';
import { messageType, type Message, type PublishMessage, type SetMessage } from '../../protocol/messages.ts';
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

/** What somebody who must leave frames out has to know of one. */
interface Subject {
  readonly shedding: Shedding;
  readonly address: string;
  readonly finger: number;
}

/** What most frames never need: what it is about, and its bytes as different connections want them. */
interface Details {
  subject?: Subject;
  isKept?: boolean;
  bytes?: Uint8Array;
  websocket?: Uint8Array;
  length32?: Uint8Array;
}

const nothing: Subject = { shedding: 'keep', address: '', finger: 0 };

/** One outgoing message, encoded once and framed once for each framing, however many peers get it. Most leave at once: what
 *  is needed of the others only is made when it is asked for. */
export class SharedFrame implements PlacedFrame {
  #placed: PlacedFrame;
  /** until `#details` says what it is about, or it is kept */
  #message: Message | undefined;
  #details: Details | undefined;

  /** @throws LimitError 'frame-too-large' when no frame can carry the message */
  constructor(message: Message, options?: SharedFrameOptions) {
    this.#placed = placed(message, options);
    this.#message = message;
    if (options?.isWhole) this.#details = { subject: { ...subjectOf(message), shedding: 'keep' } };
  }

  get slab(): Uint8Array {
    return this.#placed.slab;
  }

  get from(): number {
    return this.#placed.from;
  }

  get start(): number {
    return this.#placed.start;
  }

  get end(): number {
    return this.#placed.end;
  }

  get size(): number {
    return this.#placed.end - this.#placed.start;
  }

  get bytes(): Uint8Array {
    return (this.#more.bytes ??= bytesOfFrame(this.#placed));
  }

  get shedding(): Shedding {
    return this.#about.shedding;
  }

  /** empty where nothing may take its place */
  get address(): string {
    return this.#about.address;
  }

  /** of a gesture */
  get finger(): number {
    return this.#about.finger;
  }

  /** Puts it on bytes of its own, for who keeps it longer than a turn: a view would hold its whole slab. They stand in
   *  the framing that most peers have, so that it costs no second copy. */
  keep(): this {
    if (this.#details?.isKept) return this;
    const subject = this.#about;
    // It holds what it came in.
    this.#message = undefined;
    const websocket = frameAllFor('websocket', [this]);
    this.#placed = { slab: websocket, from: 0, start: websocket.length - this.size, end: websocket.length };
    this.#details = { subject, isKept: true, websocket };
    return this;
  }

  bytesFor(framing: Framing): Uint8Array {
    switch (framing) {
      case 'websocket':
        return (this.#more.websocket ??= this.#forWebsocket());
      case 'length32':
        return (this.#more.length32 ??= frameFor(framing, this.bytes));
      case 'none':
        return this.bytes;
      default:
        return framing satisfies never;
    }
  }

  /** Most have their header before them. */
  #forWebsocket(): Uint8Array {
    const { slab, from, start, end } = this.#placed;
    return from < start ? slab.subarray(from, end) : frameFor('websocket', this.bytes);
  }

  get #more(): Details {
    return (this.#details ??= {});
  }

  get #about(): Subject {
    return (this.#more.subject ??= this.#message ? subjectOf(this.#message) : nothing);
  }
}

function placed(message: Message, options: SharedFrameOptions | undefined): PlacedFrame {
  return (options === undefined ? frameAsItCame(message) : undefined) ?? encodeOnSlab(message, options);
}

function subjectOf(message: Message): Subject {
  if (message.type !== messageType.set && message.type !== messageType.publish) return nothing;
  const finger = message.type === messageType.publish ? (message.id ?? 0) : 0;
  return { shedding: sheddingOf(message), address: message.address, finger };
}

/** Whether it carries samples of more than one moment: what comes later does not stand for them. */
export function isBatch({ samples = [] }: PublishMessage): boolean {
  return samples.length > 1;
}

function sheddingOf(message: SetMessage | PublishMessage): Shedding {
  if (message.type === messageType.set) return message.lock || message.unlock ? 'keep' : 'newest-value';
  if (message.kind === 'stream') return isBatch(message) ? 'newest-batch' : 'newest-sample';
  if (message.kind !== 'gesture') return 'keep';
  return message.phase === 'move' ? 'newest-move' : 'ends-moves';
}
