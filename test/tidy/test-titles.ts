import ts from 'typescript';
import { parse, walk, type SourceFile } from './source-file.ts';

/** One `it` or `test`, in a test file or a conformance suite. */
export interface TestTitle {
  readonly path: string;
  readonly title: string;
  /** ids at the start of its own title, or of a suite around it */
  readonly rules: readonly string[];
}

const testCall = /^(it|test)(\.(each|for|skipIf|runIf|concurrent|sequential|prop|skip|only|fails)\b.*)?$/s;
const suiteCall = /^(describe|suite|test\.describe)(\.(each|for|skipIf|runIf|sequential|skip)\b.*)?$/s;

/** Titles in the order of the file; a title that is computed is taken as its source text. */
export function testTitles(file: SourceFile): TestTitle[] {
  const titles: TestTitle[] = [];
  walk(parse(file), (node) => {
    if (!ts.isCallExpression(node) || !testCall.test(calleeOf(node)) || !isTestBody(node)) return;
    const title = textOf(node.arguments[0]);
    const own = rulesAtStart(title);
    titles.push({ path: file.path, title, rules: own.length > 0 ? own : rulesOfSuites(node) });
  });
  return titles;
}

/** `[RT4] [RT5] drops …` gives RT4 and RT5. */
export function rulesAtStart(title: string): string[] {
  const start = /^(?:\[[A-Z]{2}\d+\]\s*)+/.exec(title)?.[0] ?? '';
  return [...start.matchAll(/[A-Z]{2}\d+/g)].map(([id]) => id);
}

/** `test.skip(condition, reason)` inside a test is no test. */
function isTestBody(call: ts.CallExpression): boolean {
  const [title, ...others] = call.arguments;
  return title !== undefined && others.some((other) => ts.isArrowFunction(other) || ts.isFunctionExpression(other));
}

function rulesOfSuites(call: ts.CallExpression): string[] {
  for (let node: ts.Node = call.parent; !ts.isSourceFile(node); node = node.parent) {
    if (!ts.isCallExpression(node) || !suiteCall.test(calleeOf(node))) continue;
    const rules = rulesAtStart(textOf(node.arguments[0]));
    if (rules.length > 0) return rules;
  }
  return [];
}

/** `it` for `it(…)`, `it.each(rows)(…)` and `it.each\`table\`(…)`. */
function calleeOf(call: ts.CallExpression): string {
  return call.expression.getText();
}

function textOf(argument: ts.Expression | undefined): string {
  if (!argument) return '';
  if (ts.isStringLiteralLike(argument)) return argument.text;
  return argument.getText().replace(/^[`'"]|[`'"]$/g, '');
}
