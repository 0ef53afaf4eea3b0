import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { say, runTool } from './run-tool.mjs';

/** @param {string} root
 *  @returns {boolean} whether node_modules was installed from this very lockfile, on this kind of machine */
export function installIsFresh(root) {
  const marker = markerOf(root);
  return existsSync(marker) && readFileSync(marker, 'utf8') === lockKey(root);
}

/** Installs exactly what the lockfile says; a node_modules that npm itself brought up to it is taken as it is.
 *  @param {string} root
 *  @throws {Error} with npm's own words */
export async function install(root) {
  if (!hiddenLockMatches(root)) {
    rmSync(markerOf(root), { force: true });
    await runTool({ title: 'installing packages (npm ci)', cwd: root, ...npmCi() });
  }
  // The one memory of a tool that does not lie in node_modules: another Svelte may find what this one did not.
  rmSync(join(root, '.svelte-check'), { recursive: true, force: true });
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(markerOf(root), lockKey(root));
}

/** `npm start` is `exec node …`, so that a signal to npm's shell reaches the product. Windows' shell has no `exec`:
 *  there a command of that name, first in npm's PATH, does the same as nothing.
 *  @param {string} root */
export function provideExec(root, platform = process.platform) {
  if (platform !== 'win32') return;
  const shim = join(root, 'node_modules/.bin/exec.cmd');
  mkdirSync(dirname(shim), { recursive: true });
  writeFileSync(shim, '@%*\r\n');
}

/** @param {string} root */
function markerOf(root) {
  return join(root, 'node_modules', '.flyrail-installed');
}

/** @param {string} root */
function lockKey(root) {
  const lock = readFileSync(join(root, 'package-lock.json'));
  return createHash('sha256').update(`${process.platform}-${process.arch}\0`).update(lock).digest('hex');
}

/** npm keeps a lockfile of what is really there, written when an install has ended well.
 *  @param {string} root */
function hiddenLockMatches(root) {
  const hidden = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const present = packagesOf(hidden);
  delete wanted[''];
  const isThere = Object.entries(wanted).every(([path, entry]) => {
    const found = present[path];
    return found ? found.version === entry.version && found.integrity === entry.integrity : entry.optional === true;
  });
  return isThere && Object.keys(present).every((path) => path in wanted);
}

/** @param {string} file
 *  @returns {Record<string, { version?: string, integrity?: string, optional?: boolean }>} */
function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
}

/** `--loglevel` because under `npm --silent` a nested npm would fail without a word; `--include` because
 *  NODE_ENV=production or an `omit` setting would leave out the build's tools, or the runtime itself. */
function npmCi() {
  const args = ['ci', '--loglevel=error', '--no-audit', '--no-fund', '--include=dev', '--include=optional'];
  const parent = process.env['npm_execpath'];
  const npm = parent?.endsWith('npm-cli.js') ? parent : npmBesideNode();
  return npm ? { command: process.execPath, args: [npm, ...args] } : { command: 'npm', args };
}

/** Windows cannot spawn `npm.cmd` without a shell, so its script is looked for beside node.exe. */
function npmBesideNode() {
  if (process.platform !== 'win32') return undefined;
  const folders = [dirname(process.execPath), ...(process.env['PATH'] ?? '').split(delimiter)];
  const scripts = folders.map((folder) => join(folder, 'node_modules/npm/bin/npm-cli.js'));
  const found = scripts.find((script) => existsSync(script));
  if (!found) say('npm was not found beside node.exe nor in PATH');
  return found;
}
