import type { Micros } from '../../../contract/units.ts';
import { bytesOfFrame, placedFrame, type PlacedFrame } from '../../../ports/placed-frame.ts';
import type { Connection } from '../../../ports/transport.ts';
import type { RouterLimits } from '../limits.ts';
import type { Job, TurnLine } from '../delivery/turn-line.ts';

export interface SessionInboxOptions {
  readonly connection: Pick<Connection, 'pauseReading' | 'resumeReading' | 'framesStay'>;
  readonly line: TurnLine;
  readonly limits: Pick<RouterLimits, 'atOncePerTurnMax' | 'inboxBytesMax'>;
  /** A frame has come. @returns when, if somebody wants to know */
  readonly arrived: () => Micros | undefined;
  /** @param frame valid during the call only
   *  @returns what it cost beside its bytes, in small messages */
  readonly handle: (frame: PlacedFrame, arrivedAt: Micros | undefined) => number;
  /** more waits than a connection that is asked to pause still brings */
  readonly onOverflow: () => void;
}

/** of one step, in small messages */
const stepCost = 8;
/** beside its bytes */
const frameBytes = 64;
/** handled frames that may still lie before the waiting ones */
const takenMax = 512;

/** What one peer has sent. A few messages in a turn are handled as they come, and so is all that comes while nobody waits
 *  and the turn is young. The rest waits in line, and the peer is read no further until it is done. */
export class SessionInbox implements Job {
  readonly #options: SessionInboxOptions;
  #waiting: PlacedFrame[] = [];
  /** of those that somebody wants to know it of */
  readonly #arrivals = new Map<PlacedFrame, Micros>();
  #next = 0;
  #waitingBytes = 0;
  #turn = 0;
  #cost = 0;
  /** the turn in which it waited last */
  #waitedIn = -1;
  #isClosed = false;
  #isHeld = false;

  constructor(options: SessionInboxOptions) {
    this.#options = options;
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** @param frame valid during the call only, or longer as its connection says */
  receive(frame: PlacedFrame): void {
    if (this.#isClosed) return;
    const arrivedAt = this.#options.arrived();
    if (!this.#isHeld && this.#waiting.length === 0 && this.#mayPass(frame))
      this.#cost += this.#options.handle(frame, arrivedAt);
    else this.#wait(this.#options.connection.framesStay ? frame : placedFrame(bytesOfFrame(frame).slice()), arrivedAt);
  }

  /** Handles nothing until `release`: what comes waits. */
  hold(): void {
    this.#isHeld = true;
    this.#options.connection.pauseReading();
  }

  /** What has waited is handled in its turn. */
  release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    if (this.#isClosed) return;
    if (this.#waiting.length > this.#next) this.#options.line.add(this);
    else this.#finish();
  }

  step(): 'more' | 'done' {
    let cost = 0;
    while (cost < stepCost && !this.#isHeld) {
      const next = this.#take();
      if (!next) break;
      cost += costOf(next) + this.#handle(next);
    }
    if (this.#isHeld) return 'done';
    return this.#waiting.length > this.#next ? 'more' : this.#finish();
  }

  /** Handles all that waits: the peer has gone. */
  drain(): void {
    for (let next = this.#take(); next; next = this.#take()) this.#handle(next);
  }

  /** Nothing is handled any more. */
  close(): void {
    this.#isClosed = true;
    this.#waiting = [];
    this.#arrivals.clear();
    this.#waitingBytes = 0;
  }

  #mayPass(frame: PlacedFrame): boolean {
    const { line, limits } = this.#options;
    const turn = line.begin();
    const wasWaiting = turn - this.#waitedIn <= 1;
    if (turn !== this.#turn) this.#cost = 0;
    this.#turn = turn;
    const cost = costOf(frame);
    this.#cost += cost;
    const isOver = line.isOverAfter(cost);
    // Whoever sends without end would otherwise have as much at once, turn after turn, as those who send little.
    if (!wasWaiting && this.#cost <= limits.atOncePerTurnMax) return true;
    return !line.isBusy && !isOver;
  }

  #wait(frame: PlacedFrame, arrivedAt: Micros | undefined): void {
    const { connection, line, limits, onOverflow } = this.#options;
    if (this.#waiting.length === 0 && !this.#isHeld) {
      line.add(this);
      connection.pauseReading();
    }
    this.#waiting.push(frame);
    if (arrivedAt !== undefined) this.#arrivals.set(frame, arrivedAt);
    this.#waitingBytes += sizeOf(frame) + frameBytes;
    if (this.#waitingBytes > limits.inboxBytesMax) onOverflow();
  }

  #take(): PlacedFrame | undefined {
    const frame = this.#waiting[this.#next];
    if (!frame) return undefined;
    if (++this.#next === takenMax) this.#forgetTaken();
    this.#waitingBytes -= sizeOf(frame) + frameBytes;
    return frame;
  }

  /** One that waited. @returns as `handle` */
  #handle(frame: PlacedFrame): number {
    if (this.#arrivals.size === 0) return this.#options.handle(frame, undefined);
    const arrivedAt = this.#arrivals.get(frame);
    this.#arrivals.delete(frame);
    return this.#options.handle(frame, arrivedAt);
  }

  #forgetTaken(): void {
    this.#waiting.splice(0, this.#next);
    this.#next = 0;
  }

  #finish(): 'done' {
    const { connection, line } = this.#options;
    this.#forgetTaken();
    this.#waitedIn = line.turn;
    if (!this.#isClosed) connection.resumeReading();
    return 'done';
  }
}

function costOf(frame: PlacedFrame): number {
  return 1 + (sizeOf(frame) >> 8);
}

function sizeOf({ start, end }: PlacedFrame): number {
  return end - start;
}
