import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runStep } from '../../../scripts/test/run-step.mjs';
import { selectSteps, type Step } from '../../../scripts/test/steps.mjs';
import { summaryLine, table } from '../../../scripts/test/summary.mjs';
import { repository } from './fixture-repository.ts';

// Inside the repository, so that the tests in it find their libraries.
const results = join(repository, 'test-results');
let root: string;
beforeAll(() => {
  mkdirSync(results, { recursive: true });
  root = mkdtempSync(join(results, 'test-run-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const plain: Step = {
  name: 'x',
  title: 'x',
  command: process.execPath,
  args: [],
  alone: false,
  check: true,
  countsTests: false,
};
const run = (step: Partial<Step>) => runStep({ step: { ...plain, ...step }, root, reports: root });

describe('a step', () => {
  it('[RP12] counts as one, with its output', async () => {
    expect(await run({ args: ['-e', 'console.log("fine")'] })).toMatchObject({
      passed: 1,
      failed: 0,
      skipped: 0,
      output: 'fine\n',
    });
  });
  it('[RP12] fails with its exit code, and where its program is missing', async () => {
    expect(await run({ args: ['-e', 'process.exit(3)'] })).toMatchObject({ passed: 0, failed: 1 });
    expect(await run({ command: 'no-such-program' })).toMatchObject({ passed: 0, failed: 1 });
  });
  it('[RP12] fails when its tests were never counted, or it fails beyond them', async () => {
    expect(await run({ args: ['-e', ''], countsTests: true })).toMatchObject({ passed: 0, failed: 1 });
    const counts = `require('fs').writeFileSync(process.env.FLYRAIL_COUNTS, '{"passed":5,"failed":0,"skipped":0,"skips":[]}'); process.exit(1)`;
    expect(await run({ args: ['-e', counts], countsTests: true })).toMatchObject({ passed: 5, failed: 1 });
  });
});

describe('the counts', () => {
  const reporters = join(repository, 'scripts/test');

  it('[RP12] of vitest hold passes, failures, files that do not load, and reasons of skips', async () => {
    writeFileSync(
      join(root, 'counted.test.ts'),
      `import { beforeEach, describe, expect, it } from 'vitest';
       it('passes', () => {});
       it('fails', () => { expect(1).toBe(2); });
       it('skips', ({ skip }) => { skip('no olad here'); });
       describe('all', () => {
         beforeEach(({ skip }) => skip(true, 'no card here'));
         it('skip', () => { expect(1).toBe(2); });
       });`,
    );
    writeFileSync(join(root, 'broken.test.ts'), `import './nowhere.ts';`);
    const args = ['run', '--root', root, '--config', 'none.ts', '--reporter', join(reporters, 'vitest-counts.mjs')];
    writeFileSync(join(root, 'none.ts'), 'export default {};');
    const result = await run({ command: join(repository, 'node_modules/.bin/vitest'), args, countsTests: true });
    expect(result).toMatchObject({
      passed: 1,
      failed: 2,
      skipped: 2,
      skips: ['skips: no olad here', 'all > skip: no card here'],
    });
  });

  it('[RP12] of Playwright hold passes, failures and reasons of skips', async () => {
    writeFileSync(
      join(root, 'playwright.config.ts'),
      `export default { testMatch: '*.spec.ts', outputDir: './results' };`,
    );
    writeFileSync(
      join(root, 'counted.spec.ts'),
      `import { expect, test } from '@playwright/test';
       test('passes', () => {});
       test('fails', () => { expect(1).toBe(2); });
       test('skips', () => { test.skip(true, 'no display here'); });`,
    );
    const args = [
      'test',
      '--config',
      join(root, 'playwright.config.ts'),
      '--reporter',
      join(reporters, 'playwright-counts.mjs'),
    ];
    const result = await run({ command: join(repository, 'node_modules/.bin/playwright'), args, countsTests: true });
    expect(result).toMatchObject({
      passed: 1,
      failed: 1,
      skipped: 1,
      skips: ['counted.spec.ts › skips: no display here'],
    });
  });
});

describe('the summary', () => {
  const outcomes = [
    { title: 'unit tests', passed: 7, failed: 0, skipped: 2, skips: [], durationMs: 1234, output: '' },
    { title: 'lint', passed: 0, failed: 1, skipped: 0, skips: [], durationMs: 5, output: '' },
  ];
  it('[RP12] ends in one line that machines read', () => {
    expect(summaryLine(outcomes)).toBe('7 passed, 1 failed, 2 skipped');
  });
  it('[RP12] has a line for each step', () => {
    expect(table(outcomes).split('\n')).toEqual([
      'ok    unit tests    1.2 s  7 passed, 0 failed, 2 skipped',
      'FAIL  lint          0.0 s  0 passed, 1 failed, 0 skipped',
    ]);
  });
});

describe('the selection', () => {
  it('[RP12] is all steps, the quick ones, or those named', () => {
    expect(selectSteps([]).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['lint', 'rules', 'unit', 'integration', 'browser', 'electron']),
    );
    expect(selectSteps(['check']).map(({ name }) => name)).not.toEqual(expect.arrayContaining(['browser']));
    expect(selectSteps(['electron']).map(({ name }) => name)).toEqual(['electron']);
    expect(() => selectSteps(['nope'])).toThrow('no such step: nope');
  });
});
