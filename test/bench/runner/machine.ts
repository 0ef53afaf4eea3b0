import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { targets } from '../targets/catalogue.ts';
import { pinning } from '../targets/cores.ts';

/** What the figures were measured on; nothing that names the machine. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGigabytes: number;
  readonly system: string;
  readonly node: string;
  readonly pinning: string;
  /** programs that others than us wrote, and ours */
  readonly versions: Readonly<Record<string, string>>;
  /** processes that wanted a core besides the bench, on the average of the minute before */
  readonly loadBefore: number;
}

export function describeMachine(): Machine {
  const versions = targets
    .filter(({ name }) => !name.startsWith('flyrail-') && name !== 'none')
    .map((target): [string, string] => [target.name, target.version() ?? 'not installed']);
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    pinning,
    versions: Object.fromEntries(versions),
    loadBefore: Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]),
  };
}
