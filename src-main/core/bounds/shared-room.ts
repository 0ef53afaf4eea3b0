/** What is remembered for all clients together may take so much. While it is short, each keeps its share at most. */
export class SharedRoom {
  readonly #max: number;
  #taken = 0;
  #clients = 0;

  /** @param max in any unit; while every client is under its share, up to twice as much, or one for each client more */
  constructor(max: number) {
    this.#max = max;
  }

  get taken(): number {
    return this.#taken;
  }

  enter(): void {
    this.#clients++;
  }

  /** @param amount that the client gives back with it */
  leave(amount: number): void {
    this.#clients--;
    this.#taken -= amount;
  }

  take(amount: number): void {
    this.#taken += amount;
  }

  giveBack(amount: number): void {
    this.#taken -= amount;
  }

  /** Whether a client that has so much is to forget some. */
  isTooMuch(amount: number): boolean {
    return this.#taken > this.#max && amount > Math.max(1, Math.floor(this.#max / this.#clients));
  }
}
