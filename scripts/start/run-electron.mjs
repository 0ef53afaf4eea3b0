import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { say } from '../ensure/run-tool.mjs';

/** @type {readonly NodeJS.Signals[]} */
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Runs the window and hands signals on to it.
 *  @param {{ executable: string, args: readonly string[] }} options
 *  @returns {Promise<number>} its exit code; 128 + n when a signal ended it, as shells say it */
export async function runElectron({ executable, args }) {
  const env = { ...process.env };
  // Set in terminals inside Electron-based editors; it would turn the window into a bare Node.
  delete env['ELECTRON_RUN_AS_NODE'];
  /** @param {NodeJS.Signals} signal */
  const hand = (signal) => void child.kill(signal);
  // Before the window starts: a signal in between would end this process alone and leave the window behind.
  for (const signal of forwarded) process.on(signal, hand);
  const child = spawn(executable, [...sandboxArgs(), ...args], { stdio: 'inherit', env });
  try {
    return await new Promise((settle, fail) => {
      child.once('error', fail);
      child.once('exit', (code, signal) => settle(code ?? 128 + (signal ? constants.signals[signal] : 0)));
    });
  } finally {
    for (const signal of forwarded) process.off(signal, hand);
  }
}

/** @returns {string[]} */
function sandboxArgs() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return [];
  say('running as root: Chromium cannot use its sandbox, so the window starts with --no-sandbox');
  return ['--no-sandbox'];
}
