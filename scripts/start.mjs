// What `npm start` runs, after ensure.mjs: the window where there can be one, otherwise the same engine headless, in this
// very process (so that a signal meets no middleman).
//
//   npm start                          the window; without a display or a runtime: headless, interface in a browser
//   npm start -- SHOW.flyrail          the same, with this show
//   npm start --silent -- serve …      headless, see `flyrail --help`
import { extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isNewEnough, tooOld } from './ensure/node-runtime.mjs';
import { say } from './ensure/run-tool.mjs';
import { findElectron } from './start/find-electron.mjs';
import { runElectron } from './start/run-electron.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

if (isNewEnough(process.versions.node)) {
  await start(process.argv.slice(2));
} else {
  say(tooOld(process.versions.node));
  process.exitCode = 2;
}

/** @param {string[]} args */
async function start(args) {
  // npm moves to the package's folder; the paths were typed where the operator stands.
  const typedIn = process.env['INIT_CWD'];
  if (process.env['npm_lifecycle_event'] === 'start' && typedIn) process.chdir(typedIn);

  const [show, ...more] = args;
  const wantsWindow = show === undefined || (more.length === 0 && extname(show) === '.flyrail');
  if (!wantsWindow) return runHeadless(args);

  const electron = await findElectron(root);
  if ('path' in electron) {
    process.exitCode = await runElectron({ executable: electron.path, args: [root, ...(show ? [resolve(show)] : [])] });
    return;
  }
  say(`no window: ${electron.whyNot}. Running headless; open the address below in a browser.`);
  await runHeadless(['serve', ...(show ? ['--show', resolve(show)] : [])]);
}

/** @param {string[]} args */
async function runHeadless(args) {
  const entry = new URL('../out/main/headless.js', import.meta.url);
  /** @type {{ runHeadless(args: readonly string[]): Promise<void> }} */
  const headless = await import(entry.href);
  await headless.runHeadless(args);
}
