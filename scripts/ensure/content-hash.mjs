import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A digest of names and contents, so that an edit, a new file and a deletion all show; file times do not matter.
 *  @param {string} root
 *  @param {readonly string[]} paths files and folders below `root`; one that is absent counts as such
 *  @returns {string} 64 hex digits */
export function contentHash(root, paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of filesBelow(root, path)) {
      const content = readFileSync(join(root, file));
      hash.update(`${file}\0${String(content.length)}\0`).update(content);
    }
  }
  return hash.digest('hex');
}

/** @param {string} root
 *  @param {string} path
 *  @returns {string[]} files in a fixed order, with forward slashes on every system */
function filesBelow(root, path) {
  const found = statSync(join(root, path), { throwIfNoEntry: false });
  if (!found) return [];
  if (!found.isDirectory()) return [path];
  const names = readdirSync(join(root, path)).sort();
  return names.flatMap((name) => filesBelow(root, `${path}/${name}`));
}
