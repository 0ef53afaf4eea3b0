import type { SourceFile } from './source-file.ts';

/** Folders that exist on one machine only, and hosts that packages came from. */
const places: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'a path of one machine', pattern: /(?<![\w.:/])\/(?:work|root)\/[\w.-]/ },
  { what: 'a path of one machine', pattern: /(?<![\w.])\/(?:home|Users)\/(?!operator\b|you\b)[\w.-]+\// },
  { what: 'a package registry', pattern: /"resolved":\s*"(?:https?|git)/ },
  { what: 'a package registry', pattern: /^\s*(?:@[\w-]+:)?registry\s*=/m },
  { what: 'a package registry', pattern: /https?:\/\/(?:registry\.|[\w.-]*(?:artifactory|nexus|verdaccio))/i },
];

/** The repository says nothing about the machine it was written on.
 *  @returns `path:line: what` for each */
export function findPrivatePlaces(files: readonly SourceFile[]): string[] {
  return files.filter(({ path }) => !path.startsWith('test/tidy/')).flatMap(findInFile);
}

function findInFile({ path, text }: SourceFile): string[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      places.filter(({ pattern }) => pattern.test(line)).map(({ what }) => `${path}:${index + 1}: ${what}`),
    );
}
