// Makes sure of what the other commands need: packages as the lockfile says, and a build of the sources as they are.
// Runs as `prestart`, `pretest` and the like on a bare clone, so: Node built-ins only, Node 18 or newer, and not a
// byte on stdout, which belongs to the product (`npm start --silent -- serve --json`).
//
//   node scripts/ensure.mjs [--no-build]
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, buildIsFresh } from './ensure/build.mjs';
import { install, installIsFresh, provideExec } from './ensure/install.mjs';
import { withLock } from './ensure/lock.mjs';
import { say } from './ensure/run-tool.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

try {
  const { values } = parseArgs({ options: { 'no-build': { type: 'boolean', default: false } } });
  await ensure({ root, wantsBuild: !values['no-build'] });
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

/** Does nothing, and takes no lock, when everything is fresh.
 *  @param {{ root: string, wantsBuild: boolean }} options */
async function ensure({ root, wantsBuild }) {
  const isReady = () => installIsFresh(root) && (!wantsBuild || buildIsFresh(root));
  if (isReady()) return;
  await withLock(
    { path: join(root, '.ensure.lock'), onWait: (pid) => say(`process ${String(pid)} is preparing, waiting for it`) },
    async () => {
      if (!installIsFresh(root)) await install(root);
      provideExec(root);
      if (wantsBuild && !buildIsFresh(root)) await build(root);
    },
  );
}
