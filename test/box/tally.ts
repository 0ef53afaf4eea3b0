/** What a way through the box promises. every: nothing that was acknowledged is lost. newest: the last value arrives. flow:
 *  frames come all the time, and the last one holds. */
export type Promised = 'every' | 'newest' | 'flow';

export interface Passage {
  readonly way: string;
  readonly promised: Promised;
  readonly sent: number;
  readonly came: number;
  /** came more than once */
  readonly repeated: number;
  /** promised, and never came */
  readonly lost: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** between two arrivals while everything was plugged in */
  readonly longestGapMs: number;
  /** from the moment it was plugged in again to the first arrival; undefined: it was never pulled */
  readonly backMs: number | undefined;
}

/** Counts on from this value up to 255 and begins anew: levels of DMX. */
export const levelOf = (n: number): number => n % 256;

/** Numbers that go one way through the box, and what came of them. */
export class Tally {
  readonly way: string;
  readonly promised: Promised;
  readonly #sentAt = new Map<number, number>();
  readonly #open = new Set<number>();
  readonly #latencies: number[] = [];
  #sent = 0;
  #came = 0;
  #repeated = 0;
  #lastSent = -1;
  #lastCame = -1;
  #cameAt: number | undefined;
  #longestGap = 0;
  #pulledAt: number | undefined;
  #pluggedAt: number | undefined;
  #back: number | undefined;

  constructor(way: string, promised: Promised) {
    this.way = way;
    this.promised = promised;
  }

  /** Numbers begin: what came before, such as frames that stand, is left out. */
  begin(): void {
    this.#cameAt = undefined;
    this.#longestGap = 0;
  }

  /** It is about to be sent: from here its time counts. */
  sending(n: number): void {
    this.#sentAt.set(n, performance.now());
  }

  /** Whoever took it has said so, or the way has nobody who would. */
  taken(n: number): void {
    this.#sent++;
    this.#lastSent = n;
    if (this.promised !== 'every') return;
    // Its echo may be faster than its acknowledgement.
    if (this.#sentAt.has(n)) this.#open.add(n);
  }

  /** Both at once. */
  sent(n: number): void {
    this.sending(n);
    this.taken(n);
  }

  came(n: number): void {
    const now = performance.now();
    if (this.promised === 'flow' && n === this.#lastCame) return this.#note(now);
    this.#lastCame = n;
    const at = this.#sentAt.get(n);
    this.#note(now);
    if (at === undefined) {
      this.#repeated++;
      return;
    }
    this.#sentAt.delete(n);
    this.#open.delete(n);
    this.#came++;
    this.#latencies.push(now - at);
  }

  /** Its plug is out from now on: what does not come is no gap, and nothing that was lost. */
  pull(): void {
    this.#pulledAt = performance.now();
    this.#cameAt = undefined;
  }

  plug(): void {
    this.#pluggedAt = performance.now();
    this.#cameAt = undefined;
  }

  get isPulled(): boolean {
    return this.#pulledAt !== undefined && this.#pluggedAt === undefined;
  }

  /** Whether what was promised is there. */
  get isKept(): boolean {
    return this.promised === 'every' ? this.#open.size === 0 : this.#sent > 0 && this.#lastCame === this.#lastSent;
  }

  passage(): Passage {
    const sorted = this.#latencies.toSorted((a, b) => a - b);
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
    return {
      way: this.way,
      promised: this.promised,
      sent: this.#sent,
      came: this.#came,
      repeated: this.#repeated,
      lost: this.promised === 'every' ? this.#open.size : this.isKept ? 0 : 1,
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      longestGapMs: this.#longestGap,
      backMs: this.#back,
    };
  }

  #note(now: number): void {
    if (this.isPulled) return;
    if (this.#pluggedAt !== undefined && this.#back === undefined) this.#back = now - this.#pluggedAt;
    if (this.#cameAt !== undefined) this.#longestGap = Math.max(this.#longestGap, now - this.#cameAt);
    this.#cameAt = now;
  }
}
