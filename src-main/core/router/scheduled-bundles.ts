import { LimitError } from '../../contract/errors.ts';
import { micros, type Micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeadlineHandle } from '../clock/deadline-queue.ts';
import { Deadlines } from '../clock/deadlines.ts';
import { lateVerdict, type LatePolicy } from '../clock/late-policy.ts';
import { Punctuality, type PunctualityStats } from '../clock/punctuality.ts';

/** Bundles that run in one turn. A cascade of 1000 at one instant takes a turn or two, and lamps get theirs in between. */
const perTurnMax = 512;

export interface ScheduledLimits {
  /** bundles that wait; further ones are refused */
  readonly scheduledMax: number;
  /** of all their messages together */
  readonly scheduledBytesMax: number;
}

/** What becomes of a BUNDLE that waits: one of the three, once. */
export interface WaitingBundle {
  readonly run: () => void;
  readonly missed: (late: Micros) => void;
  readonly cancelled: () => void;
}

/** One bundle that waits for its time. */
export interface Scheduled<T> {
  /** whose it is: nobody else may cancel it */
  readonly owner: object;
  /** what it can be cancelled by */
  readonly id: bigint | undefined;
  readonly deadline: Micros;
  readonly sizeBytes: number;
  readonly bundle: T;
}

export interface ScheduledBundlesOptions<T> {
  /** precise: how late bundles are is how late it calls */
  readonly clock: Clock;
  readonly limits: ScheduledLimits;
  readonly policy: LatePolicy;
  readonly run: (bundle: T) => void;
  /** it is too late for it by the policy */
  readonly drop: (bundle: T, late: Micros) => void;
  /** so many as a turn takes have run */
  readonly onRan?: () => void;
}

/** Bundles that wait for their time by the router's clock. Those of one instant run in the order of their coming. */
export class ScheduledBundles<T> {
  readonly #options: ScheduledBundlesOptions<T>;
  readonly #deadlines: Deadlines<Scheduled<T>>;
  readonly #byId = new Map<object, Map<bigint, { readonly item: Scheduled<T>; readonly handle: DeadlineHandle }>>();
  readonly #punctuality = new Punctuality();
  #sizeBytes = 0;

  constructor(options: ScheduledBundlesOptions<T>) {
    this.#options = options;
    const { clock, limits, onRan = () => undefined } = options;
    const run = (item: Scheduled<T>): void => this.#runOne(item);
    this.#deadlines = new Deadlines({ clock, itemsMax: limits.scheduledMax, perTurnMax, run, onRan });
  }

  get size(): number {
    return this.#deadlines.size;
  }

  /** How late those were that ran, from their time to their beginning. */
  punctuality(): PunctualityStats {
    return this.#punctuality.stats();
  }

  /** To be called between any two pieces of work: what is due runs now. */
  poll(): void {
    this.#deadlines.poll();
  }

  /** @throws LimitError 'too-many-items' when so much waits already; then nothing is scheduled */
  add(item: Scheduled<T>): void {
    const { scheduledBytesMax } = this.#options.limits;
    if (this.#sizeBytes + item.sizeBytes > scheduledBytesMax) {
      const text = `Bundles of more than ${scheduledBytesMax} bytes together cannot wait for their time.`;
      throw new LimitError('too-many-items', text, { bytesMax: scheduledBytesMax });
    }
    const handle = this.#deadlines.add(item.deadline, item);
    this.#sizeBytes += item.sizeBytes;
    if (item.id === undefined) return;
    const own = this.#byId.get(item.owner) ?? new Map<bigint, { item: Scheduled<T>; handle: DeadlineHandle }>();
    this.#byId.set(item.owner, own.set(item.id, { item, handle }));
  }

  /** @returns what was to run; undefined when it has run, was cancelled, or is not this owner's */
  cancel(owner: object, id: bigint): T | undefined {
    const known = this.#byId.get(owner)?.get(id);
    if (!known || !this.#deadlines.cancel(known.handle)) return undefined;
    this.#forget(known.item);
    return known.item.bundle;
  }

  /** Nothing runs any more. */
  close(): void {
    this.#deadlines.clear();
    this.#byId.clear();
    this.#sizeBytes = 0;
  }

  #runOne(item: Scheduled<T>): void {
    const { clock, policy, run, drop } = this.#options;
    this.#forget(item);
    const now = clock.nowMicros();
    const late = micros(now - item.deadline);
    if (lateVerdict(item.deadline, now, policy) === 'drop') return drop(item.bundle, late);
    this.#punctuality.note(late);
    run(item.bundle);
  }

  #forget({ owner, id, sizeBytes }: Scheduled<T>): void {
    this.#sizeBytes -= sizeBytes;
    if (id === undefined) return;
    const own = this.#byId.get(owner);
    own?.delete(id);
    if (own?.size === 0) this.#byId.delete(owner);
  }
}
