import type { Cancel } from '../../contract/message-link.ts';
import { millis, millisToMicros, type Micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';

/** What controllers say together in 14 bits. `number` is a controller 0..31, or a parameter 0..16383. */
export interface FineValue {
  readonly kind: 'cc14' | 'nrpn' | 'rpn';
  readonly channel: number;
  readonly number: number;
  /** 0..16383 */
  readonly value: number;
}

type Target = Omit<FineValue, 'value'>;

export interface FineControlsOptions {
  readonly clock: Clock;
  /** controllers 0..31 that come in two parts */
  readonly fine: readonly number[];
  /** whether controllers 6, 38 and 96 to 101 are numbered parameters */
  readonly numbered: boolean;
  readonly onValue: (value: FineValue) => void;
}

/** How long a part waits for the other one; at 31250 baud the two are 2 ms apart. */
export const pairWait = millis(10);
const pairMicros = millisToMicros(pairWait);

interface Pair {
  coarse: number;
  fine: number;
  /** the part that waits for the other one */
  waits: Part | undefined;
  /** it was alone */
  then: () => void;
  cancel: Cancel;
  /** the part that its device sends first, as far as it showed */
  begins: Part | undefined;
  /** when a fine part was told that came alone */
  fineAt: Micros | undefined;
}

type Part = 'coarse' | 'fine';

const nothing = (): void => undefined;

function newPair(): Pair {
  return { coarse: 0, fine: 0, waits: undefined, then: nothing, cancel: nothing, begins: undefined, fineAt: undefined };
}

interface Chosen {
  kind: 'nrpn' | 'rpn';
  high: number;
  low: number;
}

/** Joins controllers that come in two parts. A part waits a moment for the other one, so that no value is told that the
 *  sender never had. A coarse one that comes alone means a fine part of 0, and a fine part alone changes nothing but itself. The
 *  specification has the coarse part first; devices that do it the other way show so where they come to rest.
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
    for (const pair of this.#pairs.values()) pair.cancel();
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

  #part(target: Target, isCoarse: boolean, value: number): void {
    const pair = this.#pairOf(target);
    const { waits } = pair;
    this.#settle(pair);
    // Another one waited still: of a device that sends no fine part, and moves.
    if (isCoarse && waits === 'coarse') pair.then();
    if (isCoarse) this.#coarse(target, pair, { value, isJoined: waits === 'fine' });
    else this.#finePart(target, pair, { value, waits });
  }

  #coarse(target: Target, pair: Pair, { value, isJoined }: { value: number; isJoined: boolean }): void {
    pair.coarse = value;
    if (isJoined) {
      pair.begins ??= 'fine';
      return this.#tell(target, pair);
    }
    const toldFine = pair.fine;
    const followsFine = pair.fineAt !== undefined && this.#options.clock.nowMicros() - pair.fineAt <= pairMicros;
    pair.fine = 0;
    this.#wait(pair, 'coarse', () => {
      // It rests behind a fine part: that was the first of the two.
      if (followsFine) {
        pair.begins = 'fine';
        pair.fine = toldFine;
      }
      this.#tell(target, pair);
    });
  }

  #finePart(target: Target, pair: Pair, { value, waits }: { value: number; waits: Part | undefined }): void {
    // Another one waits still: it was alone.
    if (waits === 'fine') this.#tell(target, pair);
    pair.fine = value;
    if (waits === 'coarse') pair.begins ??= 'coarse';
    const isAlone = waits !== 'coarse';
    pair.fineAt = isAlone ? this.#options.clock.nowMicros() : undefined;
    if (!isAlone || pair.begins === 'coarse') return this.#tell(target, pair);
    this.#wait(pair, 'fine', () => {
      // It rests with a fine part: that is the last of the two.
      if (pair.begins === 'fine') pair.begins = undefined;
      this.#tell(target, pair);
    });
  }

  #wait(pair: Pair, part: Part, then: () => void): void {
    pair.waits = part;
    pair.then = then;
    pair.cancel = this.#options.clock.after(pairWait, () => {
      pair.waits = undefined;
      then();
    });
  }

  #settle(pair: Pair): void {
    pair.cancel();
    pair.waits = undefined;
  }

  #step(target: Target, by: number): void {
    const pair = this.#pairOf(target);
    this.#settle(pair);
    const value = Math.min(16_383, Math.max(0, ((pair.coarse << 7) | pair.fine) + by));
    pair.coarse = value >> 7;
    pair.fine = value & 0x7f;
    this.#tell(target, pair);
  }

  #pairOf({ kind, channel, number }: Target): Pair {
    const key = `${kind} ${channel} ${number}`;
    const pair = this.#pairs.get(key) ?? newPair();
    if (!this.#pairs.has(key) && this.#pairs.size >= pairsMax) this.clear();
    this.#pairs.set(key, pair);
    return pair;
  }

  #tell(target: Target, { coarse, fine }: Pair): void {
    this.#options.onValue({ ...target, value: (coarse << 7) | fine });
  }
}

/** 127 and 127: data belong to nothing. */
const nullParameter = 16_383;
/** Above what any device has; past it all are forgotten. */
const pairsMax = 4096;
