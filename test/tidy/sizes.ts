import ts from 'typescript';
import { lineOf, parse, walk, type SourceFile } from './source-file.ts';

export const sizeLimits = {
  fileLines: 400,
  testFileLines: 600,
  functionLines: 60,
  parameters: 3,
  privateParameters: 5,
} as const;

const code = /^(src-[a-z]+|test|scripts)\/.*\.(ts|mjs|svelte)$/;

/** Files, functions and parameter lists that are longer than the limits. A test suite's outer callbacks count as files,
 *  not as functions.
 *  @returns one sentence for each */
export function findOversize(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path }) => code.test(path))
    .flatMap((file) => [...fileFinding(file), ...functionFindings(file)]);
}

function fileFinding({ path, text }: SourceFile): string[] {
  const lines = text.trimEnd().split('\n').length;
  const max = path.startsWith('test/') ? sizeLimits.testFileLines : sizeLimits.fileLines;
  return lines > max ? [`${path}: ${lines} lines, at most ${max}`] : [];
}

function functionFindings(file: SourceFile): string[] {
  const tree = parse(file);
  const found: string[] = [];
  walk(tree, (node) => {
    if (!isFunction(node) || (file.path.startsWith('test/') && isSuite(node))) return;
    const at = `${file.path}:${lineOf(tree, node.getStart())}`;
    const lines = lineOf(tree, node.end) - lineOf(tree, node.getStart()) + 1;
    if (lines > sizeLimits.functionLines)
      found.push(`${at}: function of ${lines} lines, at most ${sizeLimits.functionLines}`);
    const parameters = node.parameters.filter((parameter) => parameter.name.getText() !== 'this').length;
    const most = parametersMax(node);
    if (parameters > most) found.push(`${at}: ${parameters} parameters, at most ${most}; take one options object`);
  });
  return found;
}

/** What only its own file calls may take more: on the hot path an options object would be an allocation. */
function parametersMax(node: FunctionNode): number {
  const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
  const isExported = modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  const isPublic = ts.isMethodDeclaration(node) && !ts.isPrivateIdentifier(node.name) && !isPrivate(modifiers);
  return isExported || isPublic ? sizeLimits.parameters : sizeLimits.privateParameters;
}

function isPrivate(modifiers: readonly ts.Modifier[]): boolean {
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword);
}

type FunctionNode = ts.FunctionLikeDeclaration;

function isFunction(node: ts.Node): node is FunctionNode {
  return ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;
}

/** The callback of `describe`, or an exported conformance suite, which is nothing but one. */
function isSuite(node: FunctionNode): boolean {
  if (ts.isFunctionDeclaration(node)) return /^describe[A-Z]/.test(node.name?.text ?? '');
  if (!ts.isCallExpression(node.parent)) return false;
  return /^(describe|suite|test\.describe)\b/.test(node.parent.expression.getText());
}
