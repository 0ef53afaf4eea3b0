// Packs a release into release/: what electron-builder.yml says for this system, or what the arguments say.
//
//   npm run package
//   npm run package -- --linux dir
//
// Electron comes from FLYRAIL_ELECTRON_DIST, ELECTRON_OVERRIDE_DIST_PATH or the npm package's download, where one is
// there; otherwise electron-builder fetches it.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installedElectron } from './start/find-electron.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const builder = join(root, 'node_modules', 'electron-builder', 'cli.js');

const dist = electronDist();
const args = [...process.argv.slice(2), '--publish', 'never', ...(dist ? [`-c.electronDist=${dist}`] : [])];
const { status } = spawnSync(process.execPath, [builder, ...args], { cwd: root, stdio: 'inherit' });
process.exitCode = status ?? 1;

/** @returns {string | undefined} a folder that holds an unpacked Electron */
function electronDist() {
  const named = process.env['FLYRAIL_ELECTRON_DIST'] ?? process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (named) return named;
  const installed = process.platform === 'darwin' ? undefined : installedElectron(root);
  return installed && dirname(installed);
}
