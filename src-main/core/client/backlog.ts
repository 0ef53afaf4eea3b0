import type { Outgoing } from './outgoing.ts';
import { messageType } from '../protocol/messages.ts';

/** Frames that could not leave yet, in the order of the calls. */
export class Backlog {
  readonly #frames = new Map<bigint, Outgoing>();
  /** ids of the frames that a newer one may replace, by address */
  readonly #newest = new Map<string, bigint>();
  #heldCount = 0;
  #heldBytes = 0;

  get isEmpty(): boolean {
    return this.#frames.size === 0;
  }

  /** of frames for which nobody waits; requests are counted where they wait for their answer */
  get heldCount(): number {
    return this.#heldCount;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** The frame that this one would take the place of. */
  replaced({ waits, message }: Outgoing): Outgoing | undefined {
    if (waits !== 'newest' || message.type !== messageType.set) return undefined;
    const id = this.#newest.get(message.address);
    return id === undefined ? undefined : this.#frames.get(id);
  }

  /** Puts it last. What it replaces goes: writing the newest value last leaves what writing all of them would. */
  add(frame: Outgoing): void {
    const older = this.replaced(frame);
    if (older) this.remove(older);
    this.#frames.set(frame.id, frame);
    if (!frame.isRequest) {
      this.#heldCount++;
      this.#heldBytes += frame.bytes.length;
    }
    if (frame.waits === 'newest' && frame.message.type === messageType.set)
      this.#newest.set(frame.message.address, frame.id);
  }

  remove(frame: Outgoing): void {
    if (!this.#frames.delete(frame.id)) return;
    if (!frame.isRequest) {
      this.#heldCount--;
      this.#heldBytes -= frame.bytes.length;
    }
    const { message } = frame;
    if (message.type === messageType.set && this.#newest.get(message.address) === frame.id)
      this.#newest.delete(message.address);
  }

  frames(): Iterable<Outgoing> {
    return this.#frames.values();
  }

  /** Takes everything out. */
  takeAll(): Outgoing[] {
    const frames = [...this.#frames.values()];
    this.#frames.clear();
    this.#newest.clear();
    this.#heldCount = 0;
    this.#heldBytes = 0;
    return frames;
  }
}
