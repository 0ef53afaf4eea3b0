import { NewestQueue } from '../../core/realtime/newest-queue.ts';
import type { OscPacket } from './osc-wire.ts';
import type { PacedRoom } from './paced-room.ts';

/** What waits for one end, as far as there is room: of each key the newest, and what stands behind all else. */
export class WaitingPackets {
  readonly #room: PacedRoom;
  readonly #live = new NewestQueue<Uint8Array>();
  /** what stands, for one that is back */
  readonly #standing = new NewestQueue<Uint8Array>();

  constructor(room: PacedRoom) {
    this.#room = room;
  }

  get size(): number {
    return this.#live.size + this.#standing.size;
  }

  /** Of those the ones that all else waits for: nobody knows what they make old, so that nothing may overtake them. */
  get kept(): number {
    return this.#live.kept;
  }

  /** whether nothing but what stands waits */
  get isCalm(): boolean {
    return this.#live.size === 0;
  }

  /** What waits with this key is old. */
  forget(key: string): void {
    for (const lane of [this.#live, this.#standing]) this.#room.free(lane.take(key));
  }

  /** @param stands it is part of what one that is back is given
   *  @returns old: in the place of one that is old now. full: there is no room for it */
  put({ bytes, key }: OscPacket, stands: boolean): 'new' | 'old' | 'full' {
    const lane = stands && key !== undefined ? this.#standing : this.#live;
    const past = key !== undefined && lane === this.#live ? this.#standing.take(key) : undefined;
    this.#room.free(past);
    const old = key === undefined ? undefined : lane.get(key);
    if (!this.#room.take(bytes, old)) return 'full';
    lane.put(bytes, key);
    return (old ?? past) ? 'old' : 'new';
  }

  /** The one whose turn it is, taken out. */
  next(): Uint8Array | undefined {
    const bytes = this.#live.shift() ?? this.#standing.shift();
    this.#room.free(bytes);
    return bytes;
  }
}
