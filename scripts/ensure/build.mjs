import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contentHash } from './content-hash.mjs';
import { runTool } from './run-tool.mjs';
import { nodeRuntime } from './node-runtime.mjs';

const sources = [
  'src-main',
  'src-preload',
  'src-renderer',
  'resources',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
  'tsconfig.core.json',
  'tsconfig.node.json',
  'tsconfig.web.json',
];
const outputs = ['out/main/headless.js', 'out/main/main.js', 'out/preload/index.cjs', 'out/renderer/index.html'];

/** @param {string} root
 *  @returns {boolean} whether `out/` was built from the sources as they are now */
export function buildIsFresh(root) {
  const stamp = stampOf(root);
  if (!existsSync(stamp) || !outputs.every((file) => existsSync(join(root, file)))) return false;
  return readFileSync(stamp, 'utf8') === contentHash(root, sources);
}

/** The stamp goes first and comes back last, so that a build which broke off is never taken for a good one.
 *  @param {string} root
 *  @throws {Error} with the build's own words */
export async function build(root) {
  const hash = contentHash(root, sources);
  rmSync(stampOf(root), { force: true });
  await runTool({
    title: 'building',
    command: nodeRuntime(root),
    args: [join(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'build', '--logLevel', 'warn'],
    cwd: root,
  });
  const missing = outputs.filter((file) => !existsSync(join(root, file)));
  if (missing.length > 0) throw new Error(`the build ended well but did not write ${missing.join(', ')}`);
  chmodSync(join(root, 'out/main/headless.js'), 0o755);
  mkdirSync(join(root, 'out'), { recursive: true });
  writeFileSync(stampOf(root), hash);
}

/** @param {string} root */
function stampOf(root) {
  return join(root, 'out', '.stamp');
}
