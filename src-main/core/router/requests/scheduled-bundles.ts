import { micros, type Micros } from '../../../contract/units.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Grant } from '../../../ports/token-verifier.ts';
import type { DeadlineHandle } from '../../clock/deadline-queue.ts';
import { Deadlines } from '../../clock/deadlines.ts';
import { lateVerdict, type LatePolicy } from '../../clock/late-policy.ts';
import { Punctuality, type PunctualityStats } from '../../clock/punctuality.ts';
import { BundleRoom, type ScheduledLimits, type Waiting } from './bundle-room.ts';

/** Bundles that run in one turn. A cascade of 1000 at one instant takes one, which is a few milliseconds with all that is
 *  told; of more, lamps get theirs in between. */
const perTurnMax = 1024;

/** What becomes of a bundle that waits: it runs and is told, is missed, or is cancelled, once. */
export interface Scheduled {
  /** does what others must not see before or after it */
  readonly isApart: boolean;
  /** whose rights it is done by; undefined where no token was asked for */
  readonly grant: Grant | undefined;
  /** Changes the state, and tells nobody yet. */
  run(at: Micros): void;
  /** Tells everyone, when those that are due at the same time have run. */
  tell(): void;
  /** It is too late for it by the policy. */
  missed(late: Micros): void;
  cancelled(): void;
}

/** One bundle that waits for its time. */
export interface Appointment extends Waiting {
  readonly deadline: Micros;
  readonly bundle: Scheduled;
}

export interface ScheduledBundlesOptions {
  /** precise: how late bundles are is how late it calls */
  readonly clock: Clock;
  readonly limits: ScheduledLimits;
  readonly policy: LatePolicy;
  /** so many as a turn takes have run and were told */
  readonly onRan?: () => void;
}

/** All that waits for the same instant, in the order of its coming: at its time nothing is left to be sorted. */
interface Instant {
  readonly deadline: Micros;
  readonly waiting: Set<Appointment>;
  handle: DeadlineHandle | undefined;
}

/** Bundles that wait for their time by the router's clock. Those of one instant run in the order of their coming, all of
 *  them before anyone is told: telling takes longer than running, and the last one is as much on time as the first. */
export class ScheduledBundles {
  readonly #options: ScheduledBundlesOptions;
  readonly #deadlines: Deadlines<Instant>;
  readonly #instants = new Map<Micros, Instant>();
  readonly #room: BundleRoom<Appointment>;
  readonly #punctuality = new Punctuality();
  /** that may still run in this turn */
  #left = perTurnMax;
  /** to be told */
  #untold: Scheduled[] = [];

  constructor(options: ScheduledBundlesOptions) {
    this.#options = options;
    this.#room = new BundleRoom(options.limits);
    const { clock } = options;
    const run = (instant: Instant): void => this.#runAll(instant);
    const onRan = (): void => this.#endTurn();
    this.#deadlines = new Deadlines({ clock, itemsMax: Infinity, perTurnMax, run, onRan });
  }

  get size(): number {
    return this.#room.size;
  }

  /** See `BundleRoom`. */
  get overShareTotal(): number {
    return this.#room.overShareTotal;
  }

  /** How late those were that ran, from their time to their beginning. */
  punctuality(): PunctualityStats {
    return this.#punctuality.stats();
  }

  /** To be called between any two pieces of work: what is due runs now. */
  poll(): void {
    this.#deadlines.poll();
  }

  /** @throws LimitError 'too-many-items' when so much waits already, of all or of this owner; then nothing is scheduled */
  add(item: Appointment): void {
    this.#room.enter(item);
    this.#instantOf(item.deadline).waiting.add(item);
  }

  /** @returns what was to run; undefined when it has run, was cancelled, or is not this owner's */
  cancel(owner: object, id: bigint): Scheduled | undefined {
    const item = this.#room.find(owner, id);
    if (!item) return undefined;
    this.#remove(item);
    return item.bundle;
  }

  /** The rights that these are done by have ended. */
  cancelOf(isMeant: (grant: Grant | undefined) => boolean): void {
    const found = [...this.#instants.values()].flatMap(({ waiting }) => [...waiting]);
    for (const item of found.filter(({ bundle }) => isMeant(bundle.grant))) {
      this.#remove(item);
      item.bundle.cancelled();
    }
  }

  /** What waits of this owner never runs. */
  forget(owner: object): void {
    for (const item of [...this.#instants.values()].flatMap(({ waiting }) => [...waiting]))
      if (item.owner === owner) this.#remove(item);
  }

  /** Nothing runs any more. */
  close(): void {
    this.#deadlines.clear();
    this.#instants.clear();
    this.#room.clear();
  }

  #remove(item: Appointment): void {
    this.#room.leave(item);
    const instant = this.#instants.get(item.deadline);
    instant?.waiting.delete(item);
    if (instant?.handle && instant.waiting.size === 0 && this.#deadlines.cancel(instant.handle))
      this.#instants.delete(item.deadline);
  }

  #instantOf(deadline: Micros): Instant {
    const known = this.#instants.get(deadline);
    if (known) return known;
    const instant: Instant = { deadline, waiting: new Set(), handle: undefined };
    instant.handle = this.#deadlines.add(deadline, instant);
    this.#instants.set(deadline, instant);
    return instant;
  }

  #runAll(instant: Instant): void {
    const { clock } = this.#options;
    const { deadline, waiting } = instant;
    for (const item of waiting) {
      if (this.#left === 0) break;
      this.#left--;
      waiting.delete(item);
      this.#room.leave(item);
      this.#runOne(item, clock.nowMicros());
    }
    if (waiting.size === 0) this.#instants.delete(deadline);
    else instant.handle = this.#deadlines.add(deadline, instant);
  }

  #runOne({ bundle, deadline }: Appointment, now: Micros): void {
    const late = micros(now - deadline);
    if (lateVerdict(deadline, now, this.#options.policy) === 'drop') return bundle.missed(late);
    this.#punctuality.note(late);
    if (bundle.isApart) this.#tellAll();
    bundle.run(now);
    this.#untold.push(bundle);
    if (bundle.isApart) this.#tellAll();
  }

  #endTurn(): void {
    this.#left = perTurnMax;
    this.#tellAll();
    this.#options.onRan?.();
  }

  #tellAll(): void {
    const untold = this.#untold;
    this.#untold = [];
    for (const bundle of untold) bundle.tell();
  }
}
