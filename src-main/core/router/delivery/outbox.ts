import type { Connection } from '../../../ports/transport.ts';
import type { DropReason } from '../counters.ts';
import { Departures, type Departure } from './departures.ts';
import { HeldFrames } from './held-frames.ts';
import type { SharedFrame } from './shared-frame.ts';
import { joinFrames, type TurnBatch } from './turn-batch.ts';
import type { Turn } from './turn.ts';
import type { Job, TurnLine } from './turn-line.ts';

export interface OutboxLimits {
  readonly batchBytesMax: number;
  readonly outboxMessagesMax: number;
  readonly outboxBytesMax: number;
  readonly chunksPerTurnMax: number;
}

export interface OutboxOptions {
  readonly connection: Connection;
  readonly turn: Turn;
  /** where sources wait for their share */
  readonly line: Pick<TurnLine, 'add' | 'turn'>;
  readonly limits: OutboxLimits;
  /** frames that the peer will never get */
  readonly onShed: (reason: DropReason, count: number) => void;
  /** past its bounds; the outbox sends nothing more */
  readonly onOverflow: (reason: string) => void;
}

/** Frames that are made only when there is room for them, such as the SNAPSHOT of a large state. */
export interface FrameSource {
  /** @returns the next frame; 'later' when this turn's work is done; undefined at the end */
  next(): SharedFrame | 'later' | undefined;
}

/** Everything on its way to one peer. While the peer keeps up, frames are collected through the turn and leave in one
 *  write that peers with equal frames share. Once its connection is full, frames are held, and give way as `HeldFrames` says;
 *  events and answers stay. What was left out is told by ERROR 503 as soon as the peer takes something again; past the
 *  bounds the session is closed. */
export class Outbox implements Job {
  /** frames handed to it that the peer can take */
  framesTotal = 0;
  readonly #options: OutboxOptions;
  readonly #held: HeldFrames;
  readonly #sources: FrameSource[] = [];
  /** what the turn has collected: the first `#batchCount` frames of it */
  #batch: TurnBatch | undefined;
  #batchCount = 0;
  #batchBytes = 0;
  #isBlocked = false;
  #isClosed = false;
  #isInLine = false;
  #pulledIn = -1;
  #pulls = 0;
  /** made when somebody first asks */
  #departures: Departures | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
    const { limits, connection } = options;
    this.#held = new HeldFrames({ ...limits, yieldsAtOnce: connection.isSlow ?? false }, options.onShed);
    options.connection.onDrain(() => this.#onDrain());
  }

