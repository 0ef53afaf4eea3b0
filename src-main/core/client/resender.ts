import type { Cancel } from '../../contract/message-link.ts';
import { micros, millisToMicros, type Micros, type Millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';

export interface ResenderOptions<T> {
  readonly clock: Clock;
  readonly first: Millis;
  readonly cap: Millis;
  readonly resend: (item: T) => void;
}

interface Repeat {
  dueAt: Micros;
  wait: number;
}

/** Sends things again, after waits that grow, on a connection that loses frames. */
export class Resender<T> {
  readonly #options: ResenderOptions<T>;
  readonly #repeats = new Map<T, Repeat>();
  #cancel: Cancel | undefined;
  #plannedAt = Infinity;

  constructor(options: ResenderOptions<T>) {
    this.#options = options;
  }

  watch(item: T): void {
    const { clock, first } = this.#options;
    const dueAt = micros(clock.nowMicros() + millisToMicros(first));
    this.#repeats.set(item, { dueAt, wait: first });
    this.#plan(dueAt);
  }

  forget(item: T): void {
    this.#repeats.delete(item);
    if (this.#repeats.size === 0) this.stop();
  }

  stop(): void {
    this.#repeats.clear();
    this.#cancel?.();
    this.#cancel = undefined;
    this.#plannedAt = Infinity;
  }

  #plan(dueAt: Micros): void {
    if (dueAt >= this.#plannedAt) return;
    this.#cancel?.();
    this.#plannedAt = dueAt;
    this.#cancel = this.#options.clock.at(dueAt, () => this.#repeat());
  }

  #repeat(): void {
    const { clock, cap, resend } = this.#options;
    const now = clock.nowMicros();
    this.#cancel = undefined;
    this.#plannedAt = Infinity;
    for (const [item, repeat] of [...this.#repeats]) {
      if (repeat.dueAt > now) continue;
      repeat.wait = Math.min(repeat.wait * 2, cap);
      repeat.dueAt = micros(now + repeat.wait * 1000);
      resend(item);
    }
    const dueAt = Math.min(...[...this.#repeats.values()].map((repeat) => repeat.dueAt));
    if (Number.isFinite(dueAt)) this.#plan(micros(dueAt));
  }
}
