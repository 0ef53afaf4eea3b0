import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';

/** The server has one core for itself, the load another: neither waits for the other. */
export const serverCore = 1;
export const loadCore = 0;

// Of the machine, and not of this process: the load is on one core itself, and starts what is to be on another.
const coreCount = cpus().length;
const canPin = coreCount > 1 && spawnSync('taskset', ['--version']).status === 0;

/** The command that runs another on one core; as it is where the machine has no second one, or no `taskset`. */
export function pinned(core: number, command: readonly string[]): readonly string[] {
  return canPin ? ['taskset', '--cpu-list', String(core), ...command] : command;
}

/** The command that runs another on all cores, whatever its parent is pinned to: what stands between server and load does not wait
 *  for a load that is busy all the time. */
export function unpinned(command: readonly string[]): readonly string[] {
  return canPin ? ['taskset', '--cpu-list', `0-${coreCount - 1}`, ...command] : command;
}

const canLeash = process.platform === 'linux' && spawnSync('setpriv', ['--version']).status === 0;

/** The command that runs another and ends with this process, however this one ends: Linux kills it then. As it is where
 *  that cannot be had; then it outlives a runner that is killed hard. */
export function leashed(command: readonly string[]): readonly string[] {
  return canLeash ? ['setpriv', '--pdeathsig', 'KILL', '--', ...command] : command;
}

/** How processes share the cores, in a sentence for the report. */
export const pinning = canPin
  ? `server on core ${serverCore}, load on core ${loadCore}`
  : 'server and load on any core (no taskset, or one core only)';