  add(frame: SharedFrame): void {
    if (this.#isClosed) return;
    const { connection, turn, limits, onShed } = this.#options;
    if (frame.size > connection.maxBytes) return onShed('oversize', 1);
    this.framesTotal++;
    if (this.#isBlocked) return this.#hold(frame);
    this.#batch = (this.#batch ?? turn.root).with(this.#batchCount++, frame);
    this.#batchBytes += frame.size;
    if (this.#batchBytes >= limits.batchBytesMax) this.#sendBatch();
    else if (this.#batchCount === 1) turn.mark(this);
  }

  /** The first frame takes its place in the order now, the others as there is room. */
  addFrom(source: FrameSource): void {
    if (this.#isClosed) return;
    if (this.#sources.length >= this.#options.limits.outboxMessagesMax) return this.#overflow();
    if (!this.#isBlocked && this.#sources.length === 0) {
      const first = source.next();
      if (first === undefined) return;
      if (first !== 'later') this.add(first);
    }
    this.#sources.push(source);
    this.#goOnPulling();
  }

  /** Sends what the turn has collected; the turn calls it. */
  flush(): void {
    if (this.#isClosed || this.#isBlocked) return;
    this.#sendBatch();
  }

  /** Asks the first source for its next frame; the line calls it. */
  step(): 'more' | 'later' | 'done' {
    const { line, limits } = this.#options;
    if (line.turn !== this.#pulledIn) this.#pulls = 0;
    this.#pulledIn = line.turn;
    if (!this.#canPull()) {
      this.#isInLine = false;
      return 'done';
    }
    return this.#pull() && ++this.#pulls < limits.chunksPerTurnMax ? 'more' : 'later';
  }

  /** Runs once all that it was handed so far is in the peer's socket, or has given way to something newer; never if the
   *  session ends first, or too many wait to hear of a slow peer. */
  whenLeft(run: Departure): void {
    if (this.#isClosed) return;
    const departures = (this.#departures ??= new Departures());
    departures.add(run);
    if (this.#isBlocked) departures.batchHeld(this.#held.nextNumber);
    else if (!this.#batch) departures.batchLeft();
  }

  /** waiting until the peer reads again */
  get heldBytes(): number {
    return this.#held.sizeBytes;
  }

  close(): void {
    this.#isClosed = true;
    this.#batch = undefined;
    this.#sources.length = 0;
    this.#held.clear();
    this.#departures = undefined;
  }

  #goOnPulling(): void {
    if (this.#isInLine || !this.#canPull()) return;
    this.#isInLine = true;
    this.#options.line.add(this);
  }

  #canPull(): boolean {
    return this.#sources.length > 0 && !this.#isBlocked;
  }

  /** @returns false when the source wants to go on in another turn */
  #pull(): boolean {
    const frame = this.#sources[0]?.next();
    if (frame === 'later') return false;
    if (frame === undefined) this.#sources.shift();
    else {
      this.add(frame);
      this.#sendBatch();
    }
    return true;
  }

  #sendBatch(): void {
    const batch = this.#batch;
    const count = this.#batchCount;
    this.#batch = undefined;
    this.#batchCount = 0;
    this.#batchBytes = 0;
    if (!batch || this.#isClosed) return;
    const { connection } = this.#options;
    if (connection.framing === 'none') this.#sendSingly(batch.frames(count));
    else if (!connection.send(batch.bytesFor(connection.framing, count))) {
      this.#isBlocked = true;
      for (const frame of batch.frames(count)) this.#hold(frame);
    }
    if (!this.#isBlocked) this.#departures?.batchLeft();
    else this.#departures?.batchHeld(this.#held.nextNumber);
  }

  #sendSingly(frames: readonly SharedFrame[]): void {
    for (const frame of frames) {
      if (!this.#isBlocked && this.#options.connection.send(frame.bytes)) continue;
      this.#isBlocked = true;
      this.#hold(frame);
    }
  }

  #hold(frame: SharedFrame): void {
    // A frame of the same batch was one too many.
    if (this.#isClosed) return;
    this.#held.add(frame);
    if (this.#held.isOver) this.#overflow();
  }

  #onDrain(): void {
    if (this.#isClosed || !this.#isBlocked) return;
    const { connection } = this.#options;
    for (let frames = this.#next(); frames.length > 0; frames = this.#next()) {
      if (!connection.send(joinFrames(frames, connection.framing))) return;
      this.#held.remove(frames.length);
      this.#departures?.heldLeft(this.#held.oldest);
    }
    this.#isBlocked = false;
    // Where all that was held gave way, nothing was removed.
    this.#departures?.heldLeft(this.#held.oldest);
    this.#goOnPulling();
  }

  #next(): readonly SharedFrame[] {
    const { connection, limits } = this.#options;
    return this.#held.first(connection.framing === 'none' ? 1 : limits.batchBytesMax);
  }

  #overflow(): void {
    const { count, sizeBytes, leftOut } = this.#held;
    const { samples, moves, values } = leftOut;
    const reason = `too slow: ${count} messages of ${sizeBytes} bytes waited; left out: ${samples} samples, ${moves} moves, ${values} values`;
    this.close();
    this.#options.onOverflow(reason);
  }
}
