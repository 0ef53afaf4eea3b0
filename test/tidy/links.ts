import { posix } from 'node:path';
import type { SourceFile } from './source-file.ts';

const fence = /^(`{3,})[^]*?^\1$/gm;
const codeSpan = /`[^`\n]*`/g;
const link = /\]\(([^)\s]+)\)/g;
/** What GitHub leaves out of a heading to make its anchor. */
const noAnchor = /[^\p{L}\p{N}\-_ ]/gu;

/** Links between documents lead somewhere: to a file that is there and, behind `#`, to a heading of it. What is inside code is
 *  no link; other sites are not asked.
 *  @param isThere whether the repository has a file or folder of that path
 *  @returns `path: link` for each that leads nowhere */
export function findDeadLinks(files: readonly SourceFile[], isThere: (path: string) => boolean): string[] {
  const documents = files.filter(({ path }) => path.endsWith('.md'));
  const anchors = new Map(documents.map((document) => [document.path, anchorsOf(document)]));
  return documents.flatMap((document) =>
    linksOf(document)
      .filter((to) => !leadsSomewhere(to))
      .map(({ text }) => `${document.path}: ${text}`),
  );

  function leadsSomewhere({ path, anchor }: Link): boolean {
    return isThere(path) && (anchor === '' || (anchors.get(path)?.has(anchor) ?? false));
  }
}

/** Who begins at README.md finds every page of docs/ by links.
 *  @returns the paths of pages that no way leads to */
export function findUnlinkedPages(files: readonly SourceFile[]): string[] {
  const documents = new Map(files.filter(({ path }) => path.endsWith('.md')).map((each) => [each.path, each]));
  const reached = new Set(['README.md']);
  // A set is walked over what is added on the way, too.
  for (const path of reached) {
    const document = documents.get(path);
    if (document) for (const to of linksOf(document)) reached.add(to.path);
  }
  return [...documents.keys()].filter((path) => path.startsWith('docs/') && !reached.has(path));
}

interface Link {
  /** as it stands there */
  readonly text: string;
  /** from the root of the repository */
  readonly path: string;
  readonly anchor: string;
}

function linksOf({ path, text }: SourceFile): Link[] {
  const prose = text.replace(fence, '').replace(codeSpan, '');
  return [...prose.matchAll(link)].flatMap(([, target = '']) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [to = '', anchor = ''] = target.split('#');
    return [{ text: target, path: to === '' ? path : posix.join(posix.dirname(path), to), anchor }];
  });
}

function anchorsOf({ text }: SourceFile): ReadonlySet<string> {
  const headings = [...text.replace(fence, '').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading);
  return new Set(headings.map((heading) => heading.toLowerCase().replace(noAnchor, '').replaceAll(' ', '-')));
}
