import type { Address } from '../contract/address.ts';
import type { Cancel } from '../contract/message-link.ts';
import type { Signal } from '../contract/signal.ts';
import { millis } from '../contract/units.ts';
import type { WhatStands } from '../ports/bridge.ts';
import type { Clock } from '../ports/clock.ts';

/** Values of one turn of the event loop: some 0.5 ms. */
export const sliceMax = 64;

interface StandingSlicesOptions {
  readonly clock: Clock;
  /** hands some of them to the bridge */
  readonly give: (some: readonly Signal[], stands: WhatStands) => void;
  /** Nobody is there to take them any more: whoever comes next begins anew. */
  readonly isAway: () => boolean;
  /** Runs behind the last of them, and behind `whole`. */
  readonly onEnd?: () => void;
}

interface SlicesWay {
  /** whom they are for */
  readonly stands: WhatStands;
  /** in one go, for outputs that need all of it together */
  readonly atOnce?: boolean | undefined;
  /** runs behind the last of them; never where the device went meanwhile */
  readonly whole?: (() => void) | undefined;
}

interface Run {
  readonly signals: Iterator<Signal | undefined>;
  readonly stands: WhatStands;
  readonly whole: (() => void) | undefined;
  /** where something newer came meanwhile */
  readonly overtaken: Set<Address>;
  /** the next of them, so that the last is known for it */
  ahead: IteratorResult<Signal | undefined>;
}

/** What stands, on its way to a device that is there again: a little in each turn of the event loop, since a hundred thousand values
 *  take a second, and the others' frames do not wait for them. What is newer goes before it, and what was older does not follow. */
export class StandingSlices {
  readonly #options: StandingSlicesOptions;
  #run: Run | undefined;
  #cancel: Cancel = () => undefined;

  constructor(options: StandingSlicesOptions) {
    this.#options = options;
  }

  get isUnderWay(): boolean {
    return this.#run !== undefined;
  }

  /** Gives the first of them within this call, and takes the place of what was on its way.
   *  @param found undefined where the turn of the event loop is to end */
  begin(found: Iterable<Signal | undefined>, { stands, atOnce = false, whole = this.#run?.whole }: SlicesWay): void {
    this.stop();
    const signals = found[Symbol.iterator]();
    const run: Run = { signals, stands, whole, overtaken: new Set(), ahead: signals.next() };
    this.#run = run;
    this.#give(run, atOnce ? Infinity : sliceMax);
  }

  /** Something else was set there, or the device said it itself. An event sets nothing. */
  overtake(batch: readonly Signal[]): void {
    if (!this.#run) return;
    for (const { kind, address } of batch) if (kind !== 'event') this.#run.overtaken.add(address);
  }

  /** Whatever is left is not given any more. */
  stop(): void {
    this.#cancel();
    this.#run = undefined;
  }

  #give(run: Run, countMax: number): void {
    const current = take(run, countMax).filter(({ address }) => !run.overtaken.has(address));
    this.#options.give(current, run.stands);
    // What it was given may have ended it, or begun it anew.
    if (this.#run !== run) return;
    if (!run.ahead.done) return this.#giveLater(run);
    this.#run = undefined;
    run.whole?.();
    this.#options.onEnd?.();
  }

  #giveLater(run: Run): void {
    this.#cancel = this.#options.clock.after(millis(0), () => {
      if (this.#options.isAway()) this.stop();
      else this.#give(run, sliceMax);
    });
  }
}

/** Those of one turn. @param countMax without end for all there are, whatever that takes */
function take(run: Run, countMax: number): Signal[] {
  const some: Signal[] = [];
  while (!run.ahead.done && some.length < countMax) {
    const { value } = run.ahead;
    run.ahead = run.signals.next();
    if (value) some.push(value);
    else if (countMax < Infinity) break;
  }
  return some;
}
