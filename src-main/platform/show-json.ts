import { InputError, messageOf } from '../contract/errors.ts';
import { parseShow, showFaults } from '../contract/parse-show.ts';
import type { ShowFault } from '../contract/show-faults.ts';
import type { ShowDocument } from '../contract/show.ts';
import { checkJsonText } from './check-json-text.ts';
import { readWholeFile } from './read-file.ts';
import { showFileBytesMax } from './show-file.ts';

/** Reads a show from its JSON form, see docs/show-format.md.
 *  @throws InputError 'not-a-show' (no JSON) | 'bad-show' (with the path inside and what was expected) | 'show-newer'
 *  @throws UnavailableError 'cannot-read-file' */
export async function readShowJson(path: string): Promise<ShowDocument> {
  const bytes = await readWholeFile(path, showFileBytesMax);
  const { text, json } = parseJson(bytes, path);
  try {
    const show = parseShow(json);
    checkJsonText(text);
    return show;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.code, `${path}: ${error.message}`, { ...error.details, file: path }, { cause: error });
  }
}

/** Everything in the JSON form of a show that wants a repair; nothing for one that can be imported.
 *  @throws InputError 'not-a-show' (no JSON)
 *  @throws UnavailableError 'cannot-read-file' */
export async function showJsonFaults(path: string): Promise<readonly ShowFault[]> {
  const { text, json } = parseJson(await readWholeFile(path, showFileBytesMax), path);
  const faults = showFaults(json);
  if (faults.length > 0) return faults;
  try {
    checkJsonText(text);
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return [{ path: '', expected: error.message.replace(/\.$/, ''), repair: '' }];
  }
}

function parseJson(bytes: Buffer, path: string): { text: string; json: unknown } {
  try {
    // Refuses what is not UTF-8, and takes the byte order mark that Windows editors put first.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { text, json: JSON.parse(text) };
  } catch (cause) {
    throw new InputError('not-a-show', `${path} is not JSON: ${messageOf(cause)}.`, { file: path }, { cause });
  }
}
