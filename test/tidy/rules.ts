import type { SourceFile } from './source-file.ts';
import { testTitles, type TestTitle } from './test-titles.ts';

const tests = /^test\/(.*\.(test|spec)|conformance\/.*)\.ts$/;
const rule = /^- ([A-Z]{2}\d+): (\S.*)$/;

/** Rules and tests belong together: each test names a rule of test/SPEC.md, and each rule has a test.
 *  @returns one sentence for each that stands alone */
export function findLooseRules(files: readonly SourceFile[]): string[] {
  const spec = files.find(({ path }) => path === 'test/SPEC.md')?.text ?? '';
  const ids = ruleIds(spec);
  const known = new Set(ids);
  const titles = allTitles(files);
  const used = new Set(titles.flatMap(({ rules }) => rules));
  const findings = [
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `test/SPEC.md: ${id} stands there twice`),
    ...ids.filter((id) => !used.has(id)).map((id) => `test/SPEC.md: no test proves ${id}`),
    ...titles.filter(({ rules }) => rules.length === 0).map(({ path, title }) => `${path}: "${title}" names no rule`),
    ...titles.flatMap(({ path, rules }) =>
      rules.filter((id) => !known.has(id)).map((id) => `${path}: ${id} is not in test/SPEC.md`),
    ),
  ];
  return [...new Set(findings)];
}

/** The ids of `- RT4: sentence` lines. */
export function ruleIds(spec: string): string[] {
  return spec.split('\n').flatMap((line) => rule.exec(line)?.[1] ?? []);
}

export function allTitles(files: readonly SourceFile[]): TestTitle[] {
  return files.filter(({ path }) => tests.test(path)).flatMap(testTitles);
}
