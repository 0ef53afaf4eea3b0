import type { SourceFile } from './source-file.ts';

const named = /^(src-[a-z]+|test|scripts)\//;
const data = /^test\/fixtures\//;
const drawers = new Set(['base', 'common', 'helper', 'helpers', 'impl', 'manager', 'misc', 'util', 'utils']);
const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const pascal = /^[A-Z][A-Za-z0-9]*$/;
const upper = /^[A-Z]+$/;
/** What a tool looks for by this very name. */
const fixed = new Set(['src-preload/index.ts', 'src-renderer/index.html', 'test/renderer/dev/index.html']);

/** Names say what a thing is: kebab-case, PascalCase for components, capitals for the prose beside the code; no drawers.
 *  @returns one sentence for each that does not */
export function findBadNames(files: readonly SourceFile[]): string[] {
  const paths = files
    .map(({ path }) => path)
    .filter((path) => named.test(path) && !data.test(path) && !fixed.has(path));
  return paths.flatMap((path) =>
    path
      .split('/')
      .slice(1)
      .flatMap((segment) => problemOf(segment).map((problem) => `${path}: ${problem}`)),
  );
}

function problemOf(segment: string): string[] {
  const [stem = '', ...endings] = segment.split('.');
  const ending = endings.at(-1);
  if (stem === 'index' || words(stem).some((word) => drawers.has(word)))
    return [`"${stem}" says nothing about what is in it`];
  if (ending === 'svelte') return pascal.test(stem) ? [] : ['components are named in PascalCase'];
  if (ending === 'md' && upper.test(stem)) return [];
  return kebab.test(stem) ? [] : ['files and folders are named in kebab-case'];
}

/** `show-utils`, `showUtils` and `ShowUtils` all hold the word utils. */
function words(stem: string): string[] {
  return stem
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split('-');
}
