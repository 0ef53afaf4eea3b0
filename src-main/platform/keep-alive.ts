import type { Cancel } from '../contract/message-link.ts';
import type { Millis } from '../contract/units.ts';
import type { Clock } from '../ports/clock.ts';

/** What is kept alive: asked regularly, dropped when silent. */
export interface KeptAlive {
  /** whether anything came from the peer since the last call */
  wasHeardSince(): boolean;
  ping(): void;
  terminate(reason: string): void;
}

/** Pings every connection once in an interval and drops those that stayed silent for two. */
export class KeepAlive {
  readonly #clock: Clock;
  readonly #intervalMs: Millis;
  readonly #silentFor = new Map<KeptAlive, number>();
  #cancel: Cancel | undefined;

  constructor(clock: Clock, intervalMs: Millis) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
  }

  /** Runs a timer only while there is somebody to ping. */
  add(connection: KeptAlive): void {
    this.#silentFor.set(connection, 0);
    this.#cancel ??= this.#plan();
  }

  remove(connection: KeptAlive): void {
    this.#silentFor.delete(connection);
    if (this.#silentFor.size > 0) return;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #plan(): Cancel {
    return this.#clock.after(this.#intervalMs, () => {
      for (const [connection, intervals] of this.#silentFor) this.#check(connection, intervals);
      this.#cancel = this.#silentFor.size > 0 ? this.#plan() : undefined;
    });
  }

  #check(connection: KeptAlive, intervals: number): void {
    const silentFor = connection.wasHeardSince() ? 0 : intervals + 1;
    this.#silentFor.set(connection, silentFor);
    if (silentFor >= 2) connection.terminate('silent for two ping intervals');
    else connection.ping();
  }
}
