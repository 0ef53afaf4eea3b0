// Runs every check there is, two at a time, and counts.
//
//   node scripts/test.mjs              all of it: what `npm test` and CI run
//   node scripts/test.mjs check        types, lint, rules and unit tests only
//   node scripts/test.mjs browser unit the named steps
//
// Steps run at once where it does not matter how long a thing takes; those that are held to times run alone.
// The last line is `N passed, N failed, N skipped`: each test counts, and every other step counts as one.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runStep } from './test/run-step.mjs';
import { selectSteps } from './test/steps.mjs';
import { summaryLine, table } from './test/summary.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const lanes = 2;

const reports = join(root, 'test-results', 'reports');
mkdirSync(reports, { recursive: true });
const steps = selectSteps(process.argv.slice(2));

const results = [
  ...(await runInLanes(steps.filter((step) => !step.alone))),
  ...(await runInOrder(steps.filter((step) => step.alone))),
];
for (const result of results) {
  for (const skip of result.skips) console.log(`SKIPPED ${result.title}: ${skip}`);
}
console.log(`\n${table(results)}\n\n${summaryLine(results)}`);
process.exitCode = results.some((result) => result.failed > 0) ? 1 : 0;

/** @param {import('./test/steps.mjs').Step[]} waiting */
async function runInLanes(waiting) {
  const queue = [...waiting];
  const done = await Promise.all(Array.from({ length: lanes }, () => runInOrder(queue)));
  return done.flat();
}

/** @param {import('./test/steps.mjs').Step[]} queue emptied; may be shared with another lane */
async function runInOrder(queue) {
  const done = [];
  for (let step = queue.shift(); step; step = queue.shift()) done.push(await runAndTell(step));
  return done;
}

/** @param {import('./test/steps.mjs').Step} step */
async function runAndTell(step) {
  const result = await runStep({ step, root, reports });
  if (result.failed > 0) console.log(`\n──── ${step.title}: failed\n${result.output.trim()}\n────\n`);
  else console.log(`ok  ${step.title}  ${(result.durationMs / 1000).toFixed(1)} s`);
  return result;
}
