import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { provideExec } from '../../../scripts/ensure/install.mjs';
import { createFixtureRepository, plainEnv, type FixtureRepository } from './fixture-repository.ts';
import { runProgram, startProgram } from './run-program.ts';

const started = z.object({ pid: z.number(), args: z.array(z.string()), cwd: z.string() });

/** `npm start --silent …` as an operator types it. */
function npmStart(clone: FixtureRepository, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return startProgram(['npm', 'start', '--silent', ...(args.length > 0 ? ['--', ...args] : [])], {
    cwd: clone.root,
    env: plainEnv(env),
  });
}

/** Prepared once; none of the tests changes it. */
let clone: FixtureRepository;
beforeAll(async () => {
  clone = createFixtureRepository();
  await runProgram([process.execPath, 'scripts/ensure.mjs'], { cwd: clone.root, env: plainEnv() });
});
afterAll(() => clone[Symbol.dispose]());

describe('npm start', () => {
  it('[RP1] prepares a bare clone and leaves stdout to the product', async () => {
    using bare = createFixtureRepository();
    const { code, stdout } = await npmStart(bare, ['--version']).end;
    expect(code).toBe(0);
    expect(started.parse(JSON.parse(stdout)).args).toEqual(['--version']);
  });

  it('[RP6] without a display says why in one line and serves; a signal to npm ends the product', async () => {
    const npm = npmStart(clone, []);
    await npm.shows('"args":["serve"]');
    npm.child.kill('SIGTERM');
    const { stdout, stderr } = await npm.end;
    const [first = '', second] = stdout.trim().split('\n');
    expect(second).toBe('{"stopped":true}');
    expect(() => process.kill(started.parse(JSON.parse(first)).pid, 0)).toThrow('ESRCH');
    expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(/no window: there is no display .*headless/)]);
  });

  it('[RP6] without a runtime says so and serves the show that was named', async () => {
    const npm = npmStart(clone, ['tour.flyrail'], {
      DISPLAY: ':99',
      ELECTRON_OVERRIDE_DIST_PATH: join(clone.root, 'nowhere'),
    });
    await npm.shows(JSON.stringify(['serve', '--show', join(clone.root, 'tour.flyrail')]));
    npm.child.kill('SIGTERM');
    expect((await npm.end).stderr).toContain('no window: ELECTRON_OVERRIDE_DIST_PATH holds no electron');
  });

  it.each([[['serve', '--port', '0']], [['show', 'export', 'a.flyrail']], [['--help']], [['a.flyrail', 'b']]])(
    '[RP7] runs %j headless, also with a display',
    async (args) => {
      const npm = npmStart(clone, args, { DISPLAY: ':99', ELECTRON_OVERRIDE_DIST_PATH: fakeElectron(clone) });
      await npm.shows(`"args":${JSON.stringify(args)}`);
      npm.child.kill('SIGTERM');
      expect((await npm.end).stderr).toBe('');
    },
  );

  it('[RP8] gives the window the show, signals and back its exit code', async () => {
    const npm = npmStart(clone, ['tour.flyrail'], { DISPLAY: ':99', ELECTRON_OVERRIDE_DIST_PATH: fakeElectron(clone) });
    await npm.shows('window of');
    npm.child.kill('SIGTERM');
    const { code, stdout, stderr } = await npm.end;
    const asRoot = process.getuid?.() === 0;
    const args = [...(asRoot ? ['--no-sandbox'] : []), `${clone.root}/`, join(clone.root, 'tour.flyrail')];
    expect(stdout).toBe(`window of ${args.join(' ')}\nclosed\n`);
    expect(stderr.includes('--no-sandbox')).toBe(asRoot);
    expect(code).toBe(7);
  });

  it('[RP8] finds shows where the operator stands', async () => {
    mkdirSync(join(clone.root, 'tour'));
    const { stdout } = await runProgram(['npm', 'start', '--silent', '--', 'show', 'x'], {
      cwd: join(clone.root, 'tour'),
      env: plainEnv(),
    });
    expect(started.parse(JSON.parse(stdout)).cwd).toBe(join(clone.root, 'tour'));
  });

  it('[RP6] finds an exec on Windows, whose shell has none', () => {
    using bare = createFixtureRepository();
    provideExec(bare.root, 'win32');
    expect(bare.read('node_modules/.bin/exec.cmd')).toBe('@%*\r\n');
  });
});

/** An executable that says what it was started with and ends with 7 when asked to. */
function fakeElectron(clone: FixtureRepository): string {
  const program = `#!/bin/sh\ntrap 'echo closed; exit 7' TERM\necho window of "$@"\nwhile :; do sleep 0.05; done\n`;
  clone.write('dist/electron', program);
  chmodSync(join(clone.root, 'dist/electron'), 0o755);
  return join(clone.root, 'dist');
}
