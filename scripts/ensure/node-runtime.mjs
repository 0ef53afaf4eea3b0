import { existsSync } from 'node:fs';
import { join } from 'node:path';

const oldest = { major: 22, minor: 14 };

/** The Node that npm installed with the packages, else this one.
 *  @param {string} root
 *  @returns {string} path of an executable
 *  @throws {Error} when there is none, or it is too old for the native modules (one of them crashes on Node 20) */
export function nodeRuntime(root) {
  const name = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
  const installed = join(
    root,
    'node_modules',
    `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`,
    name,
  );
  if (existsSync(installed)) return installed;
  if (isNewEnough(process.versions.node)) return process.execPath;
  throw new Error(tooOld(process.versions.node));
}

/** @param {string} version as in process.versions.node */
export function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > oldest.major || (major === oldest.major && minor >= oldest.minor);
}

/** @param {string} version as in process.versions.node */
export function tooOld(version) {
  return `Node ${version} is too old: Flyrail needs ${String(oldest.major)}.${String(oldest.minor)} or newer (npm installs one here for Linux and Windows; see package.json)`;
}
