import type { Address } from '../../contract/address.ts';
import type { HidBridge } from '../../contract/bridges/hid.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { f64, integer, type Signal, type Value } from '../../contract/signal.ts';
import { millis } from '../../contract/units.ts';
import type { ControlChange } from '../../core/hid/control-reader.ts';
import type { Clock } from '../../ports/clock.ts';
import { QuietGestures } from './quiet-gestures.ts';

type Wishes = Pick<HidBridge['settings'], 'prefix' | 'buttons' | 'axes' | 'jogs' | 'jogStep' | 'rate'>;
type SignalKind = 'param' | 'event' | 'stream' | 'gesture';

export interface ControlSignalsOptions {
  readonly clock: Clock;
  readonly settings: Wishes;
  readonly publish: (batch: readonly Signal[]) => void;
}

/** Turns what happens at controls into signals. Buttons are told at once; of axes and jogs the newest at most so often, and where
 *  one comes to rest at once: that a thing was let go is never lost.
 *  @see docs/bridges/hid.md, What comes in */
export class ControlSignals {
  readonly #options: ControlSignalsOptions;
  readonly #base: string;
  readonly #gestures: QuietGestures;
  /** what waits for its turn, newest last */
  readonly #waiting = new Map<Address, Signal>();
  /** where jogs have moved their params */
  readonly #levels = new Map<string, number>();
  #now: Signal[] = [];
  #cancelTurn: Cancel | undefined;

  constructor(options: ControlSignalsOptions) {
    this.#options = options;
    this.#base = options.settings.prefix.replace(/\/+$/, '');
    const { clock } = options;
    this.#gestures = new QuietGestures({
      clock,
      onQuiet: (signal) => this.#atOnce(signal),
      onHeld: (signal) => {
        this.#wait(signal);
        this.#flush();
      },
    });
  }

  take(changes: readonly ControlChange[]): void {
    for (const change of changes) this.#change(change);
    this.#flush();
  }

  /** Somebody else moved what a jog moves. @returns whether a jog of that name moves a param */
  setLevel(name: string, level: number): boolean {
    if (!this.#levels.has(name)) return false;
    this.#levels.set(name, Math.min(1, Math.max(0, level)));
    return true;
  }

  /** A jog that moves a param is there. */
  addLevel(name: string): void {
    if (!this.#levels.has(name)) this.#levels.set(name, 0);
  }

  /** What is under way is cut off: gestures are cancelled, and what waits is told. */
  cutOff(): void {
    this.#ended(this.#gestures.cancelAll());
    this.#flush();
    this.#tellWaiting();
  }

  stop(): void {
    this.cutOff();
    this.#cancelTurn?.();
    this.#cancelTurn = undefined;
  }

  #change(change: ControlChange): void {
    const address = `${this.#base}/${change.name}` as Address;
    const as = this.kindOf(change);
    switch (change.is) {
      case 'button':
        return this.#button(change, address, as);
      case 'axis':
        return this.#axis(change, address, as);
      case 'jog':
        return this.#jog(change, address, as);
      case 'touch':
        // It is over as it is told.
        this.#now.push({ kind: as === 'gesture' ? 'event' : as, address, value: f64(change.value) });
        return;
      default:
        change satisfies never;
    }
  }

  /** What a control is to the router. */
  kindOf({ is, of }: Pick<ControlChange, 'is' | 'of'>): SignalKind {
    if (of.as !== 'usual') return of.as;
    const { buttons, axes, jogs } = this.#options.settings;
    if (is === 'touch') return 'event';
    return is === 'button' ? buttons : is === 'axis' ? axes : jogs;
  }

  #button({ pressed, isFirst }: Extract<ControlChange, { is: 'button' }>, address: Address, as: SignalKind): void {
    const value = integer(pressed ? 1 : 0);
    if (as === 'gesture') {
      if (pressed) this.#now.push(...this.#gestures.move(address, value));
      else this.#ended(this.#gestures.end(address, value));
    } else if (as === 'param' || !isFirst) this.#now.push({ kind: as, address, value });
  }

  #axis(change: Extract<ControlChange, { is: 'axis' }>, address: Address, as: SignalKind): void {
    const { atRest, isFirst } = change;
    const value = f64(change.value);
    if (as === 'gesture') {
      if (isFirst) return;
      if (atRest === true) this.#ended(this.#gestures.end(address, value));
      else this.#moved(address, value, atRest === undefined);
    } else if (atRest === true) {
      if (as === 'param' || !isFirst) this.#ended([{ kind: as, address, value }]);
    } else if (as === 'param' || !isFirst) this.#wait({ kind: as, address, value });
  }

  #jog({ name, steps }: Extract<ControlChange, { is: 'jog' }>, address: Address, as: SignalKind): void {
    if (as === 'param') {
      const level = Math.min(1, Math.max(0, (this.#levels.get(name) ?? 0) + steps * this.#options.settings.jogStep));
      this.#levels.set(name, level);
      return this.#wait({ kind: 'param', address, value: f64(Math.round(level * 1e6) / 1e6) });
    }
    const before = as === 'gesture' ? this.#gestures.valueOf(address) : this.#waiting.get(address)?.value;
    const sum = integer(clamped((before?.type === 'i32' ? before.value : 0) + steps));
    if (as === 'gesture') return this.#moved(address, sum, true);
    this.#wait({ kind: as, address, value: sum });
  }

  /** @param endsByItself once it has not moved for a while */
  #moved(address: Address, value: Value, endsByItself: boolean): void {
    for (const signal of this.#gestures.move(address, value, endsByItself)) {
      if (signal.phase === 'move') this.#wait(signal);
      else this.#now.push(signal);
    }
  }

  #ended(signals: readonly Signal[]): void {
    for (const signal of signals) {
      this.#waiting.delete(signal.address);
      this.#now.push(signal);
    }
  }

  #atOnce(signal: Signal): void {
    const waiting = this.#waiting.get(signal.address);
    if (waiting) this.#now.push(waiting);
    this.#ended([signal]);
    this.#flush();
  }

  #wait(signal: Signal): void {
    this.#waiting.delete(signal.address);
    this.#waiting.set(signal.address, signal);
  }

  #flush(): void {
    const now = this.#now;
    this.#now = [];
    if (now.length > 0) this.#options.publish(now);
    if (this.#waiting.size === 0 || this.#cancelTurn) return;
    this.#tellWaiting();
    this.#cancelTurn = this.#options.clock.after(millis(1000 / this.#options.settings.rate), () => {
      this.#cancelTurn = undefined;
      this.#flush();
    });
  }

  #tellWaiting(): void {
    const batch = [...this.#waiting.values()];
    this.#waiting.clear();
    if (batch.length > 0) this.#options.publish(batch);
  }
}

function clamped(steps: number): number {
  return Math.min(2 ** 31 - 1, Math.max(-(2 ** 31), steps));
}
