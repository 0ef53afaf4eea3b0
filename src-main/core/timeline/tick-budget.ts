import type { Hertz } from '../../contract/units.ts';

/** What timelines may take of a core, in µs of a second. */
export interface TickWork {
  /** of one owner, but the free one */
  readonly perOwnerMicros: number;
  /** of all together; while they want more, each owner gets at most an equal part */
  readonly allMicros: number;
}

export interface TickBudgetOptions {
  readonly work: TickWork;
  /** the owner that is bounded by all alone: what is nobody's else is the show's */
  readonly free?: object;
  /** an owner wants more than it gets, and did not a moment ago. `part`: what it gets of what it wants, 0..1 */
  readonly onOver?: (owner: object, part: number) => void;
}

/** Shares what timelines may take of the processor: whoever wants more than its part gets all its ticks at a lower rate,
 *  evenly. It goes by what ticks cost as a rule and not by a clock, so the same timelines are always played alike. */
export class TickBudget {
  readonly #options: TickBudgetOptions;
  /** what each owner wants that has something playing, in µs of a second */
  readonly #wanted = new Map<object, number>();
  /** the owners that want more than they get */
  #over = new Set<object>();
  /** an equal part of all; undefined when it has to be found anew */
  #level: number | undefined;

  constructor(options: TickBudgetOptions) {
    this.#options = options;
  }

  /** An owner wants so much more; negative: less. */
  want(owner: object, micros: number): void {
    const wanted = (this.#wanted.get(owner) ?? 0) + micros;
    if (wanted > 0) this.#wanted.set(owner, wanted);
    else this.#wanted.delete(owner);
    this.#level = undefined;
  }

  /** @returns at how many ticks a second a timeline of this owner plays that asks for so many; whole, 1 at least */
  rateFor(owner: object, asked: Hertz): Hertz {
    const given = Math.min(this.#mostFor(owner), (this.#level ??= this.#findLevel()));
    const wanted = this.#wanted.get(owner) ?? 0;
    return wanted <= given ? asked : (Math.max(1, Math.floor((asked * given) / wanted)) as Hertz);
  }

  #mostFor(owner: object): number {
    const { work, free } = this.#options;
    return owner === free ? work.allMicros : work.perOwnerMicros;
  }

  #findLevel(): number {
    const { work, onOver } = this.#options;
    const bounded = Array.from(this.#wanted, ([owner, wanted]) => Math.min(wanted, this.#mostFor(owner)));
    const level = levelOf(bounded, work.allMicros);
    const over = new Set<object>();
    for (const [owner, wanted] of this.#wanted) {
      const given = Math.min(level, this.#mostFor(owner));
      if (wanted <= given) continue;
      over.add(owner);
      if (!this.#over.has(owner)) onOver?.(owner, given / wanted);
    }
    this.#over = over;
    return level;
  }
}

/** The most that one may get so that all together stay within their bound: who wants less leaves the rest to the others. */
export function levelOf(wanted: readonly number[], all: number): number {
  let left = all;
  const rising = wanted.toSorted((one, other) => one - other);
  for (const [index, each] of rising.entries()) {
    const equal = left / (rising.length - index);
    if (each > equal) return Math.floor(equal);
    left -= each;
  }
  return all;
}
