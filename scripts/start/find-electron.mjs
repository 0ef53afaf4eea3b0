import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from '../ensure/run-tool.mjs';

const downloadLimitMs = 180_000;

/** Looks for a display first (without one nothing is downloaded), then for an Electron: the folder in
 *  ELECTRON_OVERRIDE_DIST_PATH, the npm package's own, or one that its installer can fetch now.
 *  @param {string} root
 *  @param {NodeJS.ProcessEnv} [env]
 *  @returns {Promise<{ path: string } | { whyNot: string }>} */
export async function findElectron(root, env = process.env) {
  if (process.platform === 'linux' && !env['DISPLAY'] && !env['WAYLAND_DISPLAY']) {
    return { whyNot: 'there is no display (DISPLAY and WAYLAND_DISPLAY are not set)' };
  }
  const override = env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override) {
    const path = join(override, executableName());
    return existsSync(path) ? { path } : { whyNot: `ELECTRON_OVERRIDE_DIST_PATH holds no ${executableName()}` };
  }
  const installed = installedElectron(root);
  return installed ? { path: installed } : fetchElectron(root);
}

/** @param {string} root
 *  @returns {string | undefined} the npm package's executable, when its download is there and whole */
export function installedElectron(root) {
  // The package writes path.txt last.
  const folder = join(root, 'node_modules', 'electron');
  const mark = join(folder, 'path.txt');
  if (!existsSync(mark)) return undefined;
  const path = join(folder, 'dist', readFileSync(mark, 'utf8'));
  return existsSync(path) ? path : undefined;
}

/** @param {string} root
 *  @returns {Promise<{ path: string } | { whyNot: string }>} */
async function fetchElectron(root) {
  const installer = join(root, 'node_modules', 'electron', 'install.js');
  if (!existsSync(installer)) return { whyNot: 'the package electron is not installed' };
  try {
    await runTool({
      title: 'fetching the Electron runtime (about 115 MB, once)',
      command: process.execPath,
      args: [installer],
      cwd: root,
      limitMs: downloadLimitMs,
    });
  } catch (error) {
    return { whyNot: `the Electron runtime could not be fetched (${firstCause(error)})` };
  }
  const path = installedElectron(root);
  return path ? { path } : { whyNot: 'the Electron installer ended well but left no executable' };
}

function executableName() {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}

/** The one line of a stack trace that names the cause.
 *  @param {unknown} error */
function firstCause(error) {
  const lines = String(error instanceof Error ? error.message : error).split('\n');
  const telling = lines.find((line) =>
    /error|ENOTFOUND|ECONN|timed? ?out|too long/i.test(line.replace(/^\s+at .*/, '')),
  );
  return (telling ?? lines[0] ?? '').trim().slice(0, 160);
}
