import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import { beforeAll, describe, expect, it } from 'vitest';
import { repository } from './fixture-repository.ts';

const eslint = new ESLint({ cwd: repository });
const renderer = join(repository, 'src-renderer');
const areas = readdirSync(renderer, { withFileTypes: true })
  .filter(
    (entry) => entry.isDirectory() && readdirSync(join(renderer, entry.name)).some((name) => name.endsWith('.svelte')),
  )
  .map((entry) => entry.name)
  .filter((name) => !['engine', 'widgets', 'styles'].includes(name));
const [area = '', otherArea = ''] = areas;
const component = join(
  'src-renderer',
  area,
  readdirSync(join(renderer, area)).find((name) => name.endsWith('.svelte')) ?? '',
);
const script = (code: string, markup = '') => `<script lang="ts">\n  ${code}\n</script>\n${markup}`;

/** The text stands in for a file that exists: type information comes with its place. */
async function rulesBroken(filePath: string, text: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(text, { filePath: join(repository, filePath) });
  return result?.messages.map(({ ruleId }) => ruleId) ?? [];
}

// The first text costs the whole program's types.
beforeAll(() => rulesBroken('src-main/headless.ts', ''), 120_000);

describe('lint', () => {
  it.each([
    ['@typescript-eslint/no-floating-promises', 'src-main/headless.ts', 'async function go() {}\ngo();'],
    [
      '@typescript-eslint/no-misused-promises',
      'src-main/headless.ts',
      'async function go() {}\nif (go()) throw new Error();',
    ],
    ['@typescript-eslint/no-explicit-any', 'src-main/headless.ts', 'export const x: any = 1;'],
    ['no-console', 'src-main/headless.ts', 'console.log(1);'],
    ['no-console', 'src-main/contract/units.ts', 'console.log(1);'],
    ['no-warning-comments', 'src-main/headless.ts', '// no' + 'commit'],
    ['no-restricted-imports', 'src-main/headless.ts', "import type { App } from 'electron';\nexport type X = App;"],
    ['no-console', component, script('console.log(1);')],
    ['svelte/no-at-html-tags', component, script("const x = '<b>';", '{@html x}')],
    [
      'no-restricted-imports',
      component,
      script("import type { Router } from '../../src-main/core/router/router.ts';\nlet r: Router;"),
    ],
    ['no-restricted-imports', component, script("import type { Stats } from 'node:fs';\nlet s: Stats;")],
    ['no-restricted-imports', component, script(`import type { X } from '../${otherArea}/x.ts';\nlet x: X;`)],
  ])('[RP14] %s guards %s', async (rule, path, text) => {
    expect(await rulesBroken(path, text)).toContain(rule);
  });

  it('[RP14] lets a component use the contract and the shared folders', async () => {
    const text = script(
      "import type { ErrorKind } from '../../src-main/contract/errors.ts';\nconst kind: ErrorKind = 'bug';",
      '<p>{kind}</p>',
    );
    expect(await rulesBroken(component, text)).toEqual([]);
  });
});
