import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LaunchOptions } from '@playwright/test';
import { inflate } from '@sparticuz/chromium';

const cache = fileURLToPath(new URL('../../node_modules/.cache/flyrail/', import.meta.url));
const unpacked = join(cache, 'chromium');
const archives = ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br'];

/** Chromium's own safety stays on (the package's list of arguments turns it off: same-origin policy, site isolation);
 *  only the sandbox goes, which root cannot use. */
const args = [
  '--no-sandbox',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
  // The page draws in 2D only; a GPU process on software was seen to hold a page up for ten seconds on a busy machine.
  '--disable-gpu',
];

/** How tests start a browser: the system's Chromium where there is one, else the one inside an npm package. */
export function browserLaunch(): LaunchOptions {
  const installed = systemBrowser();
  return installed
    ? { executablePath: installed, args }
    : { executablePath: join(unpacked, 'chromium'), args, env: libraryEnv() };
}

/** Unpacks the npm package's Chromium, once; beside and renamed, so that a run which breaks off leaves nothing half. */
export async function unpackBrowser(): Promise<void> {
  if (systemBrowser() ?? existsSync(unpacked)) return;
  mkdirSync(cache, { recursive: true });
  const beside = mkdtempSync(join(cache, 'unpacking-'));
  await inflateInto(beside);
  try {
    renameSync(beside, unpacked);
  } catch (error) {
    // Another run was quicker.
    rmSync(beside, { recursive: true, force: true });
    if (!existsSync(unpacked)) throw error;
  }
}

function systemBrowser(): string | undefined {
  const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  return places.find((path) => existsSync(path));
}

/** The package unpacks into the system's folder for temporary files, whatever that is at the moment. */
async function inflateInto(folder: string): Promise<void> {
  const packed = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '..', 'bin');
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  try {
    await Promise.all(archives.map((archive) => inflate(join(packed, archive))));
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}

/** The package also brings the libraries that a bare server lacks; they are used only where some are missing. */
function libraryEnv(): Record<string, string> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;
  const fonts = existsSync('/etc/fonts') ? {} : { FONTCONFIG_PATH: join(unpacked, 'fonts') };
  const missing = spawnSync('ldd', [join(unpacked, 'chromium')], { encoding: 'utf8' }).stdout.includes('not found');
  return { ...env, ...fonts, ...(missing ? { LD_LIBRARY_PATH: join(unpacked, 'al2023', 'lib') } : {}) };
}
