import { readFileSync } from 'node:fs';
import type { Figures } from './scenario.ts';

/** A round that loses more of the machine than this is measured again: a pause of the host says nothing of a server. */
const stolenShareMax = 0.02;
const triesMax = 4;
/** Whoever lasts longer is not asked twice, in seconds. */
const longest = 60;

/** What Linux counted for all cores together since it started, in ticks. */
export interface MachineTicks {
  readonly all: number;
  /** that the host gave to others while something wanted to run here */
  readonly stolen: number;
}

/** Measures until the host left the machine alone meanwhile, a few times at most.
 *  @param how seconds: what one round takes
 *  @returns the round that lost least, with the share that it lost as `stolenShare` */
export async function calmRound(
  measure: () => Promise<Figures>,
  { seconds, ticksNow = machineTicks }: { readonly seconds: number; readonly ticksNow?: () => MachineTicks },
): Promise<Figures> {
  const tries = seconds > longest ? 1 : triesMax;
  let best: Figures & { readonly stolenShare: number } = { stolenShare: Infinity };
  for (let tried = 0; tried < tries && best.stolenShare > stolenShareMax; tried++) {
    const before = ticksNow();
    const figures = await measure();
    const stolenShare = stolenBetween(before, ticksNow());
    if (stolenShare < best.stolenShare) best = { ...figures, stolenShare };
  }
  return best;
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
