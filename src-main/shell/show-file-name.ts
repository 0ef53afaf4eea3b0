import { basename } from 'node:path';
import { isShowFile } from './shell-options.ts';

const lettersMax = 120;
/** What a file name may not hold on one of the systems; control characters among it. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const forbidden = /[/\\:*?"<>|\u0000-\u001f\u007f]/g;

/** @param suggested the show's name, anything
 *  @returns a file name with its extension that every system takes */
export function showFileName(suggested: unknown): string {
  const text = typeof suggested === 'string' ? suggested : '';
  const name = text
    .replaceAll(forbidden, ' ')
    .slice(0, lettersMax)
    .replace(/^[\s.]+|[\s.]+$/g, '');
  return `${name === '' ? 'Untitled' : name}.flyrail`;
}

/** @param path as a dialog gave it, perhaps without extension */
export function withShowExtension(path: string): string {
  return isShowFile(basename(path)) ? path : `${path}.flyrail`;
}
