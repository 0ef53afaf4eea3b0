import type { Cancel } from '../../contract/message-link.ts';
import { micros, millisToMicros, type Micros, type Millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Request } from './outgoing.ts';

export interface ResenderOptions {
  readonly clock: Clock;
  readonly first: Millis;
  readonly cap: Millis;
  readonly resend: (request: Request) => void;
}

interface Repeat {
  dueAt: Micros;
  wait: number;
}

/** Sends requests again, under the same id, on a connection that loses frames. */
export class Resender {
  readonly #options: ResenderOptions;
  readonly #repeats = new Map<Request, Repeat>();
  #cancel: Cancel | undefined;
  #plannedAt = Infinity;

  constructor(options: ResenderOptions) {
    this.#options = options;
  }

  watch(request: Request): void {
    const { clock, first } = this.#options;
    const dueAt = micros(clock.nowMicros() + millisToMicros(first));
    this.#repeats.set(request, { dueAt, wait: first });
    this.#plan(dueAt);
  }

  forget(request: Request): void {
    this.#repeats.delete(request);
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
    for (const [request, repeat] of [...this.#repeats]) {
      if (repeat.dueAt > now) continue;
      repeat.wait = Math.min(repeat.wait * 2, cap);
      repeat.dueAt = micros(now + repeat.wait * 1000);
      resend(request);
    }
    const dueAt = Math.min(...[...this.#repeats.values()].map((repeat) => repeat.dueAt));
    if (Number.isFinite(dueAt)) this.#plan(micros(dueAt));
  }
}
