import { allTitles, ruleIds } from './rules.ts';
import type { SourceFile } from './source-file.ts';

/** How many ids of each kind the requirement list has; they are numbered from 001. */
const kinds = { INV: 27, IMPL: 17, TEST: 130, VERIFY: 27, WEAK: 21 } as const;
const line = /^- ([A-Z]+-\d{3}): (\S.*)$/;

/** test/TRACKER.md names every requirement once, as `- TEST-001: PR4; "a test's whole title"`: what proves it, or `open`.
 *  An INV id has a line of what was found and done instead.
 *  @returns one sentence for each missing, unknown or repeated id, and for evidence that does not exist */
export function findTrackerGaps(files: readonly SourceFile[]): string[] {
  const tracker = files.find(({ path }) => path === 'test/TRACKER.md')?.text ?? '';
  const entries = tracker.split('\n').flatMap((text) => {
    const [, id = '', evidence = ''] = line.exec(text) ?? [];
    return id === '' ? [] : [{ id, evidence }];
  });
  const ids = entries.map(({ id }) => id);
  const wanted = requirementIds();
  return [
    ...wanted.filter((id) => !ids.includes(id)).map((id) => `test/TRACKER.md: ${id} is missing`),
    ...ids.filter((id) => !wanted.includes(id)).map((id) => `test/TRACKER.md: ${id} is no requirement`),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `test/TRACKER.md: ${id} stands there twice`),
    ...missingEvidence(entries, files),
  ];
}

export function requirementIds(): string[] {
  return Object.entries(kinds).flatMap(([kind, count]) =>
    Array.from({ length: count }, (_, index) => `${kind}-${String(index + 1).padStart(3, '0')}`),
  );
}

function missingEvidence(entries: readonly { id: string; evidence: string }[], files: readonly SourceFile[]): string[] {
  const spec = files.find(({ path }) => path === 'test/SPEC.md')?.text ?? '';
  const tests = allTitles(files);
  const known = new Set(ruleIds(spec));
  const proven = new Set(tests.flatMap(({ rules }) => rules).filter((rule) => known.has(rule)));
  const titles = new Set(tests.map(({ title }) => title));
  return entries
    .filter(({ id, evidence }) => evidence !== 'open' && !id.startsWith('INV-'))
    .flatMap(({ id, evidence }) => evidence.split('; ').map((piece) => ({ id, piece })))
    .filter(({ piece }) => !proven.has(piece) && !titles.has(piece.replace(/^"|"$/g, '')))
    .map(
      ({ id, piece }) =>
        `test/TRACKER.md: ${id} names ${piece}, which is neither a rule with a test nor a test's title`,
    );
}
