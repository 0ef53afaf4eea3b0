import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

export const repository = fileURLToPath(new URL('../../..', import.meta.url));

/** A bare clone in small: this repository's own scripts and npm commands around a builder and a product of a few lines.
 *  Its one package is a folder of its own, so that `npm ci` needs no network. */
export interface FixtureRepository extends Disposable {
  readonly root: string;
  write(path: string, text: string): void;
  read(path: string): string;
  remove(path: string): void;
  /** how many times the builder ran to its end */
  builds(): number;
}

const manifest = z.object({ scripts: z.record(z.string(), z.string()) });

export function createFixtureRepository(): FixtureRepository {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'flyrail-clone-')));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  cpSync(join(repository, 'scripts'), join(root, 'scripts'), { recursive: true });
  for (const [path, text] of Object.entries(files())) write(path, text);
  return {
    root,
    write,
    read,
    remove: (path) => rmSync(join(root, path)),
    builds: () => read('builds.log').trim().split('\n').filter(Boolean).length,
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** Everything in the environment that would change what the scripts find; Node first in PATH is the one of this run. */
export function plainEnv(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const special = /^(npm_|INIT_CWD$|NODE_OPTIONS$|DISPLAY$|WAYLAND_DISPLAY$|ELECTRON_|FLYRAIL_|VITEST)/i;
  const inherited = Object.entries(process.env).filter(([name]) => !special.test(name));
  const path = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`;
  return { ...Object.fromEntries(inherited), PATH: path, ...more };
}

function files(): Record<string, string> {
  const { scripts } = manifest.parse(JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')));
  const link = { 'electron-vite': 'file:builder' };
  const self = { name: 'clone', version: '1.0.0', devDependencies: link };
  const packages = {
    '': self,
    builder: { name: 'electron-vite', version: '1.0.0', dev: true },
    'node_modules/electron-vite': { resolved: 'builder', link: true },
  };
  return {
    'package.json': JSON.stringify({ ...self, type: 'module', scripts }),
    'package-lock.json': JSON.stringify({ ...self, lockfileVersion: 3, requires: true, packages }),
    'builder/package.json': JSON.stringify({ name: 'electron-vite', version: '1.0.0' }),
    'builder/bin/electron-vite.js': builder,
    'product.js': product,
    'src-main/headless.ts': 'export {};',
    'builds.log': '',
  };
}

const builder = `
const { appendFileSync, copyFileSync, existsSync, mkdirSync, writeFileSync } = require('node:fs');
console.log('a line on stdout');
if (existsSync('src-main/broken.ts')) {
  console.log('broken.ts: what is this');
  process.exit(1);
}
for (const folder of ['out/main', 'out/preload', 'out/renderer']) mkdirSync(folder, { recursive: true });
copyFileSync('product.js', 'out/main/headless.js');
for (const file of ['out/main/main.js', 'out/preload/index.cjs', 'out/renderer/index.html']) writeFileSync(file, '');
// Long enough for a second command to find the lock.
setTimeout(() => appendFileSync('builds.log', 'built\\n'), existsSync('slow') ? 1500 : 0);
`;

const product = `
export async function runHeadless(args) {
  if (args[0] === 'serve') {
    // Before the line that says it is there: the signal may follow at once.
    const alive = setInterval(() => {}, 1000);
    process.once('SIGTERM', () => {
      console.log(JSON.stringify({ stopped: true }));
      clearInterval(alive);
    });
  }
  console.log(JSON.stringify({ pid: process.pid, args, cwd: process.cwd() }));
}
`;
