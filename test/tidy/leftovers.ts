import type { SourceFile } from './source-file.ts';

// Put together so that this file does not find itself.
const words = ['FIX' + 'ME', 'TO' + 'DO', 'XX' + 'X', 'no' + 'commit', 'HA' + 'CK'];
const pattern = new RegExp(`\\b(${words.join('|')})\\b`, 'i');
/** Tests that switch off all others, or go without a word: `skip(condition, why)` of a test, and `skipUnless`, say why. */
const silencing = /\b(?:it|test|describe|suite)\.(?:only|skipIf|runIf)\b/;
const checked = /^(src-[a-z]+|test|scripts|\.ci)\/|^[^/]+\.(ts|js|mjs|json|yml)$/;
/** Captured data, and the lint rule that looks for the same words. */
const exempt = /^test\/fixtures\/|package-lock\.json$|^eslint\.config\.js$/;

/** Marks that say "come back later", and tests that switch off others or themselves without a reason.
 *  @returns `path:line: text` for each */
export function findLeftovers(files: readonly SourceFile[]): string[] {
  return files.filter(({ path }) => checked.test(path) && !exempt.test(path)).flatMap(findInFile);
}

function findInFile({ path, text }: SourceFile): string[] {
  return text.split('\n').flatMap((line, index) => {
    const left =
      pattern.test(line) || (path.startsWith('test/') && !path.startsWith('test/tidy/') && silencing.test(line));
    return left ? [`${path}:${index + 1}: ${line.trim()}`] : [];
  });
}
