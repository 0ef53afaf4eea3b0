import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { stripVTControlCharacters } from 'node:util';

const progressEveryMs = 10_000;

/** A line of progress, on stderr: stdout belongs to the product.
 *  @param {string} line */
export function say(line) {
  process.stderr.write(`flyrail: ${line}\n`);
}

/** Runs a tool quietly and settles when it ended well. A signal ends the tool and this process.
 *  @param {{ title: string, command: string, args: readonly string[], cwd: string, limitMs?: number }} tool
 *  @throws {Error} with all that the tool printed, when it fails or takes longer than `limitMs` */
export async function runTool({ title, command, args, cwd, limitMs = Infinity }) {
  say(`${title} …`);
  const startedAt = Date.now();
  const { FORCE_COLOR: _colour, ...env } = process.env;
  const child = spawn(command, args, { cwd, env: { ...env, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] });
  /** @param {NodeJS.Signals} signal */
  const stop = (signal) => {
    child.kill();
    process.exit(128 + constants.signals[signal]);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const isLate = () => Date.now() - startedAt > limitMs;
  const progress = setInterval(() => {
    say(`${title}: ${String(Math.round((Date.now() - startedAt) / 1000))} s so far`);
    if (isLate()) child.kill();
  }, progressEveryMs);
  try {
    const { end, output } = await endOf(child);
    if (end === 0) return;
    const how = isLate() ? `took too long, over ${String(limitMs / 1000)} s` : `failed (${String(end)})`;
    throw new Error(`${title} ${how}:\n${output}`);
  } finally {
    clearInterval(progress);
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

/** @param {import('node:child_process').ChildProcessByStdio<null, import('node:stream').Readable, import('node:stream').Readable>} child
 *  @returns {Promise<{ end: number | NodeJS.Signals | null, output: string }>} */
function endOf(child) {
  /** @type {Buffer[]} */
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
  return new Promise((settle, fail) => {
    child.once('error', fail);
    child.once('close', (code, signal) =>
      settle({ end: code ?? signal, output: stripVTControlCharacters(Buffer.concat(output).toString()) }),
    );
  });
}
