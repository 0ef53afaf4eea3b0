import type { SharedRoom } from '../../../core/bounds/shared-room.ts';

/** What was sent stays so long, for who comes back. */
export const sentMax = 1000;
export const sentBytesMax = 1024 * 1024;

interface Sent {
  /** counts what the stream told, from 1 */
  readonly number: number;
  readonly data: string;
}

/** The last that a stream of events told. */
export class SentEvents {
  readonly #room: SharedRoom;
  #sent: Sent[] = [];
  #bytes = 0;
  /** the newest that is not kept any more */
  #forgotten = 0;

  /** @param room for what all streams keep */
  constructor(room: SharedRoom) {
    this.#room = room;
    room.enter();
  }

  add(number: number, data: string): void {
    this.#sent.push({ number, data });
    this.#bytes += data.length;
    this.#room.take(data.length);
    while (this.#sent.length > sentMax || this.#bytes > sentBytesMax || this.#room.isTooMuch(this.#bytes)) {
      const oldest = this.#sent.shift();
      const bytes = oldest?.data.length ?? 0;
      this.#bytes -= bytes;
      this.#room.giveBack(bytes);
      this.#forgotten = oldest?.number ?? 0;
    }
  }

  /** Nobody comes back to it. */
  close(): void {
    this.#room.leave(this.#bytes);
    this.#sent = [];
    this.#bytes = 0;
  }

  /** All after the one with this number. @returns undefined where some of it is kept no more */
  after(number: number): readonly Sent[] | undefined {
    return number < this.#forgotten ? undefined : this.#sent.filter((each) => each.number > number);
  }
}
