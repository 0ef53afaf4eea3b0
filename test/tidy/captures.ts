import { isTest, type SourceFile } from './source-file.ts';
import { importsOf } from './untested.ts';

const folder = 'test/fixtures/captures';
const catalogue = 'src-main/bridges/catalogue.ts';
/** What opens a socket, or starts a program that does. */
const sockets = /from '(?:node:)?(?:net|dgram|tls|http|https|http2|child_process)'/;

/** Every kind of bridge has captures of other people's programs, each named in the README beside it under the heading of its kind.
 *  @returns what is missing */
export function findUncaptured(files: readonly SourceFile[]): string[] {
  const textOf = (path: string) => files.find((file) => file.path === path)?.text;
  const kinds = kindsOf(files);
  if (kinds.length === 0) return [`${catalogue}: no kinds of bridges found`];
  const sections = sectionsOf(textOf(`${folder}/README.md`) ?? '');
  return kinds.flatMap((kind) => {
    const path = `${folder}/${kind}.json`;
    const captures = Object.entries(JSON.parse(textOf(path) ?? '{}') as Record<string, string | string[]>);
    if (captures.length === 0) return [`${path}: no captures of other people's programs`];
    const named = sections.get(kind) ?? new Set();
    return [
      ...captures
        .filter(([name]) => !named.has(name))
        .map(([name]) => `${path}: the README does not say where ${name} is from`),
      ...captures
        .filter(([, bytes]) => ![bytes].flat().every(isHex))
        .map(([name]) => `${path}: ${name} is no bytes in hexadecimal`),
    ];
  });
}

/** The captures of each kind of bridge are read by a test that opens no socket.
 *  @returns the files that are not */
export function findUnreadCaptures(files: readonly SourceFile[]): string[] {
  const read = new Set(
    files
      .filter((file) => isTest(file.path) && !file.path.startsWith('test/integration/') && !sockets.test(file.text))
      .flatMap(importsOf),
  );
  return kindsOf(files)
    .map((kind) => `${folder}/${kind}.json`)
    .filter((path) => !read.has(path))
    .map((path) => `${path}: no test without sockets reads it`);
}

function kindsOf(files: readonly SourceFile[]): string[] {
  const text = files.find(({ path }) => path === catalogue)?.text ?? '';
  return [...text.matchAll(/^ {2}'?([a-z-]+)'?: \{ load:/gm)].map(([, kind = '']) => kind);
}

/** The names in the lists of a page, by their heading: `- `one`, `two`: where they are from`. */
function sectionsOf(page: string): ReadonlyMap<string, ReadonlySet<string>> {
  const sections = page.split(/^## /m).slice(1);
  return new Map(
    sections.map((section) => {
      const items = section.split(/^- /m).slice(1);
      const heads = items.map((item) => item.slice(0, item.search(/:\s\S/)));
      const names = heads.flatMap((head) => [...head.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
      return [section.slice(0, section.indexOf('\n')).trim(), new Set(names)];
    }),
  );
}

function isHex(text: string): boolean {
  return /^(?:[0-9a-f]{2})+$/.test(text);
}
