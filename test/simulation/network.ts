import { millis } from '../../src-main/contract/units.ts';
import { UnavailableError } from '../../src-main/contract/errors.ts';
import type { Connection } from '../../src-main/ports/transport.ts';
import { LossyEnd } from '../core/client/lossy-link.ts';
import { seededChance, type Chance } from '../seeded-chance.ts';
import type { SimulatedClock } from '../simulated-clock.ts';
import type { ActorPlan } from './scenario.ts';
import { StreamEnd } from './stream-end.ts';

export interface NetworkOptions {
  readonly clock: SimulatedClock;
  readonly seed: number;
  /** the router's end; false when no router is there */
  readonly accept: (far: Connection, plan: ActorPlan) => boolean;
  readonly onChanged: () => void;
}

interface Line {
  readonly near: Connection;
  readonly far: Connection;
  readonly ends: readonly [StreamEnd, StreamEnd] | undefined;
}

/** How long a system takes to see that nobody is at the other end any more. */
const noticedAfter = millis(8000);

/** The links of all actors to the router, and what becomes of them. */
export class Network {
  readonly #options: NetworkOptions;
  /** the newest of each actor */
  readonly #lines = new Map<number, Line>();
  /** older ones too, for as long as the router knows of them */
  readonly #open = new Set<Line>();
  readonly #stalled = new Set<number>();
  /** bytes that an actor reads in a millisecond */
  readonly #slow = new Map<number, number>();
  #dials = 0;

  constructor(options: NetworkOptions) {
    this.#options = options;
  }

  dial(plan: ActorPlan): Promise<Connection> {
    const chance = seededChance(this.#options.seed * 1000 + this.#dials++);
    if (this.#stalled.has(plan.who)) return new Promise(() => undefined);
    const line = plan.link.kind === 'stream' ? this.#stream(plan, chance) : this.#datagram(plan, chance);
    if (!this.#options.accept(line.far, plan)) {
      if (chance() < 0.5) return new Promise(() => undefined);
      return Promise.reject(new UnavailableError('cannot-open-port', 'Nobody listens.'));
    }
    this.#lines.set(plan.who, line);
    this.#open.add(line);
    return Promise.resolve(line.near);
  }

  /** Both ends hear of it at once; what was under way is lost. */
  cut(who: number): void {
    const line = this.#lines.get(who);
    if (line) this.#cut(line);
  }

  /** Nothing arrives any more, and neither end is told before its system gives up. */
  vanish(who: number): void {
    const line = this.#lines.get(who);
    if (line) this.#vanish(line);
  }

  stall(who: number): void {
    this.#stalled.add(who);
    for (const end of this.#lines.get(who)?.ends ?? []) end.way.isStalled = true;
  }

  heal(who: number): void {
    this.#stalled.delete(who);
    for (const end of this.#lines.get(who)?.ends ?? []) end.way.isStalled = false;
  }

  /** @param bytesPerMs what it reads from now on */
  slow(who: number, bytesPerMs: number): void {
    this.#slow.set(who, bytesPerMs);
    const toActor = this.#lines.get(who)?.ends?.[1];
    if (toActor) toActor.way.bytesPerMs = bytesPerMs;
  }

  /** The router's process is gone. */
  cutAll(): void {
    for (const line of this.#open) this.#cut(line);
    this.#open.clear();
  }

  /** The router's machine is gone. */
  vanishAll(): void {
    for (const line of this.#open) this.#vanish(line);
    this.#open.clear();
  }

  /** All links that have ended leave no trace. */
  forget(): void {
    this.#lines.clear();
    this.#open.clear();
  }

  #cut({ ends, near }: Line): void {
    if (!ends) return near.close('cut');
    for (const end of ends) end.way.cut();
    for (const end of ends) end.shut('cut');
  }

  /** A datagram link has no end to be left standing. */
  #vanish(line: Line): void {
    if (!line.ends) return this.#cut(line);
    for (const end of line.ends) end.way.die();
    this.#options.clock.after(noticedAfter, () => this.#cut(line));
  }

  #stream({ who, link }: ActorPlan, chance: Chance): Line {
    const { clock, onChanged } = this.#options;
    const ends = StreamEnd.pair({
      name: `actor ${who}`,
      framing: link.framing,
      clock,
      chance,
      onChanged,
      latencyMicros: link.latencyMs * 1000,
      jitterMicros: link.jitterMs * 1000,
      queueBytesMax: link.queueBytesMax,
    });
    ends[1].way.bytesPerMs = this.#slow.get(who) ?? Infinity;
    return { near: ends[0], far: ends[1], ends };
  }

  #datagram({ who, link }: ActorPlan, chance: Chance): Line {
    const stalled = this.#stalled;
    const [near, far] = LossyEnd.pair({
      clock: this.#options.clock,
      chance,
      get loss() {
        return stalled.has(who) ? 1 : link.loss;
      },
      repeat: link.repeat,
      delayMs: link.latencyMs + link.jitterMs,
    });
    return { near, far, ends: undefined };
  }
}
