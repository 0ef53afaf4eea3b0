import type { Address } from '../../contract/address.ts';
import type { GesturePhase } from '../../contract/signal.ts';
import { micros, millis, millisToMicros, type Micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeadlineHandle } from '../clock/deadline-queue.ts';
import { Deadlines } from '../clock/deadlines.ts';

/** A gesture that has said nothing for so long is over. A finger may rest, but not for half a minute. */
export const gestureSilence = millis(30_000);
/** Fingers down at once, of one owner and of all together. */
export const gesturesPerOwnerMax = 256;
export const gesturesMax = 10_000;

/** One finger of one owner: two owners may use the same id at the same address. */
export interface ActiveGesture<O extends object> {
  readonly owner: O;
  readonly address: Address;
  /** u32 */
  readonly id: number;
}

/** What one message says about one finger. */
export interface GestureStep extends Omit<ActiveGesture<object>, 'owner'> {
  readonly phase: GesturePhase;
}

/** Whether a gesture that is not under way is so with this. A move begins one too, since its start may have been lost. */
export function beginsGesture(phase: GesturePhase): boolean {
  return phase === 'start' || phase === 'move';
}

interface Finger<O extends object> extends ActiveGesture<O> {
  lastAt: Micros;
  silence: DeadlineHandle | undefined;
}

export interface ActiveGesturesOptions<O extends object> {
  readonly clock: Clock;
  /** nobody will end it any more: its owner left, or says nothing */
  readonly onLost: (gesture: ActiveGesture<O>) => void;
}

/** The gestures under way, from start to end or cancel. A move without a start begins one too: the start may have been
 *  lost, or sent before Flyrail was there. */
export class ActiveGestures<O extends object> {
  readonly #options: ActiveGesturesOptions<O>;
  readonly #byOwner = new Map<O, Map<string, Finger<O>>>();
  readonly #silences: Deadlines<Finger<O>>;
  #size = 0;

  constructor(options: ActiveGesturesOptions<O>) {
    this.#options = options;
    const run = (finger: Finger<O>): void => this.#judge(finger);
    this.#silences = new Deadlines({ clock: options.clock, itemsMax: Infinity, perTurnMax: 256, run });
  }

  get size(): number {
    return this.#size;
  }

  /** Whether it is under way, or there is room for it. */
  mayBegin({ owner, address, id }: ActiveGesture<O>): boolean {
    const fingers = this.#byOwner.get(owner);
    const hasRoom = this.#size < gesturesMax && (fingers?.size ?? 0) < gesturesPerOwnerMax;
    return hasRoom || fingers?.has(`${id} ${address}`) === true;
  }

  /** Whether there is room for all that these begin, one after the other. */
  mayTake(owner: O, steps: readonly GestureStep[]): boolean {
    const fingers = this.#byOwner.get(owner);
    const isDown = new Map<string, boolean>();
    let added = 0;
    for (const { address, id, phase } of steps) {
      const key = `${id} ${address}`;
      const was = isDown.get(key) ?? fingers?.has(key) === true;
      const is = beginsGesture(phase);
      isDown.set(key, is);
      added += Number(is) - Number(was);
      if (!is || was) continue;
      if ((fingers?.size ?? 0) + added > gesturesPerOwnerMax || this.#size + added > gesturesMax) return false;
    }
    return true;
  }

  note(gesture: ActiveGesture<O>, phase: GesturePhase): void {
    const known = this.#byOwner.get(gesture.owner)?.get(`${gesture.id} ${gesture.address}`);
    if (!beginsGesture(phase)) {
      if (known) this.#end(known);
    } else if (known) {
      known.lastAt = this.#options.clock.nowMicros();
    } else if (this.mayBegin(gesture)) {
      this.#begin(gesture);
    }
  }

  /** All that this one has under way is lost, or what `isMeant` tells of it. */
  leave(owner: O, isMeant: (address: Address) => boolean = () => true): void {
    const fingers = [...(this.#byOwner.get(owner)?.values() ?? [])];
    for (const finger of fingers) if (isMeant(finger.address)) this.#lose(finger);
  }

  close(): void {
    this.#byOwner.clear();
    this.#silences.clear();
    this.#size = 0;
  }

  #begin({ owner, address, id }: ActiveGesture<O>): void {
    const finger = { owner, address, id, lastAt: this.#options.clock.nowMicros(), silence: undefined };
    const fingers = this.#byOwner.get(owner) ?? new Map<string, Finger<O>>();
    this.#byOwner.set(owner, fingers.set(`${id} ${address}`, finger));
    this.#size++;
    this.#watch(finger);
  }

  /** Looks again when it could be silent; a deadline moved with every message would cost more than the message. */
  #watch(finger: Finger<O>): void {
    finger.silence = this.#silences.add(micros(finger.lastAt + millisToMicros(gestureSilence)), finger);
  }

  #judge(finger: Finger<O>): void {
    const isSilent = this.#options.clock.nowMicros() - finger.lastAt >= millisToMicros(gestureSilence);
    if (isSilent) this.#lose(finger);
    else this.#watch(finger);
  }

  #lose(finger: Finger<O>): void {
    const { owner, address, id } = finger;
    this.#end(finger);
    this.#options.onLost({ owner, address, id });
  }

  #end(finger: Finger<O>): void {
    if (finger.silence) this.#silences.cancel(finger.silence);
    const fingers = this.#byOwner.get(finger.owner);
    fingers?.delete(`${finger.id} ${finger.address}`);
    if (fingers?.size === 0) this.#byOwner.delete(finger.owner);
    this.#size--;
  }
}
