import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { performance } from 'node:perf_hooks';

/** @typedef {import('./counts.mjs').Counts} Counts */
/** @typedef {Counts & { title: string, durationMs: number, output: string }} StepResult */

/** Runs one step to its end; never throws.
 *  @param {{ step: import('./steps.mjs').Step, root: string, reports: string }} options
 *  @returns {Promise<StepResult>} `output` is all that the program printed */
export async function runStep({ step, root, reports }) {
  const countsFile = join(reports, `${step.name}.json`);
  rmSync(countsFile, { force: true });
  const startedAt = performance.now();
  const { exitCode, output } = await runProgram({ step, root, countsFile });
  const counts = step.countsTests ? countTests(countsFile, exitCode) : countStep(exitCode);
  return { title: step.title, ...counts, output, durationMs: performance.now() - startedAt };
}

/** @param {{ step: import('./steps.mjs').Step, root: string, countsFile: string }} options
 *  @returns {Promise<{ exitCode: number, output: string }>} */
function runProgram({ step, root, countsFile }) {
  const bin = join(root, 'node_modules', '.bin');
  const { FORCE_COLOR: _colour, ...env } = process.env;
  const child = spawn(step.command, step.args, {
    cwd: root,
    env: { ...env, PATH: `${bin}${delimiter}${env['PATH'] ?? ''}`, FLYRAIL_COUNTS: countsFile, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // npm's programs are .cmd files on Windows, which only a shell can start.
    shell: process.platform === 'win32',
  });
  /** @type {Buffer[]} */
  const chunks = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk));
  return new Promise((settle) => {
    child.once('error', (error) => settle({ exitCode: 127, output: error.message }));
    child.once('close', (code) => settle({ exitCode: code ?? 1, output: Buffer.concat(chunks).toString() }));
  });
}

/** @param {number} exitCode
 *  @returns {Counts} */
function countStep(exitCode) {
  return { passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1, skipped: 0, skips: [] };
}

/** A run that failed without a failed test (it crashed, it found no tests) counts as one failure.
 *  @param {string} countsFile
 *  @param {number} exitCode
 *  @returns {Counts} */
function countTests(countsFile, exitCode) {
  if (!existsSync(countsFile)) return { passed: 0, failed: 1, skipped: 0, skips: [] };
  /** @type {Counts} */
  const counts = JSON.parse(readFileSync(countsFile, 'utf8'));
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}
