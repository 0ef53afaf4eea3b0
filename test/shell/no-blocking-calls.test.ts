import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Every `…Sync` of Node and Electron, and Electron's one blocking box without that name. */
const blocking = /\b\w+Sync\b|\bshowErrorBox\b|\bAtomics\.wait\b/g;

describe('the main process', () => {
  it('[DS19] never waits: no synchronous dialog, file, process or message', () => {
    const files = ['src-main/shell', 'src-preload'].flatMap((folder) =>
      readdirSync(join(root, folder)).map((name) => join(folder, name)),
    );
    expect(files.length).toBeGreaterThan(10);
    const found = files.flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(blocking)].map(([call]) => `${file}: ${call}`),
    );
    expect(found).toEqual([]);
    expect('dialog.showMessageBoxSync(x); readFileSync(y)'.match(blocking)).toHaveLength(2);
  });
});
