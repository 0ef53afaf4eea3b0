import { readFileSync } from 'node:fs';
import process from 'node:process';

/** Whether a process is there, and no zombie. On Linux. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
