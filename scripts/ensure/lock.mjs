import { mkdirSync, readFileSync, rmSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 100;
const unreadableIsStaleAfterMs = 5_000;

/** Runs `work` while no other process does. The lock is a file naming its owner; one whose owner is gone is taken over.
 *  @template T
 *  @param {{ path: string, onWait: (pid: number) => void }} options `onWait` runs once for each owner that is waited for
 *  @param {() => Promise<T>} work
 *  @returns {Promise<T>} */
export async function withLock({ path, onWait }, work) {
  const mine = JSON.stringify({ pid: process.pid, born: bornAt(process.pid) });
  let waitedFor = '';
  while (!tryCreate(path, mine)) {
    const seen = read(path);
    if (seen === undefined) continue;
    if (isStale(path, seen)) {
      takeOver(path, seen);
      continue;
    }
    if (seen !== waitedFor) onWait(ownerOf(seen)?.pid ?? 0);
    waitedFor = seen;
    await sleep(pollMs);
  }
  try {
    return await work();
  } finally {
    if (read(path) === mine) rmSync(path, { force: true });
  }
}

/** @param {string} path
 *  @param {string} content */
function tryCreate(path, content) {
  try {
    writeFileSync(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** @param {string} path
 *  @returns {string | undefined} nothing when the lock has just gone */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** @param {string} path
 *  @param {string} content */
function isStale(path, content) {
  const owner = ownerOf(content);
  if (owner) return !isAlive(owner);
  // Created but not yet written, or its writer died in between.
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.mtimeMs > unreadableIsStaleAfterMs;
}

/** Two that find the same stale lock must not both remove it: the second would remove the first one's new lock. A folder
 *  that only one of them can make stands between; inside, the lock is looked at once more.
 *  @param {string} path
 *  @param {string} stale what the lock said when it was found stale */
function takeOver(path, stale) {
  const turn = `${path}.takeover`;
  try {
    mkdirSync(turn);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    const found = statSync(turn, { throwIfNoEntry: false });
    if (found && Date.now() - found.mtimeMs > unreadableIsStaleAfterMs) rmSync(turn, { recursive: true, force: true });
    return;
  }
  if (read(path) === stale) rmSync(path, { force: true });
  rmdirSync(turn);
}

/** @param {string} content
 *  @returns {{ pid: number, born: string } | undefined} */
function ownerOf(content) {
  try {
    const { pid, born } = JSON.parse(content);
    return Number.isInteger(pid) && typeof born === 'string' ? { pid, born } : undefined;
  } catch {
    return undefined;
  }
}

/** @param {{ pid: number, born: string }} owner */
function isAlive({ pid, born }) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
  }
  return born === '' || bornAt(pid) === born;
}

/** When a process started, so that a number used again is not taken for the owner. Empty where the system does not say.
 *  @param {number} pid */
function bornAt(pid) {
  try {
    // Field 22 of proc(5) stat; the name in field 2 may itself hold spaces and brackets.
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
