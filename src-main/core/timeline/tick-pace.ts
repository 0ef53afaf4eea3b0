import type { Hertz, Micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeadlineHandle } from '../clock/deadline-queue.ts';
import { Deadlines } from '../clock/deadlines.ts';
import { encodedSize } from '../protocol/values.ts';
import { TickBudget, type TickWork } from './tick-budget.ts';
import { nextTick, nextTickBeside, ticksBetween } from './tick-grid.ts';
import type { Timeline } from './timeline.ts';

/** Timelines that are looked at in one turn; others whose tick it is follow in the next. */
const perTurnMax = 256;
/** What a tick costs with all that comes of it in the router, measured: so much, and so much for each byte of its value. */
const tickBaseMicros = 8;
const bytesPerMicro = 45;
/** Places that follow each other by it lie evenly over the interval, however many there are. */
const goldenRatio = 0.618_033_988_749_895;

/** What all timelines may take of the processor. */
export interface TimelineWork extends TickWork {
  /** in one turn; the others that are due follow in the next */
  readonly perTurnMicros: number;
}

export interface TickPaceOptions<T> {
  readonly clock: Clock;
  readonly work: TimelineWork;
  readonly run: (item: T) => void;
  /** those of one turn have run */
  readonly onRan: () => void;
  /** See `TickBudgetOptions`. */
  readonly free?: object;
  readonly onOver: (owner: object, part: number) => void;
}

/** A timeline as far as its ticks go. */
export interface Paced {
  /** whose part of the processor it takes */
  readonly owner: object;
  /** what it asks for */
  readonly rate: Hertz;
  /** what a tick costs, in µs */
  readonly tickMicros: number;
  /** in the interval between two ticks, 0..1, where its own are while its owner gets less than it wants */
  readonly place: number;
  isPlaying: boolean;
  /** when it is looked at next; undefined: not until it is told something */
  due: DeadlineHandle | undefined;
}

/** Says when timelines are looked at. As long as all is within what they may take of the processor, they tick as each of them
 *  asks for. */
export class TickPace<T extends Paced> {
  readonly #budget: TickBudget;
  readonly #deadlines: Deadlines<T>;
  /** of this turn, by what ticks cost as a rule, in µs */
  #spent = 0;
  #count = 0;
  #leftOutTotal = 0;

  constructor({ clock, work, free, run, onRan, onOver }: TickPaceOptions<T>) {
    this.#budget = new TickBudget({ work, onOver, ...(free && { free }) });
    this.#deadlines = new Deadlines({
      clock,
      itemsMax: Infinity,
      perTurnMax,
      run: (item) => {
        this.#spent += item.tickMicros;
        run(item);
      },
      isSpent: () => this.#spent >= work.perTurnMicros,
      onRan: () => {
        this.#spent = 0;
        onRan();
      },
    });
  }

  /** ticks that somebody asked for and that were left out since the processor is for others too */
  get leftOutTotal(): number {
    return this.#leftOutTotal;
  }

  /** A new one, at rest. */
  enter(owner: object, { keyframes }: Timeline, rate: Hertz): Paced {
    const sizeBytes = keyframes.reduce((most, { value }) => Math.max(most, encodedSize(value)), 0);
    const tickMicros = tickBaseMicros + Math.ceil(sizeBytes / bytesPerMicro);
    const place = (this.#count++ * goldenRatio) % 1;
    return { owner, rate, tickMicros, place, isPlaying: false, due: undefined };
  }

  /** It is not looked at any more. */
  leave(item: T): void {
    this.plan(item, undefined);
    this.setPlaying(item, false);
  }

  setPlaying(item: T, isPlaying: boolean): void {
    if (item.isPlaying === isPlaying) return;
    item.isPlaying = isPlaying;
    const micros = item.tickMicros * item.rate;
    this.#budget.want(item.owner, isPlaying ? micros : -micros);
  }

  /** Looks at it then, and not before. */
  plan(item: T, at: Micros | undefined): void {
    if (item.due) this.#deadlines.cancel(item.due);
    item.due = at === undefined ? undefined : this.#deadlines.add(at, item);
  }

  /** When one that plays is to be looked at next.
   *  @param change when its state changes by itself, which is never late */
  next({ owner, rate, place }: T, now: Micros, change: Micros | undefined): Micros {
    const given = this.#budget.rateFor(owner, rate);
    const tick = given === rate ? nextTick(now, rate) : nextTickBeside(now, given, place);
    const due = change !== undefined && change < tick ? change : tick;
    if (given !== rate) this.#leftOutTotal += Math.max(0, ticksBetween(now, due, rate) - 1);
    return due;
  }
}
