import { readFileSync } from 'node:fs';

/** What Linux counts for one process, all of its threads together. */
export interface ProcessUse {
  /** in user and kernel mode, of processes that are gone not counted; a hundredth of a second is the finest step */
  readonly cpuSeconds: number;
  /** resident memory, in bytes */
  readonly rssBytes: number;
}

/** `getconf CLK_TCK` and `getconf PAGESIZE` of every Linux that Node runs on here. */
const ticksPerSecond = 100;
const pageBytes = 4096;

/** @throws Error when the process is gone */
export function useOf(pid: number): ProcessUse {
  return parseUse(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

/** @param stat the text of `/proc/PID/stat` @see proc_pid_stat(5): utime 14, stime 15, rss 24 */
export function parseUse(stat: string): ProcessUse {
  // The name of the program stands in parentheses and may hold anything, also spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  return { cpuSeconds: (field(14) + field(15)) / ticksPerSecond, rssBytes: field(24) * pageBytes };
}
