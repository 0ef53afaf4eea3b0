import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A file of the repository; `path` is relative, with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

const textSizeMax = 2_000_000;

const generated = new Set([
  '.git',
  'node_modules',
  'out',
  'release',
  'test-results',
  'playwright-report',
  '.svelte-check',
]);

/** Every text file that git keeps or would keep; where there is no git, every one that is not generated.
 *  @param root the repository's folder */
export function repositoryFiles(root: string): SourceFile[] {
  const paths = (existsSync(join(root, '.git')) ? pathsOfGit(root) : pathsBelow(root)).filter((path) =>
    isFile(join(root, path)),
  );
  const files = paths.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
  return files.filter((file) => !file.text.includes('\0'));
}

export function isTest(path: string): boolean {
  return /^test\/.*\.(test|spec)\.ts$/.test(path);
}

export function isTypeScript(path: string): boolean {
  return path.endsWith('.ts') && !path.endsWith('.d.ts');
}

// Half a dozen checks read the same thousand files.
const trees = new WeakMap<SourceFile, ts.SourceFile>();

/** The syntax tree of a .ts or .mjs file, or of a component's script at its right lines; parents are set. */
export function parse(file: SourceFile): ts.SourceFile {
  const tree = trees.get(file) ?? read(file);
  trees.set(file, tree);
  return tree;
}

function read({ path, text }: SourceFile): ts.SourceFile {
  const code = path.endsWith('.svelte') ? scriptsOf(text) : text;
  // What comments say of types is nobody's business here, and is work for the parser.
  const options = { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone };
  return ts.createSourceFile(path, code, options, true);
}

/** Calls `visit` for every node below, outermost first. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  node.forEachChild((child) => {
    visit(child);
    walk(child, visit);
  });
}

/** 1-based, as editors count. */
export function lineOf(tree: ts.SourceFile, position: number): number {
  return tree.getLineAndCharacterOfPosition(position).line + 1;
}

function pathsOfGit(root: string): string[] {
  const flags = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  return execFileSync('git', flags, { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
}

function pathsBelow(root: string): string[] {
  const entries = readdirSync(root, { withFileTypes: true }).filter(({ name }) => !generated.has(name));
  return entries.flatMap((entry) =>
    entry.isDirectory() ? pathsBelow(join(root, entry.name)).map((path) => `${entry.name}/${path}`) : [entry.name],
  );
}

function isFile(path: string): boolean {
  if (!existsSync(path)) return false;
  const found = statSync(path);
  return found.isFile() && found.size <= textSizeMax;
}

/** Everything but the scripts blanked out, so that lines keep their numbers. */
function scriptsOf(component: string): string {
  const blank = (text: string) => text.replace(/[^\n]/g, ' ');
  let code = '';
  let end = 0;
  for (const match of component.matchAll(/(<script[^>]*>)([\s\S]*?)<\/script>/g)) {
    const [, open = '', body = ''] = match;
    const start = match.index + open.length;
    code += blank(component.slice(end, start)) + body;
    end = start + body.length;
  }
  return code;
}
