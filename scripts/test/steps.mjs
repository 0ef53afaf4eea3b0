/** One program of the test run.
 *  @typedef {object} Step
 *  @property {string} name for the command line
 *  @property {string} title for people
 *  @property {string} command in node_modules/.bin
 *  @property {string[]} args
 *  @property {boolean} alone needs the machine for itself: it is held to times, fills both cores, or hangs beside others
 *  @property {boolean} check part of `npm run check`
 *  @property {boolean} countsTests has a reporter that counts single tests; otherwise the step counts as one */

// What has not changed since the last run is not looked at again; a fresh clone, and so CI, has nothing to go by.
const cache = 'node_modules/.cache/flyrail/';
const eslintCache = `--cache --cache-strategy content --cache-location ${cache}eslint-`;

/** @type {readonly Step[]} */
const steps = [
  // It keeps what it found in .svelte-check/, and takes no other place for that.
  tool(
    'types-web',
    'types: renderer (svelte-check)',
    'svelte-check --incremental --tsconfig ./tsconfig.web.json --fail-on-warnings --output human',
  ),
  tool(
    'lint-components',
    'lint of components (eslint)',
    `eslint --max-warnings 0 ${eslintCache}components src-renderer/**/*.svelte`,
  ),
  vitest('unit', { alone: false, check: true }),
  tool('lint', 'lint (eslint)', `eslint --max-warnings 0 ${eslintCache}modules --ignore-pattern **/*.svelte .`),
  tool('types-node', 'types: engine, shell, tests', typeCheck('node')),
  tool('types-core', 'types: pure layers', typeCheck('core')),
  tool('types-preload', 'types: preload', typeCheck('preload')),
  tool('types-e2e', 'types: end-to-end tests', typeCheck('e2e')),
  tool('format', 'format (prettier)', `prettier --check --log-level warn --cache --cache-location ${cache}prettier .`),
  tool(
    'rules',
    'who imports whom (dependency-cruiser)',
    'depcruise --config .dependency-cruiser.mjs --output-type err-long src-main src-preload src-renderer test scripts',
  ),
  tool('dead-code', 'dead code (knip)', 'knip --no-progress'),
  vitest('network', { alone: false, check: false }),
  vitest('renderer', { alone: false, check: false }),
  vitest('integration', { alone: true, check: false }),
  playwright('browser', 'end-to-end tests: browser', 2),
  playwright('electron', 'end-to-end tests: Electron', 1),
];

/** @param {readonly string[]} wanted names of steps, or `check`; empty means all
 *  @returns {Step[]}
 *  @throws {Error} when a name is unknown */
export function selectSteps(wanted) {
  if (wanted.length === 0) return [...steps];
  const known = ['check', ...steps.map((step) => step.name)];
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`no such step: ${unknown.join(', ')}; there are ${known.join(', ')}`);
  return steps.filter((step) => wanted.includes(step.name) || (step.check && wanted.includes('check')));
}

/** @param {string} project
 *  @returns {string} */
function typeCheck(project) {
  return `tsc -p tsconfig.${project}.json --incremental --tsBuildInfoFile ${cache}${project}.tsbuildinfo`;
}

/** @param {string} name
 *  @param {string} title
 *  @param {string} line
 *  @returns {Step} */
function tool(name, title, line) {
  const [command = '', ...args] = line.split(' ');
  return { name, title, command, args, alone: false, check: true, countsTests: false };
}

/** @param {string} project
 *  @param {{ alone: boolean, check: boolean }} how
 *  @returns {Step} */
function vitest(project, { alone, check }) {
  const args = ['run', '--project', project, '--reporter', 'dot', '--reporter', './scripts/test/vitest-counts.mjs'];
  return { name: project, title: `${project} tests`, command: 'vitest', args, alone, check, countsTests: true };
}

/** @param {string} project
 *  @param {string} title
 *  @param {number} workers tests at once
 *  @returns {Step} */
function playwright(project, title, workers) {
  const config = ['--config', 'test/e2e/playwright.config.ts', '--project', project, `--workers=${workers}`];
  const args = ['test', ...config, '--reporter', 'line,./scripts/test/playwright-counts.mjs'];
  return { name: project, title, command: 'playwright', args, alone: true, check: false, countsTests: true };
}
