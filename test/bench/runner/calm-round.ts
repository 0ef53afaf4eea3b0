import { readFileSync } from 'node:fs';
import type { Figures } from './scenario.ts';

/** A round that loses more of the machine than this is measured again: a pause of the host says nothing of a server. */
const stolenShareMax = 0.02;
const triesMax = 4;
/** In a scenario: on a host that gives no peace at all, a whole run would take four times as long and tell nothing more. */
const repeatsMax = 12;
/** Whoever lasts longer is not asked twice, in seconds. */
const longest = 60;

/** What Linux counted for all cores together since it started, in ticks. */
export interface MachineTicks {
  readonly all: number;
  /** that the host gave to others while something wanted to run here */
  readonly stolen: number;
}

export interface CalmRoundsOptions {
  /** what one round takes */
  readonly seconds: number;
  readonly ticksNow?: () => MachineTicks;
}

/** The rounds of one scenario. Each is measured until the host left the machine alone meanwhile, a few times at most. */
export class CalmRounds {
  readonly #tries: number;
  readonly #ticksNow: () => MachineTicks;
  #repeatsLeft = repeatsMax;

  constructor({ seconds, ticksNow = machineTicks }: CalmRoundsOptions) {
    this.#tries = seconds > longest ? 1 : triesMax;
    this.#ticksNow = ticksNow;
  }

  /** @returns what was measured when the host took least, with the share that it took as `stolenShare` */
  async measure(run: () => Promise<Figures>): Promise<Figures> {
    let best = await this.#once(run);
    for (let tried = 1; tried < this.#tries && best.stolenShare > stolenShareMax && this.#repeatsLeft > 0; tried++) {
      this.#repeatsLeft--;
      const again = await this.#once(run);
      if (again.stolenShare < best.stolenShare) best = again;
    }
    return best;
  }

  async #once(run: () => Promise<Figures>): Promise<Figures & { readonly stolenShare: number }> {
    const before = this.#ticksNow();
    const figures = await run();
    return { ...figures, stolenShare: stolenBetween(before, this.#ticksNow()) };
  }
}

/** @param stat the text of `/proc/stat` @see proc_stat(5): cpu user nice system idle iowait irq softirq steal */
export function parseTicks(stat: string): MachineTicks {
  const ticks = /^cpu +(.*)$/m.exec(stat)?.[1]?.split(' ').slice(0, 8).map(Number) ?? [];
  return { all: ticks.reduce((sum, each) => sum + each, 0), stolen: ticks[7] ?? 0 };
}

function machineTicks(): MachineTicks {
  return parseTicks(readFileSync('/proc/stat', 'utf8'));
}

function stolenBetween(before: MachineTicks, after: MachineTicks): number {
  const all = after.all - before.all;
  return all === 0 ? 0 : (after.stolen - before.stolen) / all;
}
