import { posix } from 'node:path';
import ts from 'typescript';
import { isTypeScript, parse, walk, type SourceFile } from './source-file.ts';

const pure = /^src-main\/(contract|core)\//;

/** Files of the pure layers with a function in them that no test names or imports. `core/x/y.ts` is covered by
 *  `test/core/x/y.test.ts`, by `y.*.test.ts` beside it, or by any file under test/ that imports it itself.
 *  @returns the paths of the files without */
export function findUntested(files: readonly SourceFile[]): string[] {
  const tests = files.filter(({ path }) => path.startsWith('test/') && isTypeScript(path));
  const imported = new Set(tests.flatMap(importsOf));
  const names = new Set(tests.map(({ path }) => path.replace(/(\.[a-z-]+)?\.test\.ts$/, '')));
  const sources = files.filter((file) => pure.test(file.path) && isTypeScript(file.path) && hasBody(file));
  return sources.map(({ path }) => path).filter((path) => !imported.has(path) && !names.has(mirrorOf(path)));
}

/** What a file imports by a relative path (types alone do not count), as paths of the repository. */
export function importsOf(file: SourceFile): string[] {
  const found: string[] = [];
  for (const statement of parse(file).statements) {
    if (!ts.isImportDeclaration(statement) || statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword)
      continue;
    if (!ts.isStringLiteral(statement.moduleSpecifier) || !statement.moduleSpecifier.text.startsWith('.')) continue;
    found.push(posix.join(posix.dirname(file.path), statement.moduleSpecifier.text));
  }
  return found;
}

function mirrorOf(path: string): string {
  return path.replace(/^src-main\//, 'test/').replace(/\.ts$/, '');
}

function hasBody(file: SourceFile): boolean {
  let found = false;
  walk(parse(file), (node) => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) found = true;
  });
  return found;
}
