#!/usr/bin/env node
import { realpathSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { waitForStop } from './cli/stop-signals.ts';

// Checked before anything else is loaded: on an older Node the database addon ends the process without a word.
const nodeLeast = [22, 14] as const;
/** Commands that go on until they are told to end. */
const goesOn = new Set(['serve', 'sub', 'top']);

const isUtilityProcess = 'parentPort' in process;

/** The `flyrail` command; also the process in which the desktop window's engine runs. Sets the process's exit code. */
export async function runHeadless(args: readonly string[]): Promise<void> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const tooOld = major < nodeLeast[0] || (major === nodeLeast[0] && minor < nodeLeast[1]);
  if (tooOld && !process.versions['electron']) {
    process.stderr.write(`flyrail: needs Node ${nodeLeast.join('.')} or newer, this is ${process.version}.\n`);
    process.exitCode = 2;
    return;
  }
  // From here on, since loading the rest takes a while and a signal then ends it in order too.
  const stopping = goesOn.has(args[0] ?? '') ? waitForStop() : undefined;
  const { runCommand } = await import('./cli/run-command.ts');
  const { stdout, stderr } = process;
  process.exitCode = await runCommand(args, { stdout, stderr, ...(stopping && { stopping }) });
  // Electron's utility process looks whether anything is left to do only when something happens in it.
  if (isUtilityProcess) process.exit();
  // A process that ends by itself gives signals back to the system first: a repeated one would kill it in its last moment.
  process.once('beforeExit', () => process.exit());
}

if (isEntry() || isUtilityProcess) await runHeadless(process.argv.slice(2));

function isEntry(): boolean {
  const [, entry] = process.argv;
  try {
    return entry !== undefined && realpathSync(entry) === fileURLToPath(import.meta.url);
  } catch {
    return false;
  }
}
