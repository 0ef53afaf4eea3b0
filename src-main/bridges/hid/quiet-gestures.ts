import type { Address } from '../../contract/address.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { GesturePhase, Signal, Value } from '../../contract/signal.ts';
import { micros, millis, millisToMicros, type Micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';

/** A thing without a rest, such as a jog, is let go when it has not moved for so long. */
export const quietAfter = millis(300);
/** What is held still is told again so often: a gesture without a word for 30 s is taken for lost. */
export const heldEvery = millis(10_000);

type GestureSignal = Extract<Signal, { kind: 'gesture' }>;

interface UnderWay {
  readonly id: number;
  value: Value;
  movedAt: Micros;
  cancel: Cancel | undefined;
}

export interface QuietGesturesOptions {
  readonly clock: Clock;
  /** is given the end of one that ended by itself */
  readonly onQuiet: (signal: GestureSignal) => void;
  /** is given a move to where one stands, of one that is held still */
  readonly onHeld: (signal: GestureSignal) => void;
}

/** The gestures under way at the controls of one device, one at each address. */
export class QuietGestures {
  readonly #clock: Clock;
  readonly #onQuiet: (signal: GestureSignal) => void;
  readonly #onHeld: (signal: GestureSignal) => void;
  readonly #underWay = new Map<Address, UnderWay>();
  #lastId = 0;

  constructor({ clock, onQuiet, onHeld }: QuietGesturesOptions) {
    this.#clock = clock;
    this.#onQuiet = onQuiet;
    this.#onHeld = onHeld;
  }

  valueOf(address: Address): Value | undefined {
    return this.#underWay.get(address)?.value;
  }

  /** Begins one, or moves the one that is under way. @param endsByItself when it is quiet */
  move(address: Address, value: Value, endsByItself = false): GestureSignal[] {
    const known = this.#underWay.get(address);
    const movedAt = this.#clock.nowMicros();
    if (known) {
      Object.assign(known, { value, movedAt });
      return [signalOf(address, known, 'move')];
    }
    const id = (this.#lastId = (this.#lastId % 0xffff_ffff) + 1);
    const begun: UnderWay = { id, value, movedAt, cancel: undefined };
    this.#underWay.set(address, begun);
    if (endsByItself) this.#listen(address, begun, quietAfter);
    else this.#keep(address, begun, heldEvery);
    return [signalOf(address, begun, 'start')];
  }

  /** @returns nothing where none is under way */
  end(address: Address, value: Value): GestureSignal[] {
    const known = this.#underWay.get(address);
    if (!known) return [];
    known.value = value;
    return [this.#over(address, known, 'end')];
  }

  cancelAll(): GestureSignal[] {
    return [...this.#underWay].map(([address, known]) => this.#over(address, known, 'cancel'));
  }

  #listen(address: Address, known: UnderWay, delay: typeof quietAfter): void {
    known.cancel = this.#clock.after(delay, () => {
      const quietAt = micros(known.movedAt + millisToMicros(quietAfter));
      const left = quietAt - this.#clock.nowMicros();
      if (left > 0) this.#listen(address, known, millis(left / 1000));
      else this.#onQuiet(this.#over(address, known, 'end'));
    });
  }

  #keep(address: Address, known: UnderWay, delay: typeof heldEvery): void {
    known.cancel = this.#clock.after(delay, () => {
      const stillAt = micros(known.movedAt + millisToMicros(heldEvery));
      const left = stillAt - this.#clock.nowMicros();
      if (left > 0) return this.#keep(address, known, millis(left / 1000));
      known.movedAt = this.#clock.nowMicros();
      this.#keep(address, known, heldEvery);
      this.#onHeld(signalOf(address, known, 'move'));
    });
  }

  #over(address: Address, known: UnderWay, phase: GesturePhase): GestureSignal {
    known.cancel?.();
    this.#underWay.delete(address);
    return signalOf(address, known, phase);
  }
}

function signalOf(address: Address, { id, value }: UnderWay, phase: GesturePhase): GestureSignal {
  return { kind: 'gesture', address, value, gestureId: id, phase };
}
