import type { Cancel } from '../../contract/message-link.ts';
import { millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';

/** What controllers say together in 14 bits. `number` is a controller 0..31, or a parameter 0..16383. */
export interface FineValue {
  readonly kind: 'cc14' | 'nrpn' | 'rpn';
  readonly channel: number;
  readonly number: number;
  /** 0..16383 */
  readonly value: number;
}

export interface FineControlsOptions {
  readonly clock: Clock;
  /** controllers 0..31 that come in two parts */
  readonly fine: readonly number[];
  /** whether controllers 6, 38 and 96 to 101 are numbered parameters */
  readonly numbered: boolean;
  readonly onValue: (value: FineValue) => void;
}

/** How long a coarse part waits for its fine one; at 31250 baud the two are 2 ms apart. */
export const pairWait = millis(10);

interface Pair {
  coarse: number;
  fine: number;
  waiting: Cancel | undefined;
}

interface Chosen {
  kind: 'nrpn' | 'rpn';
  high: number;
  low: number;
}

/** Joins controllers that come in two parts. A coarse part waits a moment for its fine one, so that no value is told that the
 *  sender never had; one that comes alone means a fine part of 0, and a fine part alone changes nothing but itself.
 *  @see MIDI 1.0 Detailed Specification, pages 11 and 17 */
export class FineControls {
  readonly #options: FineControlsOptions;
  readonly #fine: ReadonlySet<number>;
  readonly #pairs = new Map<string, Pair>();
  /** the parameter that data belong to, by channel */
  readonly #chosen = new Map<number, Chosen>();

  constructor(options: FineControlsOptions) {
    this.#options = options;
    this.#fine = new Set(options.fine);
  }

  /** @returns whether the controller belongs to a pair; if not it is what it is */
  take(channel: number, controller: number, value: number): boolean {
    if (this.#options.numbered && this.#takeNumbered(channel, controller, value)) return true;
    const number = controller & 31;
    if (controller > 63 || !this.#fine.has(number)) return false;
    this.#part({ kind: 'cc14', channel, number }, controller < 32, value);
    return true;
  }

  /** Forgets what waits. */
  clear(): void {
    for (const pair of this.#pairs.values()) pair.waiting?.();
    this.#pairs.clear();
    this.#chosen.clear();
  }

  #takeNumbered(channel: number, controller: number, value: number): boolean {
    if (controller >= 98 && controller <= 101) {
      const kind = controller < 100 ? 'nrpn' : 'rpn';
      const known = this.#chosen.get(channel);
      const chosen: Chosen = known?.kind === kind ? known : { kind, high: 127, low: 127 };
      if (controller % 2 === 1) chosen.high = value;
      else chosen.low = value;
      this.#chosen.set(channel, chosen);
      return true;
    }
    if (controller !== 6 && controller !== 38 && controller !== 96 && controller !== 97) return false;
    const chosen = this.#chosen.get(channel);
    const number = chosen ? (chosen.high << 7) | chosen.low : nullParameter;
    if (!chosen || number === nullParameter) return true;
    const target = { kind: chosen.kind, channel, number };
    if (controller === 6 || controller === 38) this.#part(target, controller === 6, value);
    else this.#step(target, controller === 96 ? 1 : -1);
    return true;
  }

  #part(target: Omit<FineValue, 'value'>, isCoarse: boolean, value: number): void {
    const pair = this.#pairOf(target);
    pair.waiting?.();
    pair.waiting = undefined;
    if (!isCoarse) {
      pair.fine = value;
      return this.#tell(target, pair);
    }
    pair.coarse = value;
    pair.fine = 0;
    pair.waiting = this.#options.clock.after(pairWait, () => {
      pair.waiting = undefined;
      this.#tell(target, pair);
    });
  }

  #step(target: Omit<FineValue, 'value'>, by: number): void {
    const pair = this.#pairOf(target);
    const value = Math.min(16_383, Math.max(0, ((pair.coarse << 7) | pair.fine) + by));
    pair.coarse = value >> 7;
    pair.fine = value & 0x7f;
    this.#tell(target, pair);
  }

  #pairOf({ kind, channel, number }: Omit<FineValue, 'value'>): Pair {
    const key = `${kind} ${channel} ${number}`;
    const pair = this.#pairs.get(key) ?? { coarse: 0, fine: 0, waiting: undefined };
    if (!this.#pairs.has(key) && this.#pairs.size >= pairsMax) this.clear();
    this.#pairs.set(key, pair);
    return pair;
  }

  #tell(target: Omit<FineValue, 'value'>, { coarse, fine }: Pair): void {
    this.#options.onValue({ ...target, value: (coarse << 7) | fine });
  }
}

/** 127 and 127: data belong to nothing. */
const nullParameter = 16_383;
/** Above what any device has; past it all are forgotten. */
const pairsMax = 4096;
