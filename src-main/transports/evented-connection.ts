import type { Cancel } from '../contract/message-link.ts';
import type { PlacedFrame } from '../ports/placed-frame.ts';
import { ConnectionEvents } from './connection-events.ts';

/** What connections over all wires have in common: who listens to them, whether the peer was heard, and whether a sender
 *  waits for room. */
export abstract class EventedConnection {
  protected readonly events = new ConnectionEvents();
  /** nothing is sent or taken any more once it is false */
  protected isOpen = true;
  #mustDrain = false;
  #wasHeard = true;

  onFrame(run: (frame: PlacedFrame) => void): Cancel {
    return this.events.onFrame(run);
  }

  onDrain(run: () => void): Cancel {
    return this.events.onDrain(run);
  }

  onClose(run: (reason: string) => void): Cancel {
    return this.events.onClose(run);
  }

  /** @see KeptAlive */
  wasHeardSince(): boolean {
    const wasHeard = this.#wasHeard;
    this.#wasHeard = false;
    return wasHeard;
  }

  protected heard(): void {
    this.#wasHeard = true;
  }

  /** What is to be sent has no room: whoever sends is told when there is some again. @returns false, for `send` */
  protected refuseForNow(): false {
    this.#mustDrain = true;
    return false;
  }

  /** There is room again. */
  protected drained(): void {
    if (!this.#mustDrain || !this.isOpen) return;
    this.#mustDrain = false;
    this.events.drain();
  }
}
