import ts from 'typescript';
import { isTypeScript, lineOf, parse, walk, type SourceFile } from './source-file.ts';

const pure = /^src-main\/(contract|core|ports)\//;
const bannedNames = new Set([
  'Buffer',
  'clearInterval',
  'clearTimeout',
  'console',
  'crypto',
  'eval',
  'fetch',
  'performance',
  'process',
  'queueMicrotask',
  'require',
  'setImmediate',
  'setInterval',
  'setTimeout',
]);
const bannedMembers = new Set(['Date.now', 'Math.random', 'Date.parse']);

/** Time, chance and the outside world reach the pure layers by ports only. A name counts where it is a value and is not
 *  declared in the file itself (a parameter called `process` is nobody's harm).
 *  @returns `path:line: name` for each use */
export function findBannedCalls(files: readonly SourceFile[]): string[] {
  return files.filter(({ path }) => pure.test(path) && isTypeScript(path)).flatMap(findInFile);
}

function findInFile(file: SourceFile): string[] {
  const tree = parse(file);
  const declared = declaredNames(tree);
  const found: string[] = [];
  walk(tree, (node) => {
    const name = bannedUse(node);
    if (name !== undefined && !declared.has(name)) found.push(`${file.path}:${lineOf(tree, node.getStart())}: ${name}`);
  });
  return found;
}

function bannedUse(node: ts.Node): string | undefined {
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date') return 'new Date';
  if (ts.isPropertyAccessExpression(node) && bannedMembers.has(node.getText())) return node.getText();
  if (ts.isIdentifier(node) && bannedNames.has(node.text) && isValue(node)) return node.text;
  return undefined;
}

/** Not a member's name, a property's key or a type. */
function isValue(node: ts.Identifier): boolean {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  return (
    !ts.isTypeNode(parent) &&
    !ts.isPropertySignature(parent) &&
    !ts.isMethodDeclaration(parent) &&
    !ts.isMethodSignature(parent)
  );
}

function declaredNames(tree: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  walk(tree, (node) => {
    const declares =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isImportSpecifier(node);
    if (declares && node.name && ts.isIdentifier(node.name)) names.add(node.name.text);
  });
  return names;
}
