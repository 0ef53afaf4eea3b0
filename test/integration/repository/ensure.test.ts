import { existsSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { createFixtureRepository, plainEnv, type FixtureRepository } from './fixture-repository.ts';
import { runProgram, startProgram } from './run-program.ts';

const ensure = (clone: FixtureRepository, ...flags: string[]) =>
  runProgram([process.execPath, 'scripts/ensure.mjs', ...flags], { cwd: clone.root, env: plainEnv() });

describe('making sure of packages and build', () => {
  it('[RP1] installs and builds a bare clone, with nothing on stdout', async () => {
    using clone = createFixtureRepository();
    const { code, stdout, stderr } = await ensure(clone);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/installing packages[^]*building/);
    expect(existsSync(join(clone.root, 'node_modules/electron-vite'))).toBe(true);
    expect(clone.builds()).toBe(1);
  });

  it('[RP1] installs only, where a build is not wanted', async () => {
    using clone = createFixtureRepository();
    expect((await ensure(clone, '--no-build')).code).toBe(0);
    expect(existsSync(join(clone.root, 'node_modules/electron-vite'))).toBe(true);
    expect(existsSync(join(clone.root, 'out'))).toBe(false);
  });

  it('[RP2] says and does nothing the second time, quickly', async () => {
    using clone = createFixtureRepository();
    await ensure(clone);
    const timesMs = [];
    for (let run = 0; run < 5; run++) {
      const startedAt = performance.now();
      expect(await ensure(clone)).toEqual({ code: 0, stdout: '', stderr: '' });
      timesMs.push(performance.now() - startedAt);
    }
    expect(clone.builds()).toBe(1);
    expect(Math.min(...timesMs)).toBeLessThan(300);
  });

  it('[RP3] builds again after an edit, a new file and a deletion, not after a touch', async () => {
    using clone = createFixtureRepository();
    await ensure(clone);
    const buildsAfter = async (change: () => void) => {
      change();
      await ensure(clone);
      return clone.builds();
    };
    expect(await buildsAfter(() => clone.write('src-main/headless.ts', 'export const a = 1;'))).toBe(2);
    expect(await buildsAfter(() => clone.write('src-renderer/cues/Go.svelte', ''))).toBe(3);
    expect(await buildsAfter(() => clone.remove('src-renderer/cues/Go.svelte'))).toBe(4);
    expect(await buildsAfter(() => utimesSync(join(clone.root, 'src-main/headless.ts'), 1, 1))).toBe(4);
    expect(await buildsAfter(() => clone.remove('out/main/headless.js'))).toBe(5);
  });

  it('[RP3] keeps an install made by hand that matches the lockfile, and repeats one that does not', async () => {
    using clone = createFixtureRepository();
    await runProgram(['npm', 'ci'], { cwd: clone.root, env: plainEnv() });
    expect((await ensure(clone, '--no-build')).stderr).toBe('');
    clone.write(
      'package-lock.json',
      clone
        .read('package-lock.json')
        .replaceAll('"electron-vite","version":"1.0.0"', '"electron-vite","version":"1.0.1"'),
    );
    clone.write('builder/package.json', JSON.stringify({ name: 'electron-vite', version: '1.0.1' }));
    expect((await ensure(clone, '--no-build')).stderr).toContain('installing packages');
  });

  it('[RP37] forgets what svelte-check remembers of the window when packages are installed, and not before', async () => {
    using clone = createFixtureRepository();
    const kept = '.svelte-check/manifest.json';
    clone.write(kept, '{}');
    await ensure(clone, '--no-build');
    expect(existsSync(join(clone.root, kept))).toBe(false);
    clone.write(kept, '{}');
    await ensure(clone, '--no-build');
    expect(existsSync(join(clone.root, kept))).toBe(true);
  });
});

describe('a tool that fails', () => {
  it('[RP4] a build is heard with its own words, and tried again', async () => {
    using clone = createFixtureRepository();
    clone.write('src-main/broken.ts', '');
    for (let attempt = 0; attempt < 2; attempt++) {
      const { code, stdout, stderr } = await ensure(clone);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain('broken.ts: what is this');
    }
    clone.remove('src-main/broken.ts');
    expect((await ensure(clone)).code).toBe(0);
  });

  it('[RP4] a failed build after a good one leaves nothing that counts as fresh', async () => {
    using clone = createFixtureRepository();
    await ensure(clone);
    const before = clone.read('src-main/headless.ts');
    clone.write('src-main/broken.ts', '');
    expect((await ensure(clone)).code).toBe(1);
    clone.remove('src-main/broken.ts');
    expect(clone.read('src-main/headless.ts')).toBe(before);
    await ensure(clone);
    expect(clone.builds()).toBe(2);
  });

  it('[RP4] an install is heard under npm --silent', async () => {
    using clone = createFixtureRepository();
    clone.write('package.json', clone.read('package.json').replace('file:builder', 'file:elsewhere'));
    const { code, stdout, stderr } = await runProgram(['npm', 'run', 'build', '--silent'], {
      cwd: clone.root,
      env: plainEnv(),
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('npm error');
  });
});

describe('two at once', () => {
  it('[RP5] one prepares, the other waits and finds all done', async () => {
    using clone = createFixtureRepository();
    clone.write('slow', '');
    const both = await Promise.all([ensure(clone), ensure(clone)]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(both.filter(({ stderr }) => stderr.includes('waiting for it'))).toHaveLength(1);
    expect(clone.builds()).toBe(1);
    expect(existsSync(join(clone.root, '.ensure.lock'))).toBe(false);
  });

  it('[RP5] a killed owner leaves a lock that five others take over, one after the other', async () => {
    using clone = createFixtureRepository();
    await ensure(clone);
    clone.write('src-main/headless.ts', 'export const changed = 1;');
    clone.write('slow', '');
    const killed = startProgram([process.execPath, 'scripts/ensure.mjs'], { cwd: clone.root, env: plainEnv() });
    await killed.shows('building');
    killed.child.kill('SIGKILL');
    await killed.end;
    expect(existsSync(join(clone.root, '.ensure.lock'))).toBe(true);
    const others = await Promise.all(Array.from({ length: 5 }, () => ensure(clone)));
    expect(others.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
    expect(others.filter(({ stderr }) => stderr.includes('building'))).toHaveLength(1);
    expect(existsSync(join(clone.root, '.ensure.lock'))).toBe(false);
  });

  it('[RP5] a process number used again is not taken for the owner', async () => {
    using clone = createFixtureRepository();
    clone.write('.ensure.lock', JSON.stringify({ pid: process.pid, born: 'in another life' }));
    expect((await ensure(clone, '--no-build')).stderr).not.toContain('waiting');
  });
});
