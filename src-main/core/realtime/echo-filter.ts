import type { Micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';

/** An echo that takes longer is no echo any more, unless a service says otherwise. */
export const echoWithinMicros = 5_000_000;
/** What is waited for at the most; the oldest go first. */
export const echoesMax = 10_000;

interface Awaited {
  readonly print: string;
  until: number;
}

/** Drops what a service sends back to who said it, where the service cannot be told not to. What was said under a key comes
 *  back in its order; what was lost on the way is not waited for once a later one came. */
export class EchoFilter {
  readonly #clock: Pick<Clock, 'nowMicros'>;
  /** by key, the one that was said to longest ago first */
  readonly #awaited = new Map<string, Awaited[]>();
  /** keys that somebody else spoke under since */
  readonly #contested = new Set<string>();
  readonly #within: number;
  #size = 0;

  /** @param within microseconds */
  constructor(clock: Pick<Clock, 'nowMicros'>, within = echoWithinMicros) {
    this.#clock = clock;
    this.#within = within;
  }

  /** Something left that comes back.
   *  @param print tells what was said from all else that is said under this key
   *  @param times how often it comes back */
  said(key: string, print: string, times = 1): void {
    const until = this.#clock.nowMicros() + this.#within;
    const awaited = this.#awaited.get(key) ?? [];
    for (let i = 0; i < times; i++) awaited.push({ print, until });
    this.#size += times;
    this.#awaited.delete(key);
    this.#awaited.set(key, awaited);
    while (this.#size > echoesMax) this.#dropOldest();
  }

  /** Whether what came is an echo; it counts as come. */
  isEcho(key: string, print: string): boolean {
    const awaited = this.#awaited.get(key);
    if (!awaited) return false;
    const now = this.#clock.nowMicros();
    const found = awaited.findIndex((each) => each.print === print && each.until >= now);
    const gone = found < 0 ? awaited.findLastIndex(({ until }) => until < now) + 1 : found + 1;
    awaited.splice(0, gone);
    this.#size -= gone;
    if (awaited.length > 0) return found >= 0;
    this.#awaited.delete(key);
    return !this.#contested.delete(key) && found >= 0;
  }

  /** Somebody else spoke under this key: when the newest of what was said comes back, it is what stands there, and news. */
  contest(key: string): void {
    if (this.#awaited.has(key)) this.#contested.add(key);
  }

  /** The service is there again, and hands on what it held meanwhile: what was waited for when it went is waited for anew. */
  resume(wentAt: Micros): void {
    const until = this.#clock.nowMicros() + this.#within;
    for (const awaited of this.#awaited.values())
      for (const each of awaited) if (each.until >= wentAt) each.until = until;
  }

  #dropOldest(): void {
    for (const [key, awaited] of this.#awaited) {
      awaited.shift();
      this.#size--;
      if (awaited.length === 0) this.#forget(key);
      return;
    }
  }

  #forget(key: string): void {
    this.#awaited.delete(key);
    this.#contested.delete(key);
  }
}
