import { execFile } from 'node:child_process';
import process from 'node:process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Why a test that needs network namespaces is skipped. */
export const noNamespaces = 'network namespaces cannot be made here (needs root and iproute2)';

/** Runs the program `ip`.
 *  @throws Error with what it printed */
export async function ip(...args: readonly string[]): Promise<void> {
  await run('ip', [...args]);
}

/** @returns whether this process may make network namespaces, and cables between them */
export async function canMakeNamespaces(): Promise<boolean> {
  const probe = `frdprobe${process.pid}`;
  try {
    await ip('netns', 'add', probe);
  } catch {
    return false;
  }
  try {
    await ip('link', 'add', 'card0', 'netns', probe, 'type', 'veth', 'peer', 'name', 'card1', 'netns', probe);
    return true;
  } catch {
    return false;
  } finally {
    await ip('netns', 'delete', probe);
  }
}
