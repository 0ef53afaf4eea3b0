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
  #sent: Sent[] = [];
  #bytes = 0;
  /** the newest that is not kept any more */
  #forgotten = 0;

  add(number: number, data: string): void {
    this.#sent.push({ number, data });
    this.#bytes += data.length;
    while (this.#sent.length > sentMax || this.#bytes > sentBytesMax) {
      const oldest = this.#sent.shift();
      this.#bytes -= oldest?.data.length ?? 0;
      this.#forgotten = oldest?.number ?? 0;
    }
  }

  /** All after the one with this number. @returns undefined where some of it is kept no more */
  after(number: number): readonly Sent[] | undefined {
    return number < this.#forgotten ? undefined : this.#sent.filter((each) => each.number > number);
  }
}
