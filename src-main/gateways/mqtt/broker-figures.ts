import type { Cancel } from '../../contract/message-link.ts';
import { millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';

/** How often who watches hears what has changed; mosquitto's `sys_interval`. */
export const figuresEvery = millis(10_000);

/** @param isStanding it comes with the subscription */
type Hear = (topic: string, payload: string, isStanding: boolean) => void;

interface Watcher {
  readonly covers: (topic: string) => unknown;
  readonly hear: Hear;
}

/** What the door says of itself under `$SYS/broker/…`, as texts. */
export class BrokerFigures {
  readonly #clock: Clock;
  readonly #read: () => Readonly<Record<string, string | number>>;
  readonly #watchers = new Set<Watcher>();
  #told = new Map<string, string>();
  #cancelNext: Cancel | undefined;

  /** @param read by what follows `$SYS/broker/` */
  constructor(clock: Clock, read: () => Readonly<Record<string, string | number>>) {
    this.#clock = clock;
    this.#read = read;
  }

  /** Tells all that is covered soon, and every 10 s what has changed. */
  watch(covers: (topic: string) => unknown, hear: Hear): Cancel {
    const watcher = { covers, hear };
    this.#watchers.add(watcher);
    for (const [topic, payload] of this.#now()) if (covers(topic)) hear(topic, payload, true);
    this.#wait();
    return () => {
      this.#watchers.delete(watcher);
      if (this.#watchers.size === 0) this.stop();
    };
  }

  stop(): void {
    this.#cancelNext?.();
    this.#cancelNext = undefined;
  }

  #now(): Map<string, string> {
    return new Map(Object.entries(this.#read()).map(([name, figure]) => [`$SYS/broker/${name}`, String(figure)]));
  }

  #wait(): void {
    if (this.#cancelNext) return;
    this.#told = this.#now();
    this.#cancelNext = this.#clock.after(figuresEvery, () => this.#tell());
  }

  #tell(): void {
    const now = this.#now();
    for (const [topic, payload] of now) {
      if (this.#told.get(topic) === payload) continue;
      for (const { covers, hear } of this.#watchers) if (covers(topic)) hear(topic, payload, false);
    }
    this.#cancelNext = undefined;
    this.#wait();
  }
}
