import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createWindowMemory } from '../../src-main/shell/window-memory.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const place = { width: 1000, height: 700, maximized: false };

describe("the window's memory", () => {
  it('[DS15] keeps the newest place for the next start', async () => {
    const path = join(temporaryFolder(), 'window.json');
    const memory = createWindowMemory(path, fail);
    memory.keep({ ...place, x: 1, y: 2 });
    memory.keep({ ...place, x: 3, y: 4 });
    await memory.settled();
    expect(await createWindowMemory(path, fail).recall()).toEqual({ ...place, x: 3, y: 4 });
  });

  it('[DS15] leaves the file alone when nothing changed', async () => {
    const path = join(temporaryFolder(), 'window.json');
    writeFileSync(path, '"as it was"');
    await createWindowMemory(path, fail).settled();
    expect(readFileSync(path, 'utf8')).toBe('"as it was"');
  });

  it('[DS15] recalls nothing from a file that is not there or is no JSON', async () => {
    const path = join(temporaryFolder(), 'window.json');
    expect(await createWindowMemory(path, fail).recall()).toBeUndefined();
    writeFileSync(path, '{"width":');
    expect(await createWindowMemory(path, fail).recall()).toBeUndefined();
  });

  it('[DS15] goes on when the place cannot be written', async () => {
    const path = join(temporaryFolder(), 'window.json');
    mkdirSync(path);
    const errors: unknown[] = [];
    const memory = createWindowMemory(path, (error) => errors.push(error));
    memory.keep(place);
    await memory.settled();
    memory.keep(place);
    await memory.settled();
    expect(errors).toHaveLength(2);
  });
});

function fail(error: unknown): never {
  throw error;
}
