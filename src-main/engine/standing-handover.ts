import type { Signal } from '../contract/signal.ts';
import type { DeviceIsBack, WhatStands } from '../ports/bridge.ts';
import { DeviceReturn, type DeviceReturnOptions } from './device-return.ts';
import { countOf } from './standing-order.ts';
import { StandingSlices } from './standing-slices.ts';

export interface StandingHandoverOptions extends DeviceReturnOptions {
  /** hands it to the bridge */
  readonly give: (some: readonly Signal[], stands: WhatStands) => void;
}

/** Brings the devices behind one bridge that is up to how things stand, as its policy has it. */
export class StandingHandover {
  readonly #options: StandingHandoverOptions;
  readonly #return: DeviceReturn;
  readonly #slices: StandingSlices;
  /** those that came back while others were given it */
  #later: { readonly only: Set<object>; missed: boolean } | undefined;

  constructor(options: StandingHandoverOptions) {
    const { clock, give, isAway } = options;
    this.#options = options;
    this.#return = new DeviceReturn(options);
    this.#slices = new StandingSlices({ clock, give, isAway, onEnd: () => this.#goOn() });
  }

  /** what happened while a device was away that gets nothing by itself */
  get missedTotal(): number {
    return this.#return.missedTotal;
  }

  /** values that wait for the operator's word; undefined while none is asked */
  get asked(): number | undefined {
    return this.#return.asked;
  }

  /** A device is there (again). Of many behind the bridge, one that comes while others are given what stands is given it after them,
   *  with all who came meanwhile: what began anew for each would never end. */
  comeBack({ missed = false, only, whole }: DeviceIsBack = {}): void {
    if (only && this.#slices.isUnderWay) {
      this.#later ??= { only: new Set(), missed };
      this.#later.only.add(only);
      this.#later.missed ||= missed;
      return;
    }
    this.#begin(this.#return.comeUp(missed), only && new Set([only]), whole);
  }

  /** The operator wants everybody behind the bridge to have what stands.
   *  @returns how many values; undefined while its device is away */
  resend(): number | undefined {
    if (this.#options.isAway()) return undefined;
    const count = countOf(this.#options.standing());
    this.#begin(this.#return.resend());
    return count;
  }

  /** The operator leaves it as it is. */
  leave(): void {
    this.#return.leave();
  }

  /** Something changes. @returns what its bridge is given of that */
  hear(batch: readonly Signal[]): readonly Signal[] {
    this.#slices.overtake(batch);
    return this.#return.hear(batch);
  }

  /** The device said it itself. */
  overtake(batch: readonly Signal[]): void {
    this.#slices.overtake(batch);
    this.#return.overtake(batch);
  }

  stop(): void {
    this.#later = undefined;
    this.#slices.stop();
  }

  #begin(signals: Iterable<Signal | undefined>, only?: ReadonlySet<object>, whole?: () => void): void {
    this.#later = undefined;
    // Half of what stands would be, in a frame of many addresses, a picture that nobody made.
    this.#slices.begin(signals, { stands: only ? { only } : {}, atOnce: this.#options.isFramed, whole });
  }

  #goOn(): void {
    const later = this.#later;
    if (later && !this.#slices.isUnderWay) this.#begin(this.#return.comeUp(later.missed), later.only);
  }
}
