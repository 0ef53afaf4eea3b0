import type { Clock } from '../../../ports/clock.ts';
import type { RouterLimits } from '../limits.ts';
import type { Defer } from './turn.ts';

/** Somebody who has more to do than one turn allows. */
export interface Job {
  /** Does a little of it. @returns 'later': there is more, but not in this turn */
  step(): 'more' | 'later' | 'done';
}

export interface TurnLineOptions {
  readonly clock: Clock;
  readonly defer: Defer;
  readonly limits: Pick<RouterLimits, 'turnMicros'>;
}

/** Looking at the clock for each small message would cost a good part of what the message does. */
const costPerLook = 8;
/** While somebody waits in line, what turns have made leaves when the turns took so many times as long as its leaving: a
 *  write for each of a thousand peers must not be the price of a few messages. */
const turnsPerFlush = 8;
const flushPutOffMaxMicros = 16_000;

/** Keeps turns short. Whoever has more to do than its share waits in line, and the line is served one after the other, a
 *  little each, at the end of every turn. Those with little to do never wait. */
export class TurnLine {
  readonly #options: TurnLineOptions;
  #waiting: Job[] = [];
  #atEnd: (() => void)[] = [];
  #number = 0;
  #isPlanned = false;
  #beganAt = 0;
  #isOver = false;
  #costUnseen = 0;
  #flushedAt = -Infinity;
  #flushTook = 0;

  constructor(options: TurnLineOptions) {
    this.#options = options;
  }

  /** Somebody waits. */
  get isBusy(): boolean {
    return this.#waiting.length > 0;
  }

  /** of the turn, or of the last one */
  get turn(): number {
    return this.#number;
  }

  /** Something comes in. @returns the number of the turn */
  begin(): number {
    this.#plan();
    return this.#number;
  }

  /** Whether the time of this turn is used up, looked at now and then.
   *  @param cost about as many small messages since the last call */
  isOverAfter(cost: number): boolean {
    this.#costUnseen += cost;
    if (this.#costUnseen < costPerLook) return this.#isOver;
    this.#costUnseen = 0;
    const { clock, limits } = this.#options;
    // Also when it is over: what still passes is stamped with the last look.
    return (this.#isOver = clock.nowMicros() - this.#beganAt >= limits.turnMicros);
  }

  /** To be called once until the job is done. */
  add(job: Job): void {
    this.#waiting.push(job);
    this.#plan();
  }

  /** As `Defer`, for what sends: runs at the end of this turn, or of a later one while the line is busy. */
  readonly atEnd: Defer = (run) => {
    this.#atEnd.push(run);
    this.#plan();
  };

  #plan(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    this.#isOver = false;
    this.#costUnseen = 0;
    this.#number++;
    this.#beganAt = this.#options.clock.nowMicros();
    this.#options.defer(() => this.#end());
  }

  #end(): void {
    this.#isPlanned = false;
    if (this.#waiting.length > 0) this.#serve();
    if (this.#atEnd.length > 0 && !this.#isPutOff()) this.#flush();
    if (this.#waiting.length > 0 || this.#atEnd.length > 0) this.#plan();
  }

  /** At least one gets its step, however short turns are. */
  #serve(): void {
    const { clock, limits } = this.#options;
    const endsAt = clock.nowMicros() + limits.turnMicros;
    const jobs = this.#waiting;
    const later: Job[] = [];
    let served = 0;
    do {
      const job = jobs[served++];
      const left = job?.step();
      if (job && left === 'more') jobs.push(job);
      else if (job && left === 'later') later.push(job);
    } while (served < jobs.length && clock.nowMicros() < endsAt);
    this.#waiting = [...jobs.slice(served), ...later];
  }

  #isPutOff(): boolean {
    if (!this.isBusy) return false;
    const since = this.#options.clock.nowMicros() - this.#flushedAt;
    return since < Math.min(turnsPerFlush * this.#flushTook, flushPutOffMaxMicros);
  }

  #flush(): void {
    const { clock } = this.#options;
    const began = clock.nowMicros();
    for (const run of this.#atEnd.splice(0)) run();
    this.#flushedAt = clock.nowMicros();
    this.#flushTook = this.#flushedAt - began;
  }
}
