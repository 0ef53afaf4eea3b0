import type { Cancel } from '../../contract/message-link.ts';
import { millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OscPacket } from './osc-wire.ts';
import type { PaceShare } from './pace-share.ts';
import type { PacedRoom } from './paced-room.ts';
import { WaitingPackets } from './waiting-packets.ts';

/** Small packets to one target that leave in one turn of the event loop: Linux keeps 256 for a program that is busy. */
export const atOnceMax = 128;
/** What waits leaves by so many small packets, so often: 16,000 a second, so a program may be busy for some 14 ms and loses nothing. */
export const stepPackets = 32;
/** What stands is much at once, and nobody waits for it: 4000 a second, so a program that starts may be busy for some 60 ms. */
export const standingStepPackets = 8;
export const stepEvery = millis(2);
/** Longer packets count as one for each of so many bytes: Linux keeps room for twice their length, and 768 bytes for a small one. */
export const smallBytes = 384;

export interface PacedLineOptions {
  readonly clock: Clock;
  /** bounds what waits */
  readonly room: PacedRoom;
  /** with all others of the bridge */
  readonly share: PaceShare;
  /** Hands it to the system. */
  readonly transmit: (bytes: Uint8Array) => void;
  /** too much waits already */
  readonly onDropped: () => void;
}

/** Lets no more datagrams leave at once than a receiver can keep: of the others, the newest of each key waits for its turn.
 *  What comes alone overtakes them, unless something that happened waits. */
export class PacedLine {
  readonly #options: PacedLineOptions;
  readonly #waiting: WaitingPackets;
  #thisTurn = 0;
  #cancelStep: Cancel | undefined;

  constructor(options: PacedLineOptions) {
    this.#options = options;
    this.#waiting = new WaitingPackets(options.room);
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** @param stands it is part of what one that is back is given */
  send(packet: OscPacket, stands: boolean): void {
    const { share, onDropped } = this.#options;
    if (this.#thisTurn < atOnceMax && !share.isSpent && this.#waiting.kept === 0) {
      // What it makes old may not come after it.
      if (packet.key !== undefined) this.#waiting.forget(packet.key);
      this.#transmit(packet.bytes);
      return;
    }
    if (this.#waiting.put(packet, stands) === 'full') return onDropped();
    this.#begin();
  }

  /** Everything that waits leaves now, as far as the system takes it. */
  end(): void {
    while (this.#leave() > 0);
    this.#rest();
  }

  /** Forgets what waits. @returns how many */
  drop(): number {
    const { waiting } = this;
    while (this.#waiting.next());
    this.#rest();
    return waiting;
  }

  #begin(): void {
    if (this.#cancelStep) return;
    this.#options.share.begin();
    this.#wait();
  }

  #wait(): void {
    this.#cancelStep = this.#options.clock.after(stepEvery, () => this.#step());
  }

  /** Nothing waits any more. */
  #rest(): void {
    if (!this.#cancelStep) return;
    this.#cancelStep();
    this.#cancelStep = undefined;
    this.#options.share.end();
  }

  #step(): void {
    const { perStep } = this.#options.share;
    let left = 0;
    while (this.waiting > 0 && left < Math.min(perStep, this.#waiting.isCalm ? standingStepPackets : stepPackets))
      left += this.#leave();
    if (this.waiting > 0) this.#wait();
    else this.#rest();
  }

  /** @returns for how many small packets it counts; 0 where none waits */
  #leave(): number {
    const bytes = this.#waiting.next();
    if (!bytes) return 0;
    this.#options.transmit(bytes);
    return weightOf(bytes);
  }

  #transmit(bytes: Uint8Array): void {
    if (this.#thisTurn === 0) setImmediate(() => (this.#thisTurn = 0));
    const weight = weightOf(bytes);
    this.#thisTurn += weight;
    this.#options.share.spend(weight);
    this.#options.transmit(bytes);
  }
}

function weightOf({ length }: Uint8Array): number {
  return Math.max(1, Math.ceil(length / smallBytes));
}
