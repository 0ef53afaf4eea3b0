/** What the answers of all clients together may take. While it is short, each keeps its share at most. */
export class AnswerRoom {
  readonly #max: number;
  #taken = 0;
  #clients = 0;

  /** @param max of answers; while every client is under its share, up to twice as many */
  constructor(max: number) {
    this.#max = max;
  }

  get taken(): number {
    return this.#taken;
  }

  enter(): void {
    this.#clients++;
  }

  /** @param answers that the client gives back with it */
  leave(answers: number): void {
    this.#clients--;
    this.#taken -= answers;
  }

  take(): void {
    this.#taken++;
  }

  giveBack(): void {
    this.#taken--;
  }

  /** Whether a client that has so many is to forget some. */
  isTooMuch(answers: number): boolean {
    return this.#taken > this.#max && answers > Math.max(1, Math.floor(this.#max / this.#clients));
  }
}
